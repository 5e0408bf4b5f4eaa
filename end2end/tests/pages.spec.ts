// What holds for every page: accessible, narrow enough, and safely framed.

import { join } from "node:path";
import { MB, drop, randomFile, withFolder } from "../support/files";
import { gate } from "../support/gate";
import { checkAccessibility, checkNarrow, checkOpened } from "../support/looks";
import { expect, fileRow, open, openBucket, signInByApi, store, test, uploadRow, uploadState } from "../support/test";

// Six looks at each state of each page.
test.describe.configure({ timeout: 180_000 });

test("sign-in is accessible", async ({ page, faults }) => {
  faults.expectStatus(401);
  await open(page, "/sign-in");
  await checkAccessibility(page);
  await checkNarrow(page);
  await page.getByTestId("signin-username").fill("nobody");
  await page.getByTestId("signin-password").fill("nothing");
  await page.getByTestId("signin-submit").click();
  await expect(page.getByTestId("signin-error")).toBeVisible();
  await checkAccessibility(page);
  await checkNarrow(page);
});

test("the list of buckets and its dialog are accessible", async ({ page, bucket }) => {
  // The list begins with fifty.
  await open(page, `/buckets?q=${bucket}`);
  await expect(page.getByText(bucket).first()).toBeVisible();
  await checkAccessibility(page);
  await checkNarrow(page);
  await page.setViewportSize({ width: 1440, height: 800 });
  await page.getByRole("button", { name: /session menu/ }).click();
  await checkAccessibility(page);
  await page.keyboard.press("Escape");
  await page.setViewportSize({ width: 1440, height: 800 });
  await page.getByTestId("bucket-create").click();
  await expect(page.getByTestId("bucket-create-dialog")).toBeVisible();
  await checkAccessibility(page);
  await checkNarrow(page);
});

test("transfers are accessible, with what waits for its file and what was stored", async ({ page, context, bucket }) => {
  await withFolder(async (folder) => {
    const [large, small] = [join(folder, "large.bin"), join(folder, "small.bin")];
    await randomFile(large, 110 * MB);
    await randomFile(small, 1_000);
    await gate(context, 2);
    await openBucket(page, bucket);
    await drop(page, large, small);
    await uploadState(page, "small.bin", "done");
    await expect(uploadRow(page, "large.bin").getByTestId("upload-parts")).toHaveText("2 of 5 parts", { timeout: 30_000 });
    page.on("dialog", (dialog) => void dialog.accept());
    await open(page, "/transfers");
    await uploadState(page, "large.bin", "file-needed");
    await expect(page.getByTestId("table-history")).toContainText("small.bin");
    await checkAccessibility(page);
    await checkNarrow(page);
  });
});

test("files, their dialogs and the dock are accessible", async ({ page, context, hako, bucket }) => {
  await openBucket(page, bucket);
  await expect(page.getByTestId("state-empty")).toBeVisible();
  await checkAccessibility(page);
  const long = `a-very-long-name-${"x".repeat(120)}.txt`;
  await store(context, hako, bucket, long, "x");
  await store(context, hako, bucket, "folder/x", "x");
  await openBucket(page, bucket);
  await checkAccessibility(page);
  await checkNarrow(page);

  await page.setViewportSize({ width: 1440, height: 800 });
  await page.getByTestId("cmd-new-folder").click();
  await expect(page.getByTestId("dialog")).toBeVisible();
  await checkOpened(page, "new-folder-dialog");
  await page.keyboard.press("Escape");

  await page.setViewportSize({ width: 1440, height: 800 });
  await fileRow(page, long).getByTestId("row-check").check();
  await fileRow(page, "folder").getByTestId("row-check").check();
  await page.getByTestId("cmd-delete").click();
  await expect(page.getByTestId("confirm-submit")).toBeVisible();
  await checkOpened(page, "delete-dialog");
  await checkNarrow(page);
});

test("ALL-12 a page that does not exist says so", async ({ page, context, hako, faults }) => {
  faults.expectStatus(404);
  await signInByApi(context, hako);
  for (const path of ["/no/such/page", "/buckets/no-such-bucket"]) {
    const answer = await page.goto(path);
    expect(answer?.status(), path).toBe(404);
    await expect(page.getByTestId("state-not-found")).toBeVisible();
  }
});
