// A store that fails: how often and when it is tried again, and that nothing stored is sent twice.

import { join } from "node:path";
import type { Page, Route } from "@playwright/test";
import { MB, drop, randomFile, withFolder } from "../support/files";
import { gate, letGo, partsSent } from "../support/gate";
import { api, expect, type Hako, keys, openBucket, reload, test, uploadRow, uploadState } from "../support/test";
import { SMALL_PARTS, halfway, openUploads, partsStored, stored } from "../support/uploads";

test.use({ settings: SMALL_PARTS });
test.describe.configure({ timeout: 120_000 });

/** What the store lets pages read of an answer, with this status and these headers. */
function refusal(status: number, headers: Record<string, string> = {}) {
  const open = { "access-control-allow-origin": "*", "access-control-expose-headers": "etag,retry-after" };
  return { status, headers: { ...open, ...headers }, body: "<Error><Code>InternalError</Code></Error>" };
}

/** Takes the requests that carry one part, and notes when they come. */
async function takePart(page: Page, hako: Hako, part: number, answer: (route: Route, nth: number) => Promise<void>) {
  const times: number[] = [];
  const carries = (url: URL) => url.port === hako.s3Port && url.searchParams.get("partNumber") === String(part);
  await page.route(carries, async (route) => {
    if (route.request().method() !== "PUT") return route.continue();
    times.push(Date.now());
    await answer(route, times.length);
  });
  return { times, stop: () => page.unroute(carries) };
}

test("UPL-6 a part that fails is tried again, each time later, and not before the store wants it", async ({
  page,
  context,
  hako,
  bucket,
  faults,
}) => {
  faults.expectStatus(500, 503);
  // Without chance the waits are 1 s, 2 s, and what the store asks for.
  await context.addInitScript(() => (Math.random = () => 0.5));
  await withFolder(async (folder) => {
    const file = join(folder, "scan.bin");
    const sum = await randomFile(file, 40 * MB);
    await openBucket(page, bucket);
    const failing = await takePart(page, hako, 3, (route, nth) =>
      nth <= 2 ? route.fulfill(refusal(500)) : route.continue(),
    );
    const patient = await takePart(page, hako, 5, (route, nth) =>
      nth === 1 ? route.fulfill(refusal(503, { "retry-after": "6" })) : route.continue(),
    );
    await drop(page, file);
    await uploadState(page, "scan.bin", "retrying", 30_000);
    await expect(uploadRow(page, "scan.bin")).toContainText(/Trying again in [1-6] s/);
    await uploadState(page, "scan.bin", "done", 30_000);
    const waits = failing.times.slice(1).map((time, index) => time - failing.times[index]);
    expect(waits).toHaveLength(2);
    expect(waits[0]).toBeGreaterThanOrEqual(990);
    expect(waits[1]).toBeGreaterThanOrEqual(1_990);
    expect(patient.times).toHaveLength(2);
    expect(patient.times[1] - patient.times[0]).toBeGreaterThanOrEqual(5_990);
    expect(await stored(context, hako, bucket, "scan.bin")).toBe(sum);
  });
});

test("UPL-6 a part that never comes through fails its upload, which goes on when it is told to", async ({
  page,
  context,
  hako,
  bucket,
  faults,
}) => {
  faults.expectStatus(500);
  await withFolder(async (folder) => {
    const file = join(folder, "scan.bin");
    const sum = await randomFile(file, 10 * MB);
    await page.clock.install();
    await gate(context, Number.MAX_SAFE_INTEGER);
    await openBucket(page, bucket);
    const failing = await takePart(page, hako, 2, (route) => route.fulfill(refusal(500)));
    await drop(page, file);
    await partsStored(page, "scan.bin", "1 of 2 parts");
    const row = uploadRow(page, "scan.bin");
    // Waits of 1 s to a minute and a half, by the page's clock.
    for (let attempt = 1; attempt < 8; attempt += 1) {
      await expect.poll(() => failing.times.length).toBe(attempt);
      await uploadState(page, "scan.bin", "retrying");
      await page.clock.fastForward(90_000);
    }
    await uploadState(page, "scan.bin", "failed");
    expect(failing.times).toHaveLength(8);
    const error = row.getByTestId("upload-error");
    await expect(error).toContainText("Tried 8 times: the store failed.");
    await expect(error).toContainText("The 1 part already stored is kept.");
    expect(await openUploads(context, hako, bucket)).toHaveLength(1);

    await failing.stop();
    await row.getByTestId("upload-retry").click();
    await page.clock.runFor(1_000);
    await uploadState(page, "scan.bin", "done", 30_000);
    expect((await partsSent(page)).filter((part) => part === 1)).toHaveLength(1);
    expect(await stored(context, hako, bucket, "scan.bin")).toBe(sum);
  });
});

test("UPL-12 an upload that was given up at the store meanwhile begins anew, and says so", async ({
  page,
  context,
  hako,
  bucket,
  faults,
}) => {
  faults.expectStatus(404);
  await withFolder(async (folder) => {
    const file = join(folder, "scan.bin");
    const sum = await randomFile(file, 60 * MB);
    await halfway(page, bucket, file, "scan.bin", 4, 12);
    const [begun] = await openUploads(context, hako, bucket);
    await api(context, hako, `/buckets/${bucket}/object/multipart/abort?key=scan.bin`, {
      data: { upload_id: begun.upload_id },
    });
    await letGo(page);
    await uploadState(page, "scan.bin", "done", 60_000);
    await expect(uploadRow(page, "scan.bin")).toContainText("began again from the first byte");
    expect(await stored(context, hako, bucket, "scan.bin")).toBe(sum);
    expect(await openUploads(context, hako, bucket)).toEqual([]);
  });
});

test("UPL-12 an upload that was completed meanwhile is found to be done", async ({ page, context, hako, bucket, faults }) => {
  faults.expectStatus(404);
  faults.expectMessage(/ERR_(FAILED|CONNECTION_RESET)/);
  await withFolder(async (folder) => {
    const file = join(folder, "scan.bin");
    const sum = await randomFile(file, 60 * MB);
    await gate(context, Number.MAX_SAFE_INTEGER);
    await openBucket(page, bucket);
    // The store puts it together, and the answer is lost.
    let completions = 0;
    await page.route("**/object/multipart/complete?*", async (route) => {
      completions += 1;
      if (completions > 1) return route.continue();
      expect((await route.fetch()).ok()).toBe(true);
      await route.abort("connectionreset");
    });
    await drop(page, file);
    await uploadState(page, "scan.bin", "done", 60_000);
    await expect(uploadRow(page, "scan.bin")).toContainText("the object is there");
    expect(completions).toBe(2);
    expect((await partsSent(page)).length).toBe(12);
    expect(await stored(context, hako, bucket, "scan.bin")).toBe(sum);
  });
});

test("UPL-12 an upload that another page completed is done when its file comes back", async ({
  page,
  context,
  hako,
  bucket,
  faults,
}) => {
  faults.expectStatus(404);
  await withFolder(async (folder) => {
    const file = join(folder, "scan.bin");
    const sum = await randomFile(file, 20 * MB);
    await gate(context, Number.MAX_SAFE_INTEGER);
    await openBucket(page, bucket);
    await page.route("**/object/multipart/complete?*", () => {}); // never answered
    await drop(page, file);
    await uploadState(page, "scan.bin", "completing", 30_000);
    page.on("dialog", (dialog) => void dialog.accept());
    await reload(page);
    await uploadState(page, "scan.bin", "file-needed");
    const [begun] = await openUploads(context, hako, bucket);
    const listed = await context.request.get(`${hako.console}/api/v1/buckets/${bucket}/object/multipart/parts`, {
      params: { key: "scan.bin", upload_id: begun.upload_id },
    });
    const parts = (await listed.json()).parts.map((part: { part_number: number; etag: string }) => ({
      PartNumber: part.part_number,
      ETag: part.etag,
    }));
    await api(context, hako, `/buckets/${bucket}/object/multipart/complete?key=scan.bin`, {
      data: { upload_id: begun.upload_id, parts },
    });
    await page.getByTestId("resume-pick").setInputFiles(file);
    await uploadState(page, "scan.bin", "done", 30_000);
    await expect(uploadRow(page, "scan.bin")).toContainText("the object is there");
    expect(await partsSent(page)).toEqual([]);
    expect(await keys(context, hako, bucket)).toEqual(["scan.bin"]);
    expect(await stored(context, hako, bucket, "scan.bin")).toBe(sum);
  });
});
