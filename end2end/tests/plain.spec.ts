// The list of files without scripts.

import { readFile } from "node:fs/promises";
import { checkOpened } from "../support/looks";
import { fill } from "../support/many";
import { expect, fileRow, keys, signInByApi, test } from "../support/test";

test.use({ javaScriptEnabled: false });

test("FIL-26 without scripts one goes through a folder, downloads, uploads and deletes", async ({ page, context, browser, hako, bucket, faults }) => {
  test.setTimeout(120_000);
  await fill(context, hako, bucket, 150, "CASE WHEN n < 1 THEN 'd/x' ELSE printf('f%04d', n) END");
  await signInByApi(context, hako);
  await page.goto(`/buckets/${bucket}`);
  await expect(page.getByTestId("file-row")).toHaveCount(100);
  await page.getByTestId("pager").click();
  await expect(page.getByTestId("file-row")).toHaveCount(50);
  await page.goto(`/buckets/${bucket}`);
  await fileRow(page, "d").getByRole("link").first().click();
  await expect(page).toHaveURL(/prefix=d%2F/);
  await expect(fileRow(page, "x")).toBeVisible();

  // Two files at once, one with a name that is not ASCII; they come to where one is.
  const bytes = Buffer.alloc(3_000_000, "0123456789");
  const files = page.getByTestId("form-upload").locator('input[type="file"]');
  await files.setInputFiles([
    { name: "åäö & co.txt", mimeType: "text/plain", buffer: Buffer.from("åäö") },
    { name: "large.bin", mimeType: "application/octet-stream", buffer: bytes },
  ]);
  await page.getByTestId("plain-upload").click();
  await expect(page).toHaveURL(/prefix=d%2F/);
  await expect(fileRow(page, "åäö & co.txt")).toBeVisible();
  await expect(fileRow(page, "large.bin")).toBeVisible();

  await fileRow(page, "large.bin").getByRole("link").first().click();
  const fetching = page.waitForEvent("download");
  await page.getByTestId("drawer-download").click();
  const download = await fetching;
  expect(download.suggestedFilename()).toBe("large.bin");
  expect((await readFile((await download.path())!)).equals(bytes)).toBe(true);
  await page.getByTestId("drawer-close").click();

  // What is there is not replaced unasked.
  faults.expectStatus(409);
  faults.expectStatus(422);
  const again = { name: "åäö & co.txt", mimeType: "text/plain", buffer: Buffer.from("new") };
  await files.setInputFiles(again);
  await page.getByTestId("plain-upload").click();
  await expect(page.getByTestId("form-upload").getByTestId("error-summary")).toContainText("is here already");
  const content = async () => {
    const key = encodeURIComponent("d/åäö & co.txt");
    return (await context.request.get(`${hako.console}/api/v1/buckets/${bucket}/object?key=${key}`)).text();
  };
  expect(await content()).toBe("åäö");
  await page.getByTestId("form-upload").getByRole("checkbox").check();
  await files.setInputFiles(again);
  await page.getByTestId("plain-upload").click();
  await expect(page.getByTestId("error-summary")).toHaveCount(0);
  expect(await content()).toBe("new");

  // Nothing chosen is said, too.
  await files.evaluate((input) => input.removeAttribute("required"));
  await page.getByTestId("plain-upload").click();
  await expect(page.getByTestId("form-upload").getByTestId("error-summary")).toContainText("at least one file");

  // Deleting asks on a page of its own; leaving that deletes nothing.
  await page.goto(`/buckets/${bucket}?prefix=d%2F`);
  const ask = async () => {
    for (const name of ["x", "large.bin"]) await fileRow(page, name).getByTestId("row-check").check();
    await page.getByTestId("cmd-delete").click();
    await expect(page).toHaveURL(/ask=delete/);
    await expect(page.getByTestId("form-delete")).toContainText("large.bin");
  };
  await ask();
  // What looks is a script: it is given the page as one without scripts has it.
  const looking = await browser.newContext({ javaScriptEnabled: true, storageState: await context.storageState() });
  const copy = await looking.newPage();
  await copy.route("**/*ask=delete*", async (route) => {
    const response = await route.fetch();
    const body = (await response.text()).replace(/<script[^]*?<\/script>|<\/?noscript>/g, "");
    await route.fulfill({ response, body });
  });
  await copy.goto(page.url());
  await checkOpened(copy, "plain-dialog");
  await looking.close();
  await page.getByTestId("dialog").getByRole("link", { name: "Cancel" }).click();
  await expect(fileRow(page, "large.bin")).toBeVisible();
  await ask();
  await page.getByTestId("confirm-submit").click();
  await expect(fileRow(page, "large.bin")).toHaveCount(0);
  const left = await keys(context, hako, bucket);
  expect(left.filter((key) => key.startsWith("d/"))).toEqual(["d/åäö & co.txt"]);
  expect(left.length).toBe(150);
});
