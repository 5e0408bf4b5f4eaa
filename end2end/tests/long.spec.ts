// URLs that run out while a slow line carries their bytes, and browsers whose clock is wrong.

import { join } from "node:path";
import type { Browser, BrowserContext } from "@playwright/test";
import { MB, drop, randomFile, withFolder } from "../support/files";
import { type Hako, api, expect, hydrated, test, uploadState } from "../support/test";
import { SMALL_PARTS, slow, stored } from "../support/uploads";

const LIFETIME_S = 60;
const HOUR_MS = 3_600_000;

test.use({ settings: { ...SMALL_PARTS, HAKO_UPLOAD_URL_SECONDS: String(LIFETIME_S), HAKO_UPLOAD_PARALLELISM: "2" } });

/** Uploads a file by a line that takes two lifetimes for it, in a browser whose clock is wrong by so much. */
async function slowly(browser: Browser, hako: Hako, from: BrowserContext, bucket: string, file: string, wrong: number) {
  const context = await browser.newContext({ storageState: await from.storageState() });
  const page = await context.newPage();
  if (wrong !== 0) await context.clock.install({ time: Date.now() + wrong });
  const signed = new Set<string>();
  const refused: number[] = [];
  page.on("response", (answer) => {
    const url = new URL(answer.url());
    if (answer.request().method() !== "PUT" || !url.searchParams.has("partNumber")) return;
    signed.add(url.searchParams.get("X-Amz-Date")!);
    if (!answer.ok()) refused.push(answer.status());
  });
  await page.goto(`${hako.console}/buckets/${bucket}`);
  await hydrated(page);
  expect(await page.evaluate(() => Date.now())).toBeGreaterThan(Date.now() + wrong - 60_000);
  await slow(page, (40 * MB) / (2 * LIFETIME_S + 5));
  const begun = Date.now();
  await drop(page, file);
  await uploadState(page, "scan.bin", "done", 240_000);
  expect(Date.now() - begun, "a test of nothing").toBeGreaterThan(2 * LIFETIME_S * 1_000);
  expect(refused, `clock wrong by ${wrong} ms`).toEqual([]);
  expect(signed.size, "signings").toBeGreaterThan(2);
  await context.close();
}

test("UPL-8 an upload outlasts the life of its URLs twice, also where the browser's clock is an hour wrong", async ({
  browser,
  context,
  hako,
  bucket,
}) => {
  test.setTimeout(300_000);
  await withFolder(async (folder) => {
    const file = join(folder, "scan.bin");
    const sum = await randomFile(file, 40 * MB);
    const [ahead, behind] = [`${bucket}-ahead`, `${bucket}-behind`];
    for (const name of [ahead, behind]) await api(context, hako, "/buckets", { data: { bucket: name } });
    await Promise.all([
      slowly(browser, hako, context, bucket, file, 0),
      slowly(browser, hako, context, ahead, file, HOUR_MS),
      slowly(browser, hako, context, behind, file, -HOUR_MS),
    ]);
    for (const name of [bucket, ahead, behind]) expect(await stored(context, hako, name, "scan.bin"), name).toBe(sum);
  });
});
