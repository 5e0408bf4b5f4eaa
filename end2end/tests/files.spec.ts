// The object browser and its uploads.

import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { MB, choose, randomFile, sha256, withFolder } from "../support/files";
import {
  expect,
  fileRow,
  keys,
  open,
  openBucket,
  signInByApi,
  store,
  test,
  uploadRow,
  uploadState,
} from "../support/test";
import { slow } from "../support/uploads";

const ODD_NAMES = [
  "with space.txt",
  "hash#and?query.txt",
  "percent%41 100%.txt",
  `quotes'".txt`,
  "plus+and&ampersand=.txt",
  "smile 😀 åäö.txt",
];

/** Waits until the store has taken a part. */
function partStored(page: Page): Promise<unknown> {
  return page.waitForResponse((answer) => answer.url().includes("partNumber=") && answer.ok());
}

/** Waits until an upload was aborted at the store. */
function aborted(page: Page): Promise<unknown> {
  return page.waitForResponse((answer) => answer.url().includes("multipart/abort") && answer.ok());
}

test("folders are opened, made and left by breadcrumbs", async ({ page, context, hako, bucket }) => {
  await store(context, hako, bucket, "a b/c#d/deep.txt", "deep");
  await store(context, hako, bucket, "top.txt", "top");
  await openBucket(page, bucket);
  await expect(page.getByTestId("file-row")).toHaveCount(2);

  await fileRow(page, "a b").getByRole("link").first().click();
  await expect(page).toHaveURL(/prefix=a%20b%2F|prefix=a\+b%2F/);
  await fileRow(page, "c#d").getByRole("link").first().click();
  await expect(fileRow(page, "deep.txt")).toBeVisible();

  const breadcrumb = page.getByTestId("breadcrumb");
  await expect(breadcrumb.locator('[aria-current="page"]')).toHaveText("c#d");
  await breadcrumb.getByRole("link", { name: "a b" }).click();
  await expect(fileRow(page, "c#d")).toBeVisible();
  await page.goBack();
  await expect(fileRow(page, "deep.txt")).toBeVisible();
  await breadcrumb.getByRole("link", { name: bucket }).click();
  await expect(fileRow(page, "top.txt")).toBeVisible();

  await page.getByTestId("cmd-new-folder").click();
  const dialog = page.getByTestId("dialog");
  await dialog.getByRole("textbox").fill("new ✨");
  await page.keyboard.press("Enter");
  await expect(fileRow(page, "new ✨")).toBeVisible();
  await fileRow(page, "new ✨").getByRole("link").first().click();
  await expect(page.getByTestId("state-empty")).toBeVisible();
  expect(await keys(context, hako, bucket)).toContain("new ✨/");
});

test("files of any name and of no size are uploaded, downloaded and deleted", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  await openBucket(page, bucket);
  const files = ODD_NAMES.map((name) => ({
    name,
    mimeType: "text/plain",
    buffer: Buffer.from(`content of ${name}`),
  }));
  await choose(page, [...files, { name: "empty", mimeType: "", buffer: Buffer.alloc(0) }]);
  for (const name of [...ODD_NAMES, "empty"]) await uploadState(page, name, "done");
  expect((await keys(context, hako, bucket)).sort()).toEqual([...ODD_NAMES, "empty"].sort());

  for (const name of ODD_NAMES) {
    const download = page.waitForEvent("download");
    await fileRow(page, name).getByRole("link").click();
    await expect(page.getByTestId("drawer-title")).toHaveText(name);
    await page.getByTestId("drawer-download").click();
    const chunks: Buffer[] = [];
    for await (const chunk of await (await download).createReadStream()) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString()).toBe(`content of ${name}`);
  }

  await fileRow(page, "empty").getByTestId("row-check").check();
  await fileRow(page, ODD_NAMES[0]).getByTestId("row-check").check();
  await page.getByTestId("cmd-delete").click();
  await page.getByTestId("delete-now").click();
  await expect(fileRow(page, "empty")).toHaveCount(0);
  await expect(page.getByTestId("file-row")).toHaveCount(ODD_NAMES.length - 1);
  expect(await keys(context, hako, bucket)).not.toContain("empty");
});

test("an upload lands in the folder that is open", async ({ page, context, hako, bucket }) => {
  await openBucket(page, bucket, "in here/");
  await choose(page, [{ name: "x.txt", mimeType: "text/plain", buffer: Buffer.from("x") }]);
  await uploadState(page, "in here/x.txt", "done");
  await expect(fileRow(page, "x.txt")).toBeVisible();
  expect(await keys(context, hako, bucket)).toEqual(["in here/x.txt"]);
});

test("UPL-24 a file that changes while it is sent is not stored", async ({ page, context, hako, bucket, faults }) => {
  faults.expectMessage(/ERR_UPLOAD_FILE_CHANGED/);
  await withFolder(async (folder) => {
    const file = join(folder, "changing.bin");
    await randomFile(file, 110 * MB);
    await openBucket(page, bucket);
    await slow(page, 20 * MB);
    const stored = partStored(page);
    const gone = aborted(page);
    await choose(page, [file]);
    await stored;
    await appendFile(file, "more");
    await uploadState(page, "changing.bin", "changed", 60_000);
    await expect(uploadRow(page, "changing.bin")).toContainText(/changed/i);
    await gone;
    expect(await keys(context, hako, bucket)).toEqual([]);
  });
});

test("a cancelled upload leaves nothing", async ({ page, context, hako, bucket }) => {
  await withFolder(async (folder) => {
    const file = join(folder, "big.bin");
    await randomFile(file, 110 * MB);
    await openBucket(page, bucket);
    await slow(page, 10 * MB);
    const stored = partStored(page);
    const gone = aborted(page);
    await choose(page, [file]);
    await stored;
    await uploadRow(page, "big.bin").getByTestId("upload-cancel").click();
    await uploadState(page, "big.bin", "cancelled");
    await gone;
    expect(await keys(context, hako, bucket)).toEqual([]);
  });
});

test("an upload survives a store that stops and comes back", async ({ page, context, hako, bucket, faults }) => {
  test.setTimeout(120_000);
  faults.expectMessage(/ERR_(CONNECTION_REFUSED|CONNECTION_RESET|EMPTY_RESPONSE|SOCKET_NOT_CONNECTED)/);
  faults.expectStatus(403); // of the look at the store itself
  await withFolder(async (folder) => {
    const file = join(folder, "big.bin");
    const sum = await randomFile(file, 110 * MB);
    await openBucket(page, bucket);
    await slow(page, 20 * MB);
    const stored = partStored(page);
    await choose(page, [file]);
    await stored;
    await hako.crash();
    const row = uploadRow(page, "big.bin");
    await expect(row).toHaveAttribute("data-state", /retrying|failed|offline/, { timeout: 30_000 });
    await hako.revive();
    await slow(page, -1);
    const retry = row.getByTestId("upload-retry");
    if (await retry.isVisible()) await retry.click();
    await uploadState(page, "big.bin", "done", 60_000);

    await fileRow(page, "big.bin").getByRole("link").click();
    const download = page.waitForEvent("download");
    await page.getByTestId("drawer-download").click();
    await (await download).saveAs(join(folder, "copy"));
    expect(await sha256(join(folder, "copy"))).toBe(sum);
    expect(await keys(context, hako, bucket)).toEqual(["big.bin"]);
  });
});
