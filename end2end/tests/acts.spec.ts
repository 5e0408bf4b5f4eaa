// What is done with files and folders by more than one click: deleting after a plan, undoing, command lines,
// archives, counts, and coming back to a folder.

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import type { BrowserContext, Download, Page } from "@playwright/test";
import { drop, withFolder } from "../support/files";
import { checkAccessibility, checkNarrow, checkOpened } from "../support/looks";
import { fill, listed } from "../support/many";
import { BINARY } from "../support/server";
import {
  DEMO,
  type Hako,
  api,
  expect,
  fileRow,
  keys,
  open,
  openBucket,
  store,
  test,
  uploadState,
} from "../support/test";
import { account } from "../support/uploads";

test.describe.configure({ timeout: 180_000 });

const run = promisify(execFile);

async function click(page: Page, name: string, ...modifiers: ("Control" | "Shift")[]): Promise<void> {
  await fileRow(page, name).locator(".cell-time").click({ modifiers });
}

async function keepVersions(context: BrowserContext, hako: Hako, bucket: string): Promise<void> {
  const answer = await context.request.put(`${hako.console}/api/v1/buckets/${bucket}/versioning`, {
    data: { status: "Enabled" },
    headers: { Origin: hako.console },
  });
  expect(answer.ok()).toBe(true);
}

async function etag(context: BrowserContext, hako: Hako, bucket: string, key: string): Promise<string> {
  const path = `/api/v1/buckets/${bucket}/object?key=${encodeURIComponent(key)}`;
  return (await context.request.head(hako.console + path)).headers()["etag"];
}

/** Stores many small objects, a few at a time. */
async function storeAll(context: BrowserContext, hako: Hako, bucket: string, names: string[]): Promise<void> {
  for (let at = 0; at < names.length; at += 8) {
    await Promise.all(names.slice(at, at + 8).map((name) => store(context, hako, bucket, name, name)));
  }
}

test("FIL-17 Undo in the toast brings back what was deleted where versions are kept, and nothing else", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  await keepVersions(context, hako, bucket);
  for (const name of ["a", "b", "folder/x", "folder/y"]) await store(context, hako, bucket, name, name);
  await store(context, hako, bucket, "earlier", "deleted before");
  await api(context, hako, `/buckets/${bucket}/objects/delete`, { data: { keys: ["earlier"] } });
  const before = await etag(context, hako, bucket, "a");
  await openBucket(page, bucket);
  await click(page, "a");
  await page.keyboard.press("Delete");
  const dialog = page.getByTestId("dialog");
  await expect(dialog).toContainText("Delete 1 file");
  await expect(dialog).toContainText("This bucket keeps versions");
  await dialog.getByTestId("confirm-submit").click();
  const toast = page.getByTestId("toast").filter({ hasText: "1 object deleted." });
  await expect(fileRow(page, "a")).toHaveCount(0);
  expect(await keys(context, hako, bucket)).not.toContain("a");
  await toast.getByTestId("toast-undo").click();
  await expect(fileRow(page, "a")).toBeVisible();
  expect(await etag(context, hako, bucket, "a")).toBe(before);

  // A folder is counted first; nothing has to be typed, because it comes back too.
  await click(page, "folder");
  await page.keyboard.press("Delete");
  await expect(dialog.getByTestId("delete-plan")).toContainText("2 objects");
  await expect(dialog.getByTestId("confirm-input")).toHaveCount(0);
  await dialog.getByTestId("confirm-submit").click();
  await expect(fileRow(page, "folder")).toHaveCount(0);
  await page.getByTestId("toast").filter({ hasText: "2 objects deleted." }).getByTestId("toast-undo").click();
  await expect(fileRow(page, "folder")).toBeVisible();
  expect((await keys(context, hako, bucket)).sort()).toEqual(["a", "b", "folder/x", "folder/y"]);
});

test("FIL-19 three hundred with a folder: a plan, words, a job; what is retained stays and is listed", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  const retention = async (retentionDefault: string) => {
    const path = `/mapi/tenants/${DEMO.tenant}/namespaces/${bucket}/complianceSettings`;
    await api(context, hako, path, { data: { retentionDefault } });
  };
  await retention("2038-01-15T00:00:00+0000");
  for (const name of ["folder/kept-1", "kept-2"]) await store(context, hako, bucket, name, "kept");
  await retention("0");
  await storeAll(context, hako, bucket, [
    "folder/free",
    "folder/deep/free",
    ...Array.from({ length: 298 }, (_, n) => `f${String(n).padStart(3, "0")}`),
  ]);
  await openBucket(page, bucket);
  await expect(page.getByTestId("status-line")).toContainText("300 entries");
  await fileRow(page, "f000").getByRole("link").focus();
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Delete");
  const dialog = page.getByTestId("dialog");
  await expect(dialog.getByTestId("delete-plan")).toContainText("302 objects");
  await expect(dialog.getByTestId("delete-refused")).toContainText("2 of them stay");
  await expect(dialog.getByTestId("stayed")).toContainText("folder/kept-1");
  await expect(dialog.getByTestId("stayed")).toContainText("kept-2");
  await checkOpened(page, "delete-dialog");
  await checkNarrow(page);
  await page.setViewportSize({ width: 1280, height: 800 });
  const submit = dialog.getByTestId("confirm-submit");
  await expect(submit).toHaveAttribute("aria-disabled", "true");
  await dialog.getByTestId("confirm-input").fill("delete 302 object");
  await expect(submit).toHaveAttribute("aria-disabled", "true");
  await dialog.getByTestId("confirm-input").fill("delete 302 objects");
  await submit.click();
  await expect(dialog.getByTestId("error-summary")).toContainText("2 objects stayed; deleted: 300");
  await expect(dialog.getByTestId("stayed")).toContainText("folder/kept-1");
  await expect(dialog.getByTestId("stayed")).toContainText("kept-2");
  await checkOpened(page, "delete-dialog");
  expect((await keys(context, hako, bucket)).sort()).toEqual(["folder/kept-1", "kept-2"]);
  await dialog.getByRole("link", { name: "The whole list, in the job" }).click();
  await expect(page.getByRole("main")).toContainText("kept-2");
});

test("FIL-10 all in a folder, also what is not loaded, goes: 5,000 of which a thousand are loaded", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  test.setTimeout(400_000);
  // Five hundred, copied ten times into one folder inside the store.
  const names = Array.from({ length: 500 }, (_, n) => `seed-f${String(n).padStart(3, "0")}`);
  await storeAll(context, hako, bucket, names);
  for (let copy = 0; copy < 10; copy += 1) {
    const path = `/buckets/${bucket}/objects/copy-task`;
    const data = { source_prefix: "seed-", target_prefix: `many/${copy}-`, move: copy === 9 };
    const { task_id } = (await api(context, hako, path, { data })) as { task_id: string };
    await expect
      .poll(async () => (await (await context.request.get(`${hako.console}/api/v1${path}/${task_id}`)).json()).status, {
        timeout: 60_000,
      })
      .toBe("done");
  }
  expect(await listed(context, hako, bucket)).toBe(5_000);
  await store(context, hako, bucket, "beside", "stays");
  // After the page's first hundred and nine hundred more, nothing comes any more until it was stopped.
  let pages = 0;
  let stopped: () => void = () => undefined;
  const halt = new Promise<void>((done) => (stopped = done));
  await page.route(/\/objects\?.*continuation_token=/, async (route) => {
    pages += 1;
    if (pages > 1) await halt;
    const url = route.request().url().replace("max_keys=1000", "max_keys=900");
    await route.continue({ url });
  });
  await openBucket(page, bucket, "many/");
  await expect(page.getByTestId("status-line")).toContainText("1,000 loaded, more coming");
  await page.getByTestId("stop-loading").click();
  await expect(page.getByTestId("status-line")).toContainText("Stopped at 1,000 entries");
  await page.evaluate(() => scrollTo(0, 0));
  await fileRow(page, "0-f000").getByRole("link").focus();
  await page.keyboard.press("Control+a");
  await expect(page.getByTestId("selection-summary")).toContainText("1,000 selected");
  await page.getByTestId("select-all-remote").click();
  await expect(page.getByTestId("selection-summary")).toContainText("also what is not loaded");
  await page.getByTestId("cmd-delete").click();
  const dialog = page.getByTestId("dialog");
  await expect(dialog.getByTestId("delete-plan")).toContainText("5,000 objects", { timeout: 60_000 });
  await dialog.getByTestId("confirm-input").fill("delete 5000 objects");
  await dialog.getByTestId("confirm-submit").click();
  stopped();
  await expect(page.getByTestId("state-empty")).toBeVisible({ timeout: 90_000 });
  expect(await listed(context, hako, bucket)).toBe(1);
  expect(await keys(context, hako, bucket)).toEqual(["beside"]);
});

/** Runs a line as it is, as the demo's person. */
async function shell(line: string, cwd: string, home = cwd): Promise<string> {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(AWS_|RCLONE_|HAKO_|S3_)/.test(name));
  const { stdout } = await run("sh", ["-c", line], {
    cwd,
    env: {
      ...Object.fromEntries(inherited),
      HOME: home,
      PATH: [dirname(BINARY), process.env.PATH].join(delimiter),
      RCLONE_CONFIG: join(cwd, "none"),
      AWS_ACCESS_KEY_ID: Buffer.from(`${DEMO.tenant}/${DEMO.username}`).toString("base64"),
      AWS_SECRET_ACCESS_KEY: createHash("md5").update(DEMO.password).digest("hex"),
    },
  });
  return stdout;
}

test("FIL-22 command lines, run as they are, list the folder that is open and fetch what is selected", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  const folder = "it's a \"folder\" & $(more) å/";
  const names = ["plain.txt", "with space", "quote'd", "back\\slash", "dollar$HOME", "-dash", "smile 😀"];
  for (const name of names) await store(context, hako, bucket, folder + name, `content of ${name}`);
  await store(context, hako, bucket, `${folder}deep/er`, "deeper");
  await store(context, hako, bucket, "elsewhere", "not listed");
  await openBucket(page, bucket, folder);
  await expect(page.getByTestId("file-row")).toHaveCount(names.length + 1);
  await page.keyboard.press("y");
  const dialog = page.getByTestId("commands-dialog");
  const line = (tool: string) => dialog.getByTestId(`command-${tool}`).innerText();
  await expect(dialog).toContainText("These lines list the folder that is open.");
  await checkOpened(page, "commands-dialog");
  await checkNarrow(page);
  await page.setViewportSize({ width: 1280, height: 800 });
  const cwd = await mkdtemp(join(tmpdir(), "hako-lines-"));
  try {
    for (const tool of ["aws-cli", "rclone", "boto3", "curl"]) {
      const text = await line(tool);
      expect(text).toContain(`:${hako.s3Port}`);
      expect(text).not.toContain(createHash("md5").update(DEMO.password).digest("hex"));
    }
    const all = [...names, "deep/"].sort();
    const aws = await shell(await line("aws-cli"), cwd);
    const listedByAws = aws
      .trimEnd()
      .split("\n")
      .map((entry) => entry.replace(/^ *(PRE |\S+ \S+ +\d+ )/, ""));
    expect(listedByAws.sort()).toEqual(all);
    const rclone = await shell(await line("rclone"), cwd);
    expect(rclone.trimEnd().split("\n").sort()).toEqual(all);
    const account = `--server ${hako.console} --access-key "$AWS_ACCESS_KEY_ID"`;
    await shell(`printf %s "$AWS_SECRET_ACCESS_KEY" | hako profile add demo ${account}`, cwd);
    const own = await shell(await line("hako"), cwd);
    const listedByHako = own.trimEnd().split("\n").map((entry) => entry.replace(/^.{20}  .{10}  /, ""));
    expect(listedByHako.sort()).toEqual(all);
    const curl = await shell(await line("curl"), cwd);
    expect(curl).toContain("smile");
    expect(curl).not.toContain("elsewhere");
    await writeFile(join(cwd, "list.py"), await line("boto3"));
    expect(await shell("python3.11 list.py || python3 list.py", cwd)).toContain("plain.txt");

    await page.keyboard.press("Escape");
    await click(page, "quote'd");
    await click(page, "-dash", "Control");
    await click(page, "deep", "Control");
    await page.keyboard.press("y");
    await expect(dialog).toContainText("These lines fetch the 3 entries that are selected.");
    for (const tool of ["aws-cli", "rclone", "hako"]) {
      const into = await mkdtemp(join(cwd, "in-"));
      await shell(await line(tool), into, cwd);
      expect(await shell("cat ./-dash \"./quote'd\" ./deep/er", into)).toBe("content of -dashcontent of quote'ddeeper");
    }
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
  await page.keyboard.press("Escape");
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.keyboard.press("y");
  await dialog.getByTestId("copy-uri").click();
  await expect
    .poll(() => page.evaluate(() => navigator.clipboard.readText()))
    .toContain(`s3://${bucket}/${folder}quote'd`);
});

const READER = `
import json, sys, zipfile
archive = zipfile.ZipFile(sys.argv[1])
print(json.dumps({info.filename: archive.read(info).decode() for info in archive.infolist()}))
`;

async function unpacked(download: Download): Promise<Record<string, string>> {
  const { stdout } = await run("python3", ["-c", READER, await download.path()]);
  return JSON.parse(stdout);
}

test("without a network an act is not begun, says so, and the page goes on with the next", async ({ page, context, hako, bucket, faults }) => {
  faults.expectMessage(/ERR_INTERNET_DISCONNECTED/);
  await store(context, hako, bucket, "a.txt", "content");
  await openBucket(page, bucket);
  await click(page, "a.txt");
  await context.setOffline(true);
  await page.keyboard.press("d");
  await expect(page.getByTestId("toast")).toContainText("Hako does not answer");
  await context.setOffline(false);
  const download = page.waitForEvent("download");
  await page.keyboard.press("d");
  expect((await download).suggestedFilename()).toBe("a.txt");
});

test("FIL-20 one file comes as it is; two folders and a file come as one archive that lists what is missing", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  const all = ["in here/one/1", "in here/one/deep/2", "in here/two/3", "in here/räksmörgås 😀.txt", "in here/gone", "other"];
  for (const key of all) await store(context, hako, bucket, key, `content of ${key}`);
  await openBucket(page, bucket, "in here/");
  await click(page, "räksmörgås 😀.txt");
  let download = page.waitForEvent("download");
  await page.keyboard.press("d");
  const one = await download;
  expect(one.suggestedFilename()).toBe("räksmörgås 😀.txt");
  const chunks: Buffer[] = [];
  for await (const chunk of await one.createReadStream()) chunks.push(chunk as Buffer);
  expect(Buffer.concat(chunks).toString()).toBe("content of in here/räksmörgås 😀.txt");

  await click(page, "one", "Control");
  await click(page, "two", "Control");
  await click(page, "gone", "Control");
  // Somebody else deletes it before it is fetched.
  await api(context, hako, `/buckets/${bucket}/objects/delete`, { data: { keys: ["in here/gone"] } });
  download = page.waitForEvent("download");
  await page.getByTestId("cmd-download").click();
  const archive = await unpacked(await download);
  expect(Object.keys(archive).sort()).toEqual(
    ["_errors.txt", "one/1", "one/deep/2", "räksmörgås 😀.txt", "two/3"].sort(),
  );
  expect(archive["one/deep/2"]).toBe("content of in here/one/deep/2");
  expect(archive["_errors.txt"]).toMatch(/^in here\/gone\t/);
  await expect(page.getByTestId("file-row")).not.toHaveCount(0);
});

test("before an archive of very many objects the page says what fetches them faster", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  await fill(context, hako, bucket, 10_001, "printf('many/f%05d', n)");
  await openBucket(page, bucket);
  await click(page, "many");
  await page.getByTestId("cmd-download").click();
  const dialog = page.getByTestId("archive-dialog");
  await expect(dialog.getByTestId("archive-hint")).toContainText("10,001 objects", { timeout: 60_000 });
  await expect(dialog.getByTestId("command-rclone")).toContainText("rclone copy");
  await checkOpened(page, "archive-dialog");
  await expect(dialog.getByTestId("archive-go")).toBeVisible();
});

test("FIL-23 Count size tells the truth, stays in the row with its time, and can be stopped", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  // So many that the count is stopped before its end.
  await fill(context, hako, bucket, 400_000, "printf('many/%02d/f%06d', n % 50, n)");
  const bodies: Record<string, string> = { "few/a": "x".repeat(700), "few/b/c": "yy", "few/b/d/e": "z".repeat(1_000) };
  for (const [key, body] of Object.entries(bodies)) await store(context, hako, bucket, key, body);
  await openBucket(page, bucket);
  await click(page, "few");
  await page.keyboard.press("Shift+C");
  const dialog = page.getByTestId("count-dialog");
  const status = dialog.getByTestId("count-status");
  await expect(status).toHaveAttribute("data-state", "whole");
  await expect(dialog.getByTestId("count-objects")).toHaveText("3");
  await expect(dialog.getByTestId("count-folders")).toHaveText("2");
  await expect(dialog.getByTestId("count-bytes")).toHaveAttribute("title", /1,702/);
  await expect(dialog.getByTestId("count-newest")).toContainText("few/b/d/e");
  await expect(dialog.getByTestId("count-largest").locator("li").first()).toContainText("few/b/d/e");
  await checkOpened(page, "count-dialog");
  await checkNarrow(page);
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.keyboard.press("Escape");
  await expect(fileRow(page, "few").getByTestId("row-size")).toContainText("just now");
  await expect(fileRow(page, "few").getByTestId("row-size")).toHaveAttribute("title", /3 objects in 2 folders below/);

  await click(page, "many");
  await page.getByTestId("count-selection").click();
  await expect(status).toHaveAttribute("data-state", "running");
  await dialog.getByTestId("count-stop").click();
  await expect(status).toHaveAttribute("data-state", "stopped");
  await page.keyboard.press("Escape");
  await expect(fileRow(page, "many").getByTestId("row-size")).toHaveCount(0);
  const jobs = await (await context.request.get(`${hako.console}/api/v1/jobs?kind=count`)).json();
  await expect
    .poll(async () => {
      const job = await context.request.get(`${hako.console}/api/v1/jobs/${jobs.jobs[0].id}`);
      return (await job.json()).state;
    })
    .toBe("cancelled");
});

/** The name of the first row in sight, and the names of the selected ones. */
function seen(page: Page): Promise<[string | undefined, (string | undefined)[]]> {
  return page.evaluate(() => {
    const head = document.querySelector(".files-head")?.getBoundingClientRect();
    const at = head && document.elementFromPoint(head.left + 200, Math.max(head.bottom, 56) + 4);
    const first = at?.closest<HTMLElement>("[data-testid=file-row]")?.dataset.name;
    const rows = [...document.querySelectorAll<HTMLElement>('[data-testid="file-row"][aria-selected="true"]')];
    return [first, rows.map((row) => row.dataset.name)] as [string | undefined, (string | undefined)[]];
  });
}

test("FIL-2 Back and Forward restore the folder, where one was in it, what was selected and the focus", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  await fill(context, hako, bucket, 3_000, "printf('d%04d/x', n)");
  await openBucket(page, bucket);
  for (const [place, selected] of [
    [1_800, "d1801"],
    [40, "d0042"],
    [2_900, "d2903"],
  ] as const) {
    // Coming back, the list is shown before all of it has come again: until then it is too short.
    await expect(page.getByTestId("status-line")).toContainText("3,000 entries", { timeout: 60_000 });
    await page.evaluate((rows) => {
      const row = document.querySelector(".files-body > .files-row")!.getBoundingClientRect();
      const body = document.querySelector(".files-body")!.getBoundingClientRect();
      scrollTo(0, scrollY + body.top + rows * row.height - 200);
    }, place);
    await click(page, selected);
    await expect(fileRow(page, selected)).toHaveAttribute("aria-selected", "true");
    const [first] = await seen(page);
    const into = `d${String(Number(selected.slice(1)) + 2).padStart(4, "0")}`;
    await fileRow(page, into).getByRole("link").first().click();
    await expect(fileRow(page, "x")).toBeVisible();
    await click(page, "x");
    await page.goBack();
    await expect.poll(() => seen(page), { message: `${place} by Back` }).toEqual([first, [selected]]);
    await expect(fileRow(page, into).getByRole("link").first()).toBeFocused();
    await page.goForward();
    await expect(fileRow(page, "x")).toHaveAttribute("aria-selected", "true");
    await page.goBack();
    await expect.poll(() => seen(page), { message: `${place} by Back again` }).toEqual([first, [selected]]);
    await page.keyboard.press("Escape");
  }
});

test("FIL-2 Back from a page of another kind finds the place in the list, what was selected, and the drawer", async ({ page, context, hako, bucket }) => {
  test.setTimeout(240_000);
  await fill(context, hako, bucket, 3_000, "printf('f%04d', n)");
  await openBucket(page, bucket);
  await expect(page.getByTestId("status-line")).toContainText("3,000 entries", { timeout: 60_000 });
  for (const [place, name, nav] of [[1_800, "f1801", "Jobs"], [2_900, "f2903", "Users"], [40, "f0042", "Transfers"], [2_000, "f2003", "Buckets"]] as const) {
    await expect(page.getByTestId("status-line")).toContainText("3,000 entries", { timeout: 60_000 });
    await page.evaluate((rows) => {
      const row = document.querySelector(".files-body > .files-row")!.getBoundingClientRect();
      const body = document.querySelector(".files-body")!.getBoundingClientRect();
      scrollTo(0, scrollY + body.top + rows * row.height - 200);
    }, place);
    await fileRow(page, name).getByRole("link").first().click();
    await expect(page.getByTestId("drawer")).toBeVisible();
    const before = await seen(page);
    await page.getByTestId("main-nav").getByRole("link", { name: nav, exact: true }).click();
    await expect(page.getByTestId("file-grid")).toHaveCount(0);
    await page.goBack();
    await expect(page.getByTestId("drawer")).toBeVisible();
    await expect.poll(() => seen(page), { message: nav }).toEqual(before);
    await page.goForward();
    await expect(page.getByTestId("file-grid")).toHaveCount(0);
    await page.goBack();
    await expect(page.getByTestId("drawer")).toBeVisible();
    await expect.poll(() => seen(page), { message: `${nav} again` }).toEqual(before);
    await page.keyboard.press("Escape");
    await expect(page.getByTestId("drawer")).toHaveCount(0);
  }
});

test("FIL-30 where listings lag behind, a deleted name goes away by itself", async ({ page, context, hako, bucket }) => {
  for (const name of ["gone", "stays"]) await store(context, hako, bucket, name, name);
  await openBucket(page, bucket);
  const list = `${hako.console}/api/v1/buckets/${bucket}/objects?delimiter=%2F&max_keys=1000`;
  const before = await (await context.request.get(list)).text();
  let answers = 0;
  // A store that still names what is gone, for two listings more.
  await page.route(/\/objects\?(?!.*continuation_token)/, async (route) => {
    if (route.request().method() !== "GET") return route.continue();
    answers += 1;
    if (answers <= 3) return route.fulfill({ body: before, contentType: "application/json" });
    return route.continue();
  });
  await click(page, "gone");
  await page.keyboard.press("Delete");
  await page.getByTestId("delete-now").click();
  await expect(page.getByTestId("toast").filter({ hasText: "1 object deleted." })).toBeVisible();
  await expect(fileRow(page, "gone")).toHaveCount(0, { timeout: 20_000 });
  await expect(fileRow(page, "stays")).toBeVisible();
  expect(answers).toBeGreaterThan(3);
});

test("FIL-25 without the right to list, a known key is opened and files are uploaded", async ({
  page,
  context,
  hako,
  bucket,
  faults,
}) => {
  faults.expectStatus(403);
  await store(context, hako, bucket, "known/key ö.txt", "known");
  const person = await account(context, hako, "writer");
  const users = `/mapi/tenants/${DEMO.tenant}/userAccounts/${person.username}`;
  await api(context, hako, `${users}/dataAccessPermissions`, {
    data: { namespacePermission: [{ namespaceName: bucket, permissions: { permission: ["WRITE"] } }] },
  });
  const acl = `${hako.console}/api/v1/buckets/${bucket}/object/acl?key=${encodeURIComponent("known/key ö.txt")}`;
  const everyone = { Type: "Group", URI: "http://acs.amazonaws.com/groups/global/AllUsers" };
  const granted = await context.request.put(acl, {
    data: { Grants: [{ Grantee: everyone, Permission: "READ" }] },
    headers: { Origin: hako.console },
  });
  expect(granted.ok(), await granted.text()).toBe(true);
  await api(context, hako, "/session", { data: person });
  await open(page, `/buckets/${bucket}`);
  await expect(page.getByTestId("state-forbidden")).toContainText("You may not list");
  await checkAccessibility(page);
  await page.setViewportSize({ width: 1280, height: 800 });
  await withFolder(async (folder) => {
    const file = join(folder, "mine.txt");
    await writeFile(file, "mine");
    await drop(page, file);
    await uploadState(page, "mine.txt", "done");
  });
  const download = page.waitForEvent("download");
  await page.getByTestId("key-input").fill("known/key ö.txt");
  await page.getByTestId("key-input").press("Enter");
  const known = await download;
  expect(known.suggestedFilename()).toBe("key ö.txt");
  await api(context, hako, "/session", { data: DEMO });
  expect(await keys(context, hako, bucket)).toContain("mine.txt");
});

test("FIL-29 an empty bucket and an empty folder take what is dropped on them, and offer what helps", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  await withFolder(async (folder) => {
    const file = join(folder, "dropped.txt");
    await writeFile(file, "dropped");
    await openBucket(page, bucket);
    const empty = page.getByTestId("state-empty");
    await expect(empty).toContainText("This bucket is empty");
    await drop(page, file);
    await uploadState(page, "dropped.txt", "done");
    await expect(fileRow(page, "dropped.txt")).toBeVisible();

    await page.getByTestId("cmd-new-folder").click();
    await page.getByTestId("dialog").getByRole("textbox").fill("folder");
    await page.keyboard.press("Enter");
    await fileRow(page, "folder").getByRole("link").first().click();
    await expect(empty).toContainText("This folder is empty");
    await checkAccessibility(page);
    await page.setViewportSize({ width: 1280, height: 800 });
    await drop(page, file);
    await uploadState(page, "folder/dropped.txt", "done");
    await expect(fileRow(page, "dropped.txt")).toBeVisible();
    expect((await keys(context, hako, bucket)).sort()).toEqual(["dropped.txt", "folder/", "folder/dropped.txt"]);

    await openBucket(page, bucket, "nothing/");
    await expect(empty).toContainText("Drop files or folders here");
    await page.evaluate(() => delete (window as { showOpenFilePicker?: unknown }).showOpenFilePicker);
    const chooser = page.waitForEvent("filechooser");
    await empty.getByRole("button", { name: "Choose files" }).click();
    await (await chooser).setFiles([file]);
    await uploadState(page, "nothing/dropped.txt", "done");
    await expect(fileRow(page, "dropped.txt")).toBeVisible();

    await openBucket(page, bucket, "nowhere/");
    await expect(empty).toContainText("Nothing is stored under nowhere/");
    await empty.getByRole("link", { name: "One level up" }).click();
    await expect(fileRow(page, "folder")).toBeVisible();
  });
});
