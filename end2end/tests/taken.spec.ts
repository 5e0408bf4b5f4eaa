// Keys that are taken, on a store that does not overwrite: HCP's habit without versions.

import { join } from "node:path";
import type { BrowserContext } from "@playwright/test";
import { MB, drop, randomFile, withFolder } from "../support/files";
import { gate, letGo, partsSent } from "../support/gate";
import { type Hako, expect, keys, openBucket, store, test, uploadRow, uploadState } from "../support/test";
import { SMALL_PARTS, halfway, openUploads, partsStored, stored } from "../support/uploads";

const PARTS = 6;

test.use({ settings: { ...SMALL_PARTS, HAKO_LOCAL_PROFILE: "hcp" } });
test.describe.configure({ timeout: 120_000 });

async function content(context: BrowserContext, hako: Hako, bucket: string, key: string): Promise<string> {
  const answer = await context.request.get(`${hako.console}/api/v1/buckets/${bucket}/object`, { params: { key } });
  expect(answer.ok(), `${key}: ${answer.status()}`).toBe(true);
  return answer.text();
}

test("UPL-15 the old object is there until all of the new one is, and stays when that is cancelled", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  await store(context, hako, bucket, "scan.bin", "old");
  await withFolder(async (folder) => {
    const file = join(folder, "scan.bin");
    const sum = await randomFile(file, 30 * MB);
    await gate(context, 3);
    await openBucket(page, bucket);
    const overwrite = async () => {
      await drop(page, file);
      await page.getByTestId("conflict-choice-overwrite").check();
      await page.getByTestId("conflict-start").click();
    };
    await overwrite();
    await partsStored(page, "scan.bin", `3 of ${PARTS} parts`);
    expect(await content(context, hako, bucket, "scan.bin")).toBe("old");
    await uploadRow(page, "scan.bin").getByTestId("upload-cancel").click();
    await uploadState(page, "scan.bin", "cancelled");
    await expect.poll(() => openUploads(context, hako, bucket)).toEqual([]);
    expect(await content(context, hako, bucket, "scan.bin")).toBe("old");

    await page.getByTestId("upload-clear").click();
    await page.evaluate(() => (window.gate.left = 5));
    await overwrite();
    await partsStored(page, "scan.bin", `5 of ${PARTS} parts`);
    expect(await content(context, hako, bucket, "scan.bin")).toBe("old");
    await letGo(page);
    await uploadState(page, "scan.bin", "done", 30_000);
    expect(await stored(context, hako, bucket, "scan.bin")).toBe(sum);
  });
});

for (const choice of ["replace", "keep-both"]) {
  test(`UPL-16 somebody else was faster, and what was sent is not sent again: ${choice}`, async ({
    page,
    context,
    hako,
    bucket,
    faults,
  }) => {
    faults.expectStatus(409);
    await withFolder(async (folder) => {
      const file = join(folder, "scan.bin");
      const sum = await randomFile(file, 30 * MB);
      await halfway(page, bucket, file, "scan.bin", 3, PARTS);
      await store(context, hako, bucket, "scan.bin", "faster");
      await letGo(page);
      await uploadState(page, "scan.bin", "needs-decision", 30_000);
      const row = uploadRow(page, "scan.bin");
      await expect(row.getByTestId("upload-conflict")).toContainText("What was sent is kept");
      expect(await content(context, hako, bucket, "scan.bin")).toBe("faster");
      expect(await openUploads(context, hako, bucket)).toHaveLength(1);
      await row.getByTestId(`upload-${choice}`).click();
      await uploadState(page, "scan.bin", "done", 30_000);
      expect((await partsSent(page)).length).toBe(PARTS);
      expect(await stored(context, hako, bucket, "scan.bin")).toBe(sum);
      const expected = choice === "replace" ? ["scan.bin"] : ["scan (2).bin", "scan.bin"];
      expect((await keys(context, hako, bucket)).sort()).toEqual(expected);
      if (choice === "keep-both") expect(await content(context, hako, bucket, "scan (2).bin")).toBe("faster");
    });
  });
}
