// Renaming, copying and moving in the object browser, and names of every kind.

import type { BrowserContext, Download, Locator } from "@playwright/test";
import { checkAccessibility, checkNarrow, checkOpened } from "../support/looks";
import {
  type Hako,
  type Page,
  api,
  expect,
  fileRow,
  hydrated,
  keys,
  openBucket,
  store,
  test,
} from "../support/test";

/** Selects a row by a click beside its name. */
async function select(page: Page, name: string): Promise<void> {
  await fileRow(page, name).locator(".cell-size").click();
  await expect(fileRow(page, name)).toHaveAttribute("aria-selected", "true");
}

/** Types a name into the field, which selects what stands before the last dot as it gets the focus. */
async function fillName(page: Page, name: string): Promise<void> {
  await expect(page.getByTestId("rename-input")).toBeFocused();
  await page.getByTestId("rename-input").fill(name);
}

async function content(context: BrowserContext, hako: Hako, bucket: string, key: string): Promise<string> {
  const answer = await context.request.get(
    `${hako.console}/api/v1/buckets/${bucket}/object?key=${encodeURIComponent(key)}`,
  );
  expect(answer.ok(), key).toBe(true);
  return answer.text();
}

async function text(download: Download): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** Files in the bucket; folders have no objects of their own here. */
async function stored(context: BrowserContext, hako: Hako, bucket: string): Promise<string[]> {
  return (await keys(context, hako, bucket)).sort();
}

async function secondBucket(context: BrowserContext, hako: Hako, bucket: string): Promise<string> {
  const other = `${bucket}-2`;
  await api(context, hako, "/buckets", { data: { bucket: other } });
  return other;
}

/** Opens a folder and waits until its rows can be dragged: what does it comes when somebody turns to the list. */
async function openForDragging(page: Page, bucket: string, prefix: string, row: string): Promise<void> {
  await openBucket(page, bucket, prefix);
  await expect(async () => {
    await page.locator("h1").hover();
    await fileRow(page, row).locator(".cell-size").hover();
    await expect(fileRow(page, row)).toHaveAttribute("draggable", "true", { timeout: 500 });
  }).toPass();
}

/** Drags a row by the mouse. `says` is what the hint has to say before it is dropped; without it nothing lights up. */
async function drag(page: Page, row: Locator, onto: Locator, says?: string, copies = false): Promise<void> {
  await row.locator(".cell-size").hover();
  await page.mouse.down();
  const box = (await onto.boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y, { steps: 4 });
  if (copies) await page.keyboard.down("Control");
  await page.mouse.move(x + 2, y);
  if (says === undefined) {
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
    await expect(page.getByTestId("drop-target")).toHaveCount(0);
    await expect(page.locator(".is-target")).toHaveCount(0);
  } else {
    await expect(page.getByTestId("drop-target")).toHaveText(says);
    await expect(page.locator(".is-target")).toHaveCount(1);
  }
  await page.mouse.up();
  if (copies) await page.keyboard.up("Control");
  await expect(page.locator(".is-target, .drop-zone.is-over")).toHaveCount(0);
}

/** Key, its row's name, and the name that it is given. */
const NAMES: [key: string, shown: string, to: string][] = [
  ["with space.txt", "with space.txt", "with two  spaces.txt"],
  ["hash#1.txt", "hash#1.txt", "hash##2.txt"],
  ["what?.txt", "what?.txt", "what?a=b&c.txt"],
  ["100%25 %41.txt", "100%25 %41.txt", "%2F%zz 50%.txt"],
  ["a+b.txt", "a+b.txt", "++.txt"],
  [`quo"te's.txt`, `quo"te's.txt`, `''"".txt`],
  ["smile 😀.txt", "smile 😀.txt", "👩‍💻 åäö.txt"],
  ["שלום.txt", "שלום.txt", "مرحبا.txt"],
  ["\u202Eover.txt", "\\u{202e}over.txt", "under.txt"],
  ["nested//inner.txt", "inner.txt", "other.txt"],
  ["/leading.txt", "leading.txt", "still leading.txt"],
  [`${"x".repeat(1020)}.txt`, `${"x".repeat(1020)}.txt`, `${"y".repeat(1020)}.txt`],
];

test("FIL-13 names of every kind are listed, opened, downloaded, renamed and deleted", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  test.setTimeout(180_000);
  for (const [key] of NAMES) await store(context, hako, bucket, key, `content of ${key}`);
  expect(await stored(context, hako, bucket)).toEqual(NAMES.map(([key]) => key).sort());
  for (const [key, shown, to] of NAMES) {
    const folder = key.slice(0, key.lastIndexOf("/") + 1);
    await openBucket(page, bucket, folder);
    const row = fileRow(page, shown);
    await row.getByRole("link").click();
    await expect(page.getByTestId("fact-size"), key).toBeVisible();
    const opened = page.waitForEvent("download");
    await page.getByTestId("drawer-download").click();
    expect(await text(await opened), key).toBe(`content of ${key}`);
    await page.keyboard.press("Escape");
    await expect(page.getByTestId("drawer")).toHaveCount(0);

    await select(page, shown);
    const fetched = page.waitForEvent("download");
    await page.keyboard.press("d");
    expect(await text(await fetched), key).toBe(`content of ${key}`);

    await page.keyboard.press("F2");
    await fillName(page, to);
    await page.keyboard.press("Enter");
    const renamed = fileRow(page, to);
    await expect(renamed, key).toBeVisible();
    await expect(renamed.getByRole("link")).toBeFocused();
    await expect(row).toHaveCount(0);
    expect(await content(context, hako, bucket, folder + to)).toBe(`content of ${key}`);
    expect(await keys(context, hako, bucket)).not.toContain(key);

    await select(page, to);
    await page.keyboard.press("Delete");
    await page.getByTestId("delete-now").click();
    await expect(renamed).toHaveCount(0);
    expect(await keys(context, hako, bucket)).not.toContain(folder + to);
  }
  expect(await keys(context, hako, bucket)).toEqual([]);
});

test("FIL-13 folders with odd names are opened and renamed", async ({ page, context, hako, bucket }) => {
  for (const key of ["a//b", "/x", "c#?%/y"]) await store(context, hako, bucket, key, key);
  await openBucket(page, bucket, "a/");
  await fileRow(page, "(empty)").getByRole("link").click();
  await expect(fileRow(page, "b")).toBeVisible();
  for (const [name, to] of [["(empty)", "was empty"], ["c#?%", "d+&"]]) {
    await openBucket(page, bucket);
    await select(page, name);
    await page.keyboard.press("F2");
    await fillName(page, to);
    await page.keyboard.press("Enter");
    await page.getByTestId("confirm-submit").click();
    await expect(fileRow(page, to)).toBeVisible();
    await expect(fileRow(page, name)).toHaveCount(0);
  }
  expect(await stored(context, hako, bucket)).toEqual(["a//b", "d+&/y", "was empty/x"]);
});

test("FIL-14 a new folder x/y makes both, and names that lead nowhere are refused at the field", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  await openBucket(page, bucket);
  const sent: string[] = [];
  page.on("request", (request) => {
    if (request.method() === "POST") sent.push(request.url());
  });
  await page.keyboard.press("n");
  const field = page.getByTestId("field-name");
  await expect(field).toBeFocused();
  for (const name of [".", "..", "a/../b", "a//b", "", " "]) {
    await field.fill(name);
    await page.keyboard.press("Enter");
    await expect(page.getByTestId("error-name"), JSON.stringify(name)).toBeVisible();
    await expect(field).toHaveAttribute("aria-invalid", "true");
    await expect(field).toBeFocused();
  }
  expect(sent).toEqual([]);
  await field.fill("x/y");
  await expect(page.locator("#help-name")).toHaveText("This makes 2 folders, one inside the other.");
  await expect(page.getByTestId("error-name")).toHaveCount(0);
  await page.keyboard.press("Enter");
  await expect(fileRow(page, "x").getByRole("link")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(fileRow(page, "y")).toHaveAttribute("data-kind", "folder");
  expect(await keys(context, hako, bucket)).toContain("x/y/");
});

test("FIL-15 an object is renamed in its row; a name that is taken is refused before anything is sent", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  for (const key of ["report.txt", "taken.txt", "folder/x"]) await store(context, hako, bucket, key, key);
  await openBucket(page, bucket);
  const jobs: string[] = [];
  page.on("request", (request) => {
    if (request.method() === "POST" && request.url().includes("/jobs")) jobs.push(request.url());
  });
  await select(page, "report.txt");
  await page.keyboard.press("F2");
  const field = page.getByTestId("rename-input");
  await expect(field).toBeFocused();
  const selected = () => field.evaluate((input: HTMLInputElement) => input.value.slice(0, input.selectionEnd ?? 0));
  await expect.poll(selected).toBe("report");

  for (const [name, why] of [
    ["taken.txt", "exists here already"],
    ["folder", "exists here already"],
    ["", "A name is needed"],
    ["..", "lead nowhere"],
    ["a/b", "no slash"],
    ["n".repeat(1025), "1025 bytes"],
  ]) {
    await field.fill(name);
    await page.keyboard.press("Enter");
    await expect(page.getByTestId("rename-fault")).toContainText(why);
    await expect(field).toBeFocused();
  }
  expect(jobs).toEqual([]);

  // Keys in the field are the field's, and Escape leaves everything as it was.
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Delete");
  await page.keyboard.press("Escape");
  await expect(field).toHaveCount(0);
  await expect(fileRow(page, "report.txt").getByRole("link")).toBeFocused();

  await page.keyboard.press("F2");
  await field.fill("minutes.md");
  await page.keyboard.press("Enter");
  await expect(fileRow(page, "minutes.md").getByRole("link")).toBeFocused();
  await expect(fileRow(page, "report.txt")).toHaveCount(0);
  await expect(page.getByTestId("toast").filter({ hasText: "is now called minutes.md" })).toBeVisible();
  expect(jobs).toHaveLength(1);
  expect(await stored(context, hako, bucket)).toEqual(["folder/x", "minutes.md", "taken.txt"]);
});

test("FIL-15 a folder of 50 is renamed by a job after its plan, and its old address says where it went", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  for (let at = 0; at < 50; at += 1) await store(context, hako, bucket, `old/deep/${at}`, "some bytes");
  await store(context, hako, bucket, "other", "x");
  await openBucket(page, bucket);
  await fileRow(page, "old").getByTestId("row-menu").click();
  await page.getByTestId("menu-rename").click();
  await fillName(page, "new");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("rename-plan")).toHaveText("50 objects (500 B) go from old/ to new/.");
  expect(await keys(context, hako, bucket)).toContain("old/deep/0");
  await checkOpened(page, "folder-dialog");
  await page.setViewportSize({ width: 1280, height: 720 });
  await page.getByTestId("confirm-submit").click();
  const toast = page.getByTestId("toast").filter({ hasText: "is being renamed to new" });
  await expect(toast.getByRole("link", { name: "Show job" })).toHaveAttribute("href", /\/jobs\//);
  await expect(fileRow(page, "new").getByRole("link")).toBeFocused();
  await expect(fileRow(page, "old")).toHaveCount(0);
  const names = Array.from({ length: 50 }, (_, at) => `new/deep/${at}`);
  expect(await stored(context, hako, bucket)).toEqual([...names, "other"].sort());

  await openBucket(page, bucket, "old/deep/");
  await expect(page.getByTestId("renamed-to")).toContainText("This folder was renamed.");
  await page.getByTestId("renamed-to").getByRole("link", { name: "Open new/deep/" }).click();
  await expect(page).toHaveURL(/prefix=new%2Fdeep%2F/);
  await expect(page.getByTestId("file-grid")).toHaveAttribute("aria-rowcount", "51");
  await expect(page.getByTestId("renamed-to")).toHaveCount(0);
});

test("FIL-16 files and folders are copied and moved by the dialog, within a bucket and to another", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  const other = await secondBucket(context, hako, bucket);
  for (const key of ["a.txt", "b.txt", "from/deep/c.txt", "to/here/x"]) await store(context, hako, bucket, key, key);
  await store(context, hako, other, "far/away/x", "x");
  await openBucket(page, bucket);
  await select(page, "a.txt");
  await fileRow(page, "from").getByTestId("row-check").check();
  await page.getByTestId("cmd-copy").click();
  const dialog = page.getByTestId("transfer-dialog");
  await expect(dialog.getByRole("heading")).toHaveText("Copy 1 folder and 1 file to…");
  await expect(dialog).toContainText("HCP does not carry access control lists");
  const picker = page.getByTestId("folder-picker");
  // Into itself and where it is already: refused at the field.
  await page.getByTestId("confirm-submit").click();
  await expect(page.getByTestId("error-target")).toHaveText("It is in this folder already.");
  await picker.locator('[data-name="from"]').click();
  await expect(page.getByTestId("error-target")).toHaveText("This folder is part of what is to go there.");
  await picker.getByTestId("folder-up").click();
  await picker.locator('[data-name="to"]').click();
  await picker.locator('[data-name="here"]').click();
  await expect(page.getByTestId("field-target")).toHaveValue("to/here/");
  await expect(page.getByTestId("error-target")).toHaveCount(0);
  await page.getByTestId("confirm-submit").click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByTestId("toast").filter({ hasText: "Copying to to/here/ has begun." })).toBeVisible();
  await expect(page.getByTestId("toast").filter({ hasText: "done" })).toBeVisible();
  expect(await stored(context, hako, bucket)).toEqual(
    ["a.txt", "b.txt", "from/deep/c.txt", "to/here/a.txt", "to/here/from/deep/c.txt", "to/here/x"].sort(),
  );

  // To another bucket, to a folder that is not there yet.
  await page.keyboard.press("Escape");
  await select(page, "b.txt");
  await page.keyboard.press("m");
  await expect(dialog.getByRole("heading")).toHaveText("Move 1 file to…");
  await page.getByTestId("field-bucket").selectOption(other);
  await expect(picker.locator('[data-name="far"]')).toBeVisible();
  await page.getByTestId("field-target").fill("far/made/now");
  await page.keyboard.press("Enter");
  await expect(dialog).toHaveCount(0);
  await expect(fileRow(page, "b.txt")).toHaveCount(0);
  expect(await stored(context, hako, other)).toEqual(["far/away/x", "far/made/now/b.txt"]);
  expect(await content(context, hako, other, "far/made/now/b.txt")).toBe("b.txt");
});

test("FIL-16 names that are taken go by the chosen policy", async ({ page, context, hako, bucket }) => {
  test.setTimeout(120_000);
  const dialog = page.getByTestId("transfer-dialog");
  for (const [policy, expected] of [
    ["fail", ["a.txt=new", "d/a.txt=old"]],
    ["skip", ["a.txt=new", "d/a.txt=old"]],
    ["rename", ["d/a (2).txt=new", "d/a.txt=old"]],
    ["overwrite", ["d/a.txt=new"]],
  ] as [string, string[]][]) {
    await store(context, hako, bucket, "a.txt", "new");
    await store(context, hako, bucket, "d/a.txt", "old");
    await openBucket(page, bucket);
    await select(page, "a.txt");
    await page.keyboard.press("m");
    await page.getByTestId("field-target").fill("d");
    await dialog.getByTestId(`conflict-choice-${policy}`).check();
    await page.getByTestId("confirm-submit").click();
    await expect(dialog).toHaveCount(0);
    const end = policy === "fail" ? "one failed" : "done";
    await expect(page.getByTestId("toast").filter({ hasText: end })).toBeVisible();
    const found: string[] = [];
    for (const key of await stored(context, hako, bucket)) {
      found.push(`${key}=${await content(context, hako, bucket, key)}`);
    }
    expect(found, policy).toEqual(expected);
    await api(context, hako, `/buckets/${bucket}/objects/delete`, { data: { keys: await keys(context, hako, bucket) } });
  }
});

test("FIL-16 rows are copied and cut by keys and pasted, in another tab too; taken names are asked about", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  const other = await secondBucket(context, hako, bucket);
  for (const key of ["a.txt", "b.txt", "d/x"]) await store(context, hako, bucket, key, key);
  await openBucket(page, bucket);
  await select(page, "a.txt");
  // The code that hears these keys comes when somebody turns to the list.
  await page.waitForLoadState("networkidle");
  await page.keyboard.press("Control+c");
  await expect(page.getByTestId("toast").filter({ hasText: "ready to be pasted" })).toBeVisible();
  await fileRow(page, "d").getByRole("link").click();
  await expect(fileRow(page, "x")).toBeVisible();
  await page.keyboard.press("Control+v");
  await expect(fileRow(page, "a.txt")).toBeVisible();
  expect(await stored(context, hako, bucket)).toEqual(["a.txt", "b.txt", "d/a.txt", "d/x"]);

  // Again: the name is taken, and asked about.
  await page.keyboard.press("Control+v");
  const dialog = page.getByTestId("transfer-dialog");
  await expect(dialog.getByTestId("taken")).toHaveText("1 name is taken in d/.");
  await expect(dialog.getByTestId("field-target")).toHaveCount(0);
  await dialog.getByTestId("conflict-choice-rename").check();
  await page.getByTestId("confirm-submit").click();
  await expect(fileRow(page, "a (2).txt")).toBeVisible();

  // Beside itself a copy gets a number.
  await select(page, "x");
  await page.keyboard.press("Control+c");
  await page.keyboard.press("Control+v");
  await expect(fileRow(page, "x (2)")).toBeVisible();

  // Cut here, pasted in another tab into another bucket, once.
  await openBucket(page, bucket);
  await select(page, "b.txt");
  await page.keyboard.press("Control+x");
  await expect(fileRow(page, "b.txt")).toHaveClass(/is-cut/);
  await expect(fileRow(page, "a.txt")).not.toHaveClass(/is-cut/);
  const tab = await context.newPage();
  await openBucket(tab, other);
  await expect(tab.getByTestId("state-empty")).toBeVisible();
  await tab.waitForLoadState("networkidle");
  await tab.locator("h1").click();
  await tab.keyboard.press("Control+v");
  await expect(fileRow(tab, "b.txt")).toBeVisible();
  await expect(fileRow(page, "b.txt")).not.toHaveClass(/is-cut/);
  await expect.poll(() => stored(context, hako, bucket)).not.toContain("b.txt");
  expect(await stored(context, hako, other)).toEqual(["b.txt"]);
  await tab.close();
});

test("FIL-16 rows are dragged onto a folder and a level of the path; with Ctrl they are copied", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  for (const key of ["a.txt", "b.txt", "d/deep/x", "e/y"]) await store(context, hako, bucket, key, key);
  await openForDragging(page, bucket, "", "a.txt");
  await drag(page, fileRow(page, "a.txt"), fileRow(page, "d"), "Move a.txt to d");
  await expect(fileRow(page, "a.txt")).toHaveCount(0);
  expect(await stored(context, hako, bucket)).toEqual(["b.txt", "d/a.txt", "d/deep/x", "e/y"]);

  await drag(page, fileRow(page, "b.txt"), fileRow(page, "d"), "Copy b.txt to d", true);
  await expect.poll(() => stored(context, hako, bucket)).toContain("d/b.txt");
  expect(await keys(context, hako, bucket)).toContain("b.txt");

  // A folder goes neither into itself nor onto a file, and what is refused does not light up.
  await drag(page, fileRow(page, "d"), fileRow(page, "d"));
  await drag(page, fileRow(page, "d"), fileRow(page, "b.txt"));

  // Onto a level of the path; the one that is shown is where they are.
  await openForDragging(page, bucket, "d/deep/", "x");
  const path = page.getByTestId("breadcrumb");
  await drag(page, fileRow(page, "x"), path.getByRole("link", { name: "deep" }));
  await drag(page, fileRow(page, "x"), path.getByRole("link", { name: "d", exact: true }), "Move x to d");
  await expect(page.getByTestId("state-empty")).toBeVisible();
  expect(await stored(context, hako, bucket)).toEqual(["b.txt", "d/a.txt", "d/b.txt", "d/x", "e/y"]);
  await openForDragging(page, bucket, "d/", "a.txt");
  await fileRow(page, "a.txt").getByTestId("row-check").check();
  await fileRow(page, "x").getByTestId("row-check").check();
  const top = path.getByRole("link", { name: bucket });
  await drag(page, fileRow(page, "x"), top, `Move 2 entries to ${bucket}`);
  await expect(fileRow(page, "x")).toHaveCount(0);
  expect(await stored(context, hako, bucket)).toEqual(["a.txt", "b.txt", "d/b.txt", "e/y", "x"]);
});

test("the dialog, the field in a row and what is said are accessible and fit a phone", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  for (const key of ["a.txt", "d/x", "taken"]) await store(context, hako, bucket, key, key);
  await openBucket(page, bucket);
  await select(page, "a.txt");
  await page.keyboard.press("m");
  await expect(page.getByTestId("folder-picker").getByRole("button")).toHaveCount(1);
  await checkOpened(page, "transfer-dialog");
  await checkNarrow(page);
  await page.keyboard.press("Escape");
  await page.setViewportSize({ width: 1280, height: 720 });
  await select(page, "a.txt");
  await page.keyboard.press("F2");
  await fillName(page, "taken");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("rename-fault")).not.toBeEmpty();
  await checkAccessibility(page);
  await checkNarrow(page);
});

test("keys that are pressed before their code is there are not lost", async ({ page, context, hako, bucket }) => {
  await store(context, hako, bucket, "a.txt", "a");
  await openBucket(page, bucket);
  const asked: string[] = [];
  let arrive = () => {};
  const gate = new Promise<void>((open) => (arrive = open));
  await page.route("**/*.wasm", async (route) => {
    asked.push(route.request().url());
    await gate;
    await route.continue();
  });
  await select(page, "a.txt");
  await expect.poll(() => asked.length).toBeGreaterThan(0);
  await page.keyboard.press("Control+c");
  arrive();
  const taken = () => page.evaluate(() => localStorage.getItem("hako.clipboard"));
  await expect.poll(taken).toContain("a.txt");
});

test("somebody else at the same browser pastes nothing", async ({ page, context, hako, bucket }) => {
  await store(context, hako, bucket, "a.txt", "a");
  await openBucket(page, bucket);
  await select(page, "a.txt");
  await page.keyboard.press("Control+c");
  const taken = () => page.evaluate(() => localStorage.getItem("hako.clipboard"));
  await expect.poll(taken).toContain("a.txt");
  await page.evaluate(() => {
    const text = localStorage.getItem("hako.clipboard") ?? "";
    localStorage.setItem("hako.clipboard", text.replace(/"who":"[^"]*"/, '"who":"demo/somebody"'));
  });
  await page.reload();
  await hydrated(page);
  await page.waitForLoadState("networkidle");
  const posted: string[] = [];
  page.on("request", (request) => {
    if (request.method() === "POST") posted.push(request.url());
  });
  await select(page, "a.txt");
  await page.keyboard.press("Control+v");
  await expect(fileRow(page, "a.txt")).toHaveAttribute("aria-selected", "true");
  expect(posted).toEqual([]);
});
