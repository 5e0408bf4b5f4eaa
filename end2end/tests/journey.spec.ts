// The main job: from the sign-in page to a dataset in the store, and back.

import { join } from "node:path";
import { MB, choose, drop, randomFile, sha256, withFolder } from "../support/files";
import { expect, fileRow, fillSignIn, hydrated, test, uploadRow, uploadState } from "../support/test";
import { Traffic } from "../support/traffic";
import { stored } from "../support/uploads";

const SIZE = 300 * MB;
const PARTS = 12; // of 25 MB

test("UPL-1 a 300 MB file goes straight to the store in parallel parts and comes back unchanged, small ones too", async ({
  page,
  context,
  hako,
}) => {
  test.setTimeout(300_000);
  await withFolder(async (folder) => {
    const file = join(folder, "data set.bin");
    const sum = await randomFile(file, SIZE);

    await page.goto("/");
    await expect(page.getByTestId("signin-form")).toBeVisible();
    await hydrated(page);
    await fillSignIn(page);
    await page.getByTestId("signin-submit").click();
    await expect(page).toHaveURL(/\/buckets$/);

    await hydrated(page);
    await page.getByTestId("bucket-create").click();
    const dialog = page.getByTestId("bucket-create-dialog");
    await dialog.getByTestId("bucket-name").fill("journey");
    await dialog.getByTestId("confirm-submit").click();
    // The list begins with the first fifty, and other tests have made some. It is drawn anew with the new one.
    const link = page.getByRole("link", { name: "journey", exact: true }).first();
    await expect(async () => {
      await page.getByTestId("filter-input").fill("journey");
      await expect(link).toBeVisible({ timeout: 2_000 });
    }).toPass();
    await link.click();
    await expect(page).toHaveURL(/\/buckets\/journey$/);
    await expect(page.getByTestId("state-empty")).toBeVisible();

    const traffic = await Traffic.watch(page, hako);
    await drop(page, file);
    await expect(uploadRow(page, "data set.bin")).toBeVisible();
    await uploadState(page, "data set.bin", "done", 180_000);

    expect([...traffic.parts].sort((a, b) => a - b)).toEqual(
      Array.from({ length: PARTS }, (_, index) => index + 1),
    );
    const most = await traffic.mostAtOnce();
    expect(most, "parts under way at once").toBeGreaterThan(1);
    expect(most, "parts under way at once").toBeLessThanOrEqual(6);
    expect(await traffic.bytesToStore(), "bytes of all parts").toBe(SIZE);
    expect(await traffic.largestToConsole(), "bytes of a request to the console").toBeLessThan(64 * 1024);

    const row = fileRow(page, "data set.bin");
    await expect(row).toContainText("300 MB");
    await row.getByRole("link").click();
    const download = page.waitForEvent("download");
    await page.getByTestId("drawer-download").click();
    const saved = await download;
    expect(saved.suggestedFilename()).toBe("data set.bin");
    const copy = join(folder, "copy.bin");
    await saved.saveAs(copy);
    expect(await sha256(copy)).toBe(sum);

    const [small, empty] = [join(folder, "small.bin"), join(folder, "empty.bin")];
    const sums = [await randomFile(small, 1024), await randomFile(empty, 0)];
    await choose(page, [small, empty]);
    for (const name of ["small.bin", "empty.bin"]) await uploadState(page, name, "done");
    expect(await stored(context, hako, "journey", "small.bin")).toBe(sums[0]);
    expect(await stored(context, hako, "journey", "empty.bin")).toBe(sums[1]);
    expect(await traffic.largestToConsole(), "bytes of a request to the console").toBeLessThan(64 * 1024);
  });
});
