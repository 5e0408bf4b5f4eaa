// The page of transfers: sections and search in the address, batches, receipts, and what the server does with files.

import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Route } from "@playwright/test";
import { MB, choose, drop, randomFile, withFolder } from "../support/files";
import { gate, letGo, partsSent } from "../support/gate";
import { checkAccessibility, checkNarrow } from "../support/looks";
import { type Page, api, expect, openBucket, reload, store, test, uploadRow, uploadState } from "../support/test";
import { SMALL_PARTS, halfway, interrupted, openUploads, stored } from "../support/uploads";

test.use({ settings: SMALL_PARTS });

const text = (name: string, content: string) => ({ name, mimeType: "text/plain", buffer: Buffer.from(content) });
const rows = (page: Page) => page.getByTestId("upload-row");
const noted = (page: Page) => page.getByTestId("table-history").getByTestId("row");

/** What a button has the browser save. */
async function saved(page: Page, press: () => Promise<void>): Promise<string> {
  const coming = page.waitForEvent("download");
  await press();
  return readFile(await (await coming).path(), "utf8");
}

test("TRF-1 sections and search stand in the address, and history and receipts survive a reload", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  test.setTimeout(180_000);
  page.on("dialog", (dialog) => void dialog.accept());
  await gate(context, 1);
  await withFolder(async (folder) => {
    const large = join(folder, "large.bin");
    await randomFile(large, 12 * MB);
    await openBucket(page, bucket);
    await choose(page, ["one.txt", "two.txt", "three.txt"].map((name) => text(name, name)));
    for (const name of ["one.txt", "two.txt", "three.txt"]) await uploadState(page, name, "done");
    await choose(page, [large]);
    await uploadState(page, "large.bin", "uploading");
    await page.getByTestId("nav-transfers").click();

    // Each section has its own, and the address says which.
    await expect(page.getByTestId("transfers-running")).toHaveText("Running (1)");
    await expect(page.getByTestId("transfers-finished")).toHaveText("Finished (3)");
    await page.getByTestId("transfers-running").click();
    await expect(page).toHaveURL(/\/transfers\?state=running$/);
    await expect(rows(page)).toHaveCount(1);
    await uploadRow(page, "large.bin").getByTestId("upload-pause").click();
    await expect(page.getByTestId("transfers-resumable")).toHaveText("Resumable (1)");
    await page.getByTestId("transfers-resumable").click();
    await uploadState(page, "large.bin", "paused");

    // What is over can be opened, copied, kept as a receipt, and taken out of the list.
    await page.getByTestId("transfers-finished").click();
    await expect(rows(page)).toHaveCount(3);
    const done = uploadRow(page, "one.txt");
    const open = done.getByTestId("upload-open");
    await expect(open).toHaveAttribute("href", new RegExp(`/buckets/${bucket}\\?.*o=one.txt`));
    const receipt = JSON.parse(await saved(page, () => done.getByTestId("upload-receipt").click()));
    expect(receipt).toMatchObject([{ bucket, key: "one.txt", size: 7 }]);
    await done.getByTestId("upload-remove").click();
    await expect(rows(page)).toHaveCount(2);

    // A name is searched for, in the list and in the history.
    await page.getByTestId("filter-input").fill("TWO");
    await expect(page).toHaveURL(/state=finished&q=TWO$/);
    await expect(page.getByTestId("count-line")).toHaveText("1 upload of this tab is called so.");
    await expect(rows(page)).toHaveCount(1);
    await expect(noted(page)).toHaveCount(1);
    await checkAccessibility(page);

    // The receipts of a batch, where it stands.
    await page.getByTestId("transfers-all").click();
    await page.getByTestId("filter-input").fill("");
    await expect(page).toHaveURL(/\/transfers$/);
    await page.getByTestId("batch-receipts").click();
    await expect(page).toHaveURL(/\/transfers\?batch=/);
    await expect(page.getByTestId("receipt-line")).toHaveText("Receipts list these 3 objects.");

    // Clearing keeps the receipts, and so does a reload; what was on its way waits for its file.
    await page.getByTestId("upload-clear").click();
    await expect(page.getByTestId("transfers-finished")).toHaveText("Finished");
    await reload(page);
    await expect(page.getByTestId("receipt-line")).toHaveText("Receipts list these 3 objects.");
    await expect(noted(page)).toHaveCount(3);
    const all = JSON.parse(await saved(page, () => page.getByTestId("receipt-json").click())) as { key: string }[];
    expect(all.map(({ key }) => key).sort()).toEqual(["one.txt", "three.txt", "two.txt"]);
    const csv = await saved(page, () => page.getByTestId("receipt-csv").click());
    expect(csv.split("\r\n")[0]).toBe("bucket,key,size,etag,version_id,sha256,stored_at");
    expect(csv.trim().split("\r\n")).toHaveLength(4);
    const sums = await saved(page, () => page.getByTestId("receipt-sums").click());
    expect(sums.trim().split("\n").map((line) => line.slice(66)).sort()).toEqual(["one.txt", "three.txt", "two.txt"]);
    await expect(page.getByTestId("transfers-resumable")).toHaveText("Resumable (1)");
    await page.getByTestId("transfers-resumable").click();
    await uploadState(page, "large.bin", "file-needed");

    // What the server copies stands beside it.
    const order = { kind: "copy", bucket, keys: ["one.txt"], base: "", target: { prefix: "copy/" } };
    const job = (await api(context, hako, "/jobs?wait=5", { data: order })) as { id: string };
    await reload(page);
    await expect(page.locator(`[data-testid="job-row"][data-key="${job.id}"]`)).toBeVisible();
    await checkNarrow(page);
    await uploadRow(page, "large.bin").getByTestId("upload-cancel").click();
    await expect(rows(page)).toHaveCount(0);
  });
});

/** What can be done with an upload on the page: the ends of its buttons' names. */
async function actions(page: Page, name: string): Promise<string[]> {
  const ids = await uploadRow(page, name)
    .locator(":is(button, a, input[type=file])[data-testid^=upload-]")
    .evaluateAll((all) => all.map((one) => one.getAttribute("data-testid")!.replace("upload-", "")));
  return ids.filter((id) => id !== "details").sort();
}

test("TRF-1 each state has its actions on the page", async ({ page, context, hako, bucket, faults }) => {
  test.setTimeout(180_000);
  faults.expectStatus(401, 403, 409, 412, 500);
  const has = (name: string, ...expected: string[]) => expect.poll(() => actions(page, name), name).toEqual(expected.sort());
  // What becomes of what is sent to the store, by key.
  const way = new Map<string, (route: Route) => Promise<void>>();
  const held: Route[] = [];
  const hold = async (route: Route) => void held.push(route);
  const open = { "access-control-allow-origin": "*" };
  await page.route(
    (url) => url.port === hako.s3Port,
    async (route) => {
      const key = decodeURIComponent(new URL(route.request().url()).pathname.split("/").pop()!);
      const act = route.request().method() === "PUT" ? way.get(key) : undefined;
      await (act ? act(route) : route.continue());
    },
  );
  const error = (code: string) => `<Error><Code>${code}</Code></Error>`;
  way.set("slow.txt", (route) => route.fulfill({ status: 500, headers: open, body: error("InternalError") }));
  way.set("refused.txt", (route) => route.fulfill({ status: 403, headers: open, body: error("AccessDenied") }));
  way.set("taken.txt", hold);
  await openBucket(page, bucket);
  await choose(page, ["done.txt", "slow.txt", "refused.txt", "taken.txt"].map((name) => text(name, name)));
  await page.getByTestId("nav-transfers").click();
  await uploadState(page, "done.txt", "done");
  await has("done.txt", "open", "copy", "receipt", "remove");
  await uploadState(page, "slow.txt", "retrying");
  await has("slow.txt", "retry", "pause", "cancel");
  await uploadState(page, "refused.txt", "failed");
  await has("refused.txt", "retry", "cancel");
  // Somebody else is faster.
  await uploadState(page, "taken.txt", "uploading");
  await has("taken.txt", "pause", "cancel");
  way.delete("taken.txt");
  await store(context, hako, bucket, "taken.txt", "faster");
  await expect.poll(() => held.length).toBe(1);
  await held.pop()!.continue();
  await uploadState(page, "taken.txt", "needs-decision");
  await has("taken.txt", "replace", "keep-both", "cancel");

  // More than are sent at once, none of which comes through.
  const many = Array.from({ length: 12 }, (_, at) => `f${String(at).padStart(2, "0")}.txt`);
  for (const name of many) way.set(name, hold);
  await page.goBack();
  await choose(page, many.map((name) => text(name, name)));
  await page.getByTestId("nav-transfers").click();
  await uploadState(page, "f00.txt", "uploading");
  await uploadState(page, "f11.txt", "waiting");
  await has("f11.txt", "first", "pause", "cancel");
  await uploadRow(page, "f11.txt").getByTestId("upload-pause").click();
  await uploadState(page, "f11.txt", "paused");
  await has("f11.txt", "resume", "cancel");
  await uploadRow(page, "f10.txt").getByTestId("upload-cancel").click();
  await uploadState(page, "f10.txt", "cancelled");
  await has("f10.txt", "remove");
  await context.setOffline(true);
  await uploadState(page, "f00.txt", "offline", 30_000);
  await has("f00.txt", "pause", "cancel");
  await context.setOffline(false);
  for (const name of many) way.delete(name);
  for (const route of held) await route.continue().catch(() => undefined);
  await uploadState(page, "f00.txt", "done", 60_000);

  // What needs the session, its file, or another file.
  await withFolder(async (folder) => {
    await mkdir(join(folder, "other"));
    const [file, other] = [join(folder, "large.bin"), join(folder, "other", "large.bin")];
    for (const one of [file, other]) await randomFile(one, 12 * MB);
    await page.route("**/object/multipart/complete?*", () => {}); // never answered
    await page.goBack();
    await drop(page, file);
    await page.getByTestId("nav-transfers").click();
    await uploadState(page, "large.bin", "completing", 30_000);
    await has("large.bin");
    page.on("dialog", (dialog) => void dialog.accept());
    await reload(page);
    await uploadState(page, "large.bin", "file-needed");
    await has("large.bin", "reopen", "pick", "cancel");
    await uploadRow(page, "large.bin").getByTestId("upload-pick").setInputFiles(other);
    await uploadState(page, "large.bin", "changed", 30_000);
    await has("large.bin", "pick", "start-again", "cancel");
    const gone = await context.request.delete(`${hako.console}/api/v1/session`, { headers: { Origin: hako.console } });
    expect(gone.ok()).toBe(true);
    await uploadRow(page, "large.bin").getByTestId("upload-pick").setInputFiles(file);
    await uploadState(page, "large.bin", "signed-out", 30_000);
    await has("large.bin", "retry", "cancel");
    await expect(page.getByTestId("upload-sign-in")).toBeVisible();
  });
});

test("TRF-1 a file that is another one by now is uploaded from its first byte", async ({ page, context, hako, bucket }) => {
  test.setTimeout(180_000);
  await withFolder(async (folder) => {
    await mkdir(join(folder, "now"));
    const [begun, now] = [join(folder, "scan.bin"), join(folder, "now", "scan.bin")];
    await randomFile(begun, 30 * MB);
    const sum = await randomFile(now, 30 * MB);
    await interrupted(page, bucket, begun, "scan.bin", 3, 6);
    expect(await openUploads(context, hako, bucket)).toHaveLength(1);
    const row = uploadRow(page, "scan.bin");
    await expect(row.getByTestId("upload-start-again")).toHaveCount(0);
    await row.getByTestId("upload-pick").setInputFiles(now);
    await uploadState(page, "scan.bin", "changed", 60_000);
    await expect(row).toContainText("Start again to upload the file as it is now");
    await letGo(page);
    await page.getByTestId("dock-toggle").click();
    await row.getByTestId("upload-start-again").click({ timeout: 10_000 });
    await uploadState(page, "scan.bin", "done", 60_000);
    expect((await partsSent(page)).sort()).toEqual([1, 2, 3, 4, 5, 6]);
    expect(await stored(context, hako, bucket, "scan.bin")).toBe(sum);
    // The earlier upload is given up at the store, and there is no note of it.
    await expect.poll(() => openUploads(context, hako, bucket)).toEqual([]);
    await reload(page);
    await expect(page.getByTestId("resume-banner")).toHaveCount(0);
  });
});

test("TRF-1 a file of another size is started again on the page", async ({ page, context, hako, bucket }) => {
  test.setTimeout(180_000);
  await withFolder(async (folder) => {
    await mkdir(join(folder, "now"));
    const [begun, now] = [join(folder, "scan.bin"), join(folder, "now", "scan.bin")];
    await randomFile(begun, 30 * MB);
    const sum = await randomFile(now, 12 * MB);
    await interrupted(page, bucket, begun, "scan.bin", 3, 6);
    await page.getByTestId("nav-transfers").click();
    await uploadRow(page, "scan.bin").getByTestId("upload-pick").setInputFiles(now);
    await expect.poll(() => actions(page, "scan.bin")).toEqual(["cancel", "pick", "start-again"]);
    await checkAccessibility(page);
    await checkNarrow(page);
    await page.setViewportSize({ width: 1280, height: 800 });
    await letGo(page);
    await uploadRow(page, "scan.bin").getByTestId("upload-start-again").click();
    await uploadState(page, "scan.bin", "done", 60_000);
    expect(await stored(context, hako, bucket, "scan.bin")).toBe(sum);
    await expect.poll(() => openUploads(context, hako, bucket)).toEqual([]);
  });
});

test("TRF-1 a file that changed on the disk while it was sent starts again as it is now", async ({
  page,
  context,
  hako,
  bucket,
  faults,
}) => {
  test.setTimeout(180_000);
  faults.expectMessage(/ERR_UPLOAD_FILE_CHANGED/);
  // A part that could not be read looks like a store that is not reached: the page asks its root, unsigned.
  faults.expectStatus(403);
  await withFolder(async (folder) => {
    const file = join(folder, "scan.bin");
    await randomFile(file, 30 * MB);
    await halfway(page, bucket, file, "scan.bin", 2, 6);
    const sum = await randomFile(file, 20 * MB);
    await letGo(page);
    await uploadState(page, "scan.bin", "changed", 60_000);
    await expect.poll(() => openUploads(context, hako, bucket)).toEqual([]);
    await uploadRow(page, "scan.bin").getByTestId("upload-start-again").click();
    await uploadState(page, "scan.bin", "done", 60_000);
    expect(await stored(context, hako, bucket, "scan.bin")).toBe(sum);
    expect(await openUploads(context, hako, bucket)).toEqual([]);
  });
});
