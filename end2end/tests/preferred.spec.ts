// What the preferences of files and uploads do.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { join } from "node:path";
import type { BrowserContext } from "@playwright/test";
import { MB, choose, drop, randomFile, withFolder } from "../support/files";
import { gate, letGo } from "../support/gate";
import {
  type Hako,
  type Page,
  expect,
  fileRow,
  keys,
  open,
  openBucket,
  reload,
  signInByApi,
  store,
  test,
  uploadRow,
  uploadState,
} from "../support/test";
import { SMALL_PARTS, stored, watchLoads } from "../support/uploads";

test.use({ settings: SMALL_PARTS });

const text = (name: string, body: string) => ({ name, mimeType: "text/plain", buffer: Buffer.from(body) });

async function prefer(context: BrowserContext, hako: Hako, change: Record<string, string>): Promise<void> {
  const answer = await context.request.put(`${hako.console}/api/v1/preferences`, {
    data: change,
    headers: { Origin: hako.console },
  });
  expect(answer.ok(), await answer.text()).toBe(true);
  expect(await answer.json()).toMatchObject(change);
}

/** Chooses on the page of preferences, to which one comes without loading another page. */
async function choosePreference(page: Page, name: string, value: string): Promise<void> {
  await page.getByRole("button", { name: /session menu/ }).click();
  await page.getByRole("link", { name: "Preferences" }).click();
  await page.getByTestId(`field-${name}`).selectOption(value);
  await page.getByTestId("save").click();
  await expect(page.getByTestId("toast").last()).toContainText("Your preferences are saved.");
}

/** The names in the order in which they stand, without what the links say beside them. */
async function names(page: Page): Promise<string[]> {
  const links = await page.getByTestId("file-grid").locator(".name-link").allTextContents();
  return links.map((link) => link.split(",")[0]);
}

test("names and folders come in the preferred order from the first byte on, and an address shows the same to others", async ({
  page,
  context,
  browser,
  hako,
  bucket,
}) => {
  for (const key of ["f2", "f10", "g/x"]) await store(context, hako, bucket, key, key);
  await prefer(context, hako, { name_order: "natural", folders: "mixed" });
  const html = await (await context.request.get(`${hako.console}/buckets/${bucket}`)).text();
  const places = ["f2", "f10", "g%2F"].map((name) => html.search(new RegExp(`href="[^"]*(o|prefix)=${name}[&"]`)));
  expect(Math.min(...places)).toBeGreaterThan(0);
  expect(places).toEqual([...places].sort((a, b) => a - b));

  await openBucket(page, bucket);
  await expect.poll(() => names(page)).toEqual(["f2", "f10", "g"]);
  await expect(page).toHaveURL(/sort=natural/);
  const address = page.url();
  await page.goto(`${hako.console}/buckets/${bucket}?sort=name`);
  await expect.poll(() => names(page)).toEqual(["f10", "f2", "g"]);

  const other = await browser.newContext({ baseURL: hako.console });
  await signInByApi(other, hako);
  const theirs = await other.newPage();
  await open(theirs, address);
  await expect.poll(() => names(theirs)).toEqual(["g", "f2", "f10"]);
  await open(theirs, `/buckets/${bucket}`);
  await expect.poll(() => names(theirs)).toEqual(["g", "f10", "f2"]);
  // The menu of the list remembers it in the same place.
  const set = theirs.waitForResponse((answer) => answer.url().endsWith("/preferences"));
  await theirs.getByTestId("columns-button").click();
  await theirs.getByTestId("folders-first").click();
  await set;
  await open(theirs, `/buckets/${bucket}`);
  await expect.poll(() => names(theirs)).toEqual(["f10", "f2", "g"]);
  await open(theirs, "/preferences");
  await expect(theirs.getByTestId("field-folders")).toHaveValue("mixed");
  await other.close();
});

test("a deletion that waits to be confirmed waits for ever, and others join it", async ({ page, context, hako, bucket }) => {
  for (const name of ["a", "b", "c"]) await store(context, hako, bucket, name, name);
  await prefer(context, hako, { deletion_delay: "asked" });
  await page.clock.install();
  await openBucket(page, bucket);
  for (const [name, line] of [["a", "1 file waits to be deleted."], ["b", "2 files wait to be deleted."]]) {
    await fileRow(page, name).locator(".cell-size").click();
    await page.keyboard.press("Delete");
    await expect(page.getByTestId("toast")).toContainText(line);
  }
  await page.clock.runFor(600_000);
  await expect(page.getByTestId("delete-now")).toBeVisible();
  expect(await keys(context, hako, bucket)).toEqual(["a", "b", "c"]);
  await page.getByTestId("delete-now").click();
  await expect(fileRow(page, "a")).toHaveCount(0);
  await expect(fileRow(page, "b")).toHaveCount(0);
  expect(await keys(context, hako, bucket)).toEqual(["c"]);

  await prefer(context, hako, { deletion_delay: "20" });
  await openBucket(page, bucket);
  await fileRow(page, "c").locator(".cell-size").click();
  await page.keyboard.press("Delete");
  await expect(page.getByTestId("toast")).toContainText(/1 file goes in (20|19) s/);
  await page.clock.runFor(21_000);
  await expect(fileRow(page, "c")).toHaveCount(0);
  expect(await keys(context, hako, bucket)).toEqual([]);
});

test("parallel uploads are as many as wanted, also while they run, and checksums go only where wanted", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  test.setTimeout(120_000);
  await prefer(context, hako, { parallel_uploads: "2" });
  await gate(page.context(), 0);
  const sums: boolean[] = [];
  page.on("request", (request) => {
    const isPart = request.method() === "PUT" && new URL(request.url()).searchParams.has("partNumber");
    if (isPart) sums.push(Object.keys(request.headers()).some((name) => name.startsWith("x-amz-checksum-")));
  });
  const waiting = () => page.evaluate(() => window.gate.waiting.length);
  await withFolder(async (folder) => {
    const file = join(folder, "scan.bin");
    const sum = await randomFile(file, 60 * MB);
    await openBucket(page, bucket);
    const loads = watchLoads(page);
    await drop(page, file);
    await expect.poll(waiting).toBe(2);
    await choosePreference(page, "parallel_uploads", "4");
    await expect.poll(waiting).toBe(4);
    await choosePreference(page, "verify_checksums", "off");
    await letGo(page);
    await uploadState(page, "scan.bin", "done", 60_000);
    expect(loads()).toBe(0);
    expect(await stored(context, hako, bucket, "scan.bin")).toBe(sum);
    // What was begun with checksums ends with them.
    expect(sums).toEqual(Array(12).fill(true));
    await openBucket(page, bucket);
    const other = join(folder, "other.bin");
    const its = await randomFile(other, 6 * MB);
    await letGo(page);
    await drop(page, other);
    await uploadState(page, "other.bin", "done", 60_000);
    expect(sums.slice(12)).toEqual([false, false]);
    expect(await stored(context, hako, bucket, "other.bin")).toBe(its);
  });
});

test("what is done with files that exist already is chosen beforehand", async ({ page, context, hako, bucket }) => {
  await store(context, hako, bucket, "note.txt", "old");
  await prefer(context, hako, { existing: "rename" });
  await openBucket(page, bucket);
  await choose(page, [text("note.txt", "new")]);
  await uploadState(page, "note (2).txt", "done");
  await expect(page.getByTestId("conflict-dialog")).toHaveCount(0);
  expect(await keys(context, hako, bucket)).toEqual(["note (2).txt", "note.txt"]);
  // Where something would be lost it is asked.
  await choosePreference(page, "existing", "overwrite");
  await openBucket(page, bucket);
  await choose(page, [text("note.txt", "new")]);
  await expect(page.getByTestId("conflict-choice-overwrite")).toBeChecked();
});

test("large uploads begin without being shown, where that is wanted", async ({ page, context, hako, bucket }) => {
  await gate(page.context(), 0);
  await withFolder(async (folder) => {
    const many = Array.from({ length: 1_001 }, (_, n) => text(`${n}.txt`, ""));
    await openBucket(page, bucket);
    await choose(page, many.slice(0, 1));
    await uploadState(page, "0.txt", "done");
    const large = join(folder, "large.bin");
    execFileSync("truncate", ["-s", "51G", large]);
    await choose(page, [large]);
    const panel = page.getByTestId("plan-panel");
    await expect(panel).toBeVisible();
    await panel.getByRole("checkbox").last().check();
    await page.getByTestId("plan-start").click();
    await uploadState(page, "large.bin", "uploading");
    await uploadRow(page, "large.bin").getByTestId("upload-cancel").click();
    await uploadState(page, "large.bin", "cancelled");
    await open(page, "/preferences");
    await expect(page.getByTestId("field-large_uploads")).toHaveValue("begun");
    await openBucket(page, bucket);
    await choose(page, [large]);
    await uploadState(page, "large.bin", "uploading");
    await expect(panel).toHaveCount(0);
  });
});

test("few announcements are the end, and what needs somebody", async ({ page, context, hako, bucket }) => {
  await prefer(context, hako, { announcements: "few" });
  await page.addInitScript(() => {
    const said: string[] = [];
    Object.assign(window, { said });
    addEventListener("DOMContentLoaded", () => {
      const region = document.getElementById("live-polite")!;
      new MutationObserver(() => {
        const text = region.textContent ?? "";
        if (text.startsWith("Upload")) said.push(text);
      }).observe(region, { childList: true, characterData: true, subtree: true });
    });
  });
  const said = () => page.evaluate(() => (window as unknown as { said: string[] }).said);
  await withFolder(async (folder) => {
    const file = join(folder, "scan.bin");
    await randomFile(file, 60 * MB);
    await openBucket(page, bucket);
    await choose(page, [file]);
    await expect.poll(said, { timeout: 30_000 }).toEqual(["Upload ended, 1 file stored"]);
  });
});

test("a history that is not to be kept is forgotten at once, and nothing is added to it", async ({ page, bucket }) => {
  await openBucket(page, bucket);
  await choose(page, [text("first.txt", "abc")]);
  await uploadState(page, "first.txt", "done");
  const kept = () =>
    page.evaluate(async () => {
      const [{ name }] = await indexedDB.databases();
      const database = await new Promise<IDBDatabase>((done) => {
        const opening = indexedDB.open(name!);
        opening.onsuccess = () => done(opening.result);
      });
      const count = await new Promise<number>((done) => {
        const counting = database.transaction("history").objectStore("history").count();
        counting.onsuccess = () => done(counting.result);
      });
      database.close();
      return count;
    });
  await expect.poll(kept).toBe(1);
  await choosePreference(page, "transfer_history", "forgotten");
  await expect.poll(kept).toBe(0);
  await openBucket(page, bucket);
  await choose(page, [text("second.txt", "abc")]);
  await uploadState(page, "second.txt", "done");
  await page.getByTestId("nav-transfers").click();
  // Its receipt can be had until the page is closed.
  const entries = page.getByTestId("table-history").locator("[data-key]");
  await expect(entries).toHaveCount(1);
  await expect(entries).toContainText("second.txt");
  await expect(entries).toContainText(createHash("sha256").update("abc").digest("hex"));
  await reload(page);
  await expect(page.getByTestId("history-empty")).toContainText("This browser keeps no history of transfers.");
  expect(await kept()).toBe(0);
});
