// Whole folders, the numbers of what is on its way, and what becomes of both when one moves about.

import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Page } from "@playwright/test";
import { MB, drop, randomFile, withFolder } from "../support/files";
import { gate, letGo } from "../support/gate";
import { expect, keys, openBucket, reload, test, uploadRow, uploadState } from "../support/test";
import { SMALL_PARTS, halfway, partsStored, slow, stored, watchLoads } from "../support/uploads";

test.use({ settings: SMALL_PARTS });
test.describe.configure({ timeout: 120_000 });

for (const way of ["handles", "entries"]) {
  test(`UPL-2 two folders keep all their paths, and folders without files: by ${way}`, async ({
    page,
    context,
    hako,
    bucket,
  }) => {
    if (way === "entries") {
      // As in browsers that have no handles.
      await context.addInitScript(() => {
        delete (DataTransferItem.prototype as { getAsFileSystemHandle?: unknown }).getAsFileSystemHandle;
      });
    }
    await withFolder(async (folder) => {
      const files = ["one/a.txt", "one/deep/er/b c.txt", "one/deep/er/empty.bin", "two/å/smile 😀.txt", "two/a.txt"];
      const empty = ["one/nothing", "two/x/y/nothing", "two/å/nothing"];
      const sums = new Map<string, string>();
      for (const [index, path] of files.entries()) {
        await mkdir(dirname(join(folder, path)), { recursive: true });
        sums.set(path, await randomFile(join(folder, path), path.endsWith(".bin") ? 0 : 1_000 + index));
      }
      for (const path of empty) await mkdir(join(folder, path), { recursive: true });
      await openBucket(page, bucket, "in here/");
      await drop(page, join(folder, "one"), join(folder, "two"));
      await expect(page.getByTestId("dock-summary")).toHaveText(`${files.length + empty.length} files uploaded`);
      const expected = [...files, ...empty.map((path) => `${path}/`)].map((path) => `in here/${path}`);
      expect((await keys(context, hako, bucket)).sort()).toEqual(expected.sort());
      for (const [path, sum] of sums) expect(await stored(context, hako, bucket, `in here/${path}`), path).toBe(sum);
    });
  });
}

/** Per cent of a progress bar. */
async function bar(page: Page, key: string): Promise<number> {
  return Number(await uploadRow(page, key).getByTestId("upload-bar").getAttribute("aria-valuenow"));
}

test("UPL-4 the dock's numbers are those of the files, and the tab's title tells them too", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  await withFolder(async (folder) => {
    const [large, small] = [join(folder, "large.bin"), join(folder, "small.bin")];
    const sums = [await randomFile(large, 60 * MB), await randomFile(small, 2 * MB)];
    await gate(context, 3);
    await openBucket(page, bucket);
    const bare = await page.title();
    await drop(page, large, small);
    await partsStored(page, "large.bin", "3 of 12 parts");
    await uploadState(page, "small.bin", "done");

    // Nothing moves: 15 MB of the one and all of the other are stored, and nothing is in flight.
    await expect(uploadRow(page, "large.bin").getByTestId("upload-amount")).toHaveText("15 MB of 60 MB");
    expect(await bar(page, "large.bin")).toBe(25);
    const percent = Math.floor((17 * 100) / 62);
    await expect(page.getByTestId("dock-total")).toHaveAttribute("aria-valuenow", String(percent));
    await expect(page.getByTestId("dock-summary")).toContainText(`1 of 2 files · ${percent} %`);
    await expect(page).toHaveTitle(`${percent} % · ${bare}`);

    // Slowly: what is in flight is counted, the rate and the time left are those of the line.
    await slow(page, 4 * MB);
    await letGo(page);
    await expect.poll(() => bar(page, "large.bin")).not.toBe(25);
    const row = uploadRow(page, "large.bin");
    await expect(row.getByTestId("upload-eta")).toHaveText(/^about \d+ s left$/, { timeout: 15_000 });
    await expect(page.getByTestId("dock-summary")).toHaveText(/^1 of 2 files · \d+ % · [\d.]+ MB\/s · about \d+ s left$/);
    const rate = parseFloat((await row.getByTestId("upload-rate").textContent())!);
    expect(rate, "MB a second").toBeGreaterThan(2);
    expect(rate, "MB a second").toBeLessThan(8);
    const shown = await page.evaluate(() => {
      const value = (selector: string) => Number(document.querySelector(selector)!.getAttribute("aria-valuenow"));
      return { large: value("[data-key='large.bin'] [data-testid=upload-bar]"), total: value("[data-testid=dock-total]") };
    });
    const sent = (shown.large * 60 + 100 * 2) / 62;
    expect(Math.abs(shown.total - sent), JSON.stringify(shown)).toBeLessThan(3);

    await uploadState(page, "large.bin", "done", 60_000);
    await expect(page.getByTestId("dock-summary")).toHaveText("2 files uploaded");
    await expect(page).toHaveTitle(bare);
    expect(await stored(context, hako, bucket, "large.bin")).toBe(sums[0]);
    expect(await stored(context, hako, bucket, "small.bin")).toBe(sums[1]);
  });
});

test("UPL-22 leaving asks while something is not over, and going about in the console never does", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  const asked: string[] = [];
  page.on("dialog", (dialog) => {
    asked.push(dialog.type());
    void dialog.dismiss();
  });
  await withFolder(async (folder) => {
    const file = join(folder, "large.bin");
    const sum = await randomFile(file, 60 * MB);
    await halfway(page, bucket, file, "large.bin", 2, 12);
    const loads = watchLoads(page);
    // Browsers ask only people who have touched the page.
    await page.getByRole("heading", { level: 1 }).click();
    await page.evaluate(() => setTimeout(() => location.reload()));
    await expect.poll(() => asked).toEqual(["beforeunload"]);
    await uploadState(page, "large.bin", "uploading");

    const pages: [string, RegExp][] = [
      ["nav-buckets", /\/buckets$/],
      ["nav-transfers", /\/transfers$/],
      ["nav-namespaces", /\/namespaces$/],
      ["nav-users", /\/people\/users$/],
      ["nav-usage", /\/usage$/],
    ];
    for (const [index, [link, url]] of pages.entries()) {
      await page.getByTestId(link).click();
      await expect(page).toHaveURL(url);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await partsStored(page, "large.bin", `${2 + index} of 12 parts`);
      await letGo(page, 1);
      await partsStored(page, "large.bin", `${3 + index} of 12 parts`);
    }
    expect(loads(), "loads of the page").toBe(0);
    await page.goBack();
    await letGo(page);
    await uploadState(page, "large.bin", "done", 30_000);
    expect(asked).toEqual(["beforeunload"]);
    expect(await stored(context, hako, bucket, "large.bin")).toBe(sum);

    await reload(page);
    expect(loads()).toBe(1);
    expect(asked).toEqual(["beforeunload"]);
  });
});
