// Names that are deleted, in the list of files.

import type { BrowserContext } from "@playwright/test";
import { checkAccessibility, checkNarrow } from "../support/looks";
import { type Hako, expect, fileRow, hydrated, keys, open, openBucket, signInByApi, store, test } from "../support/test";

async function keepVersions(context: BrowserContext, hako: Hako, bucket: string): Promise<void> {
  const answer = await context.request.put(`${hako.console}/api/v1/buckets/${bucket}/versioning`, {
    data: { status: "Enabled" },
    headers: { Origin: hako.console },
  });
  expect(answer.ok(), await answer.text()).toBe(true);
}

async function remove(context: BrowserContext, hako: Hako, bucket: string, key: string): Promise<void> {
  const url = `${hako.console}/api/v1/buckets/${bucket}/object?key=${encodeURIComponent(key)}`;
  expect((await context.request.delete(url, { headers: { Origin: hako.console } })).ok()).toBe(true);
}

test("FIL-24 deleted names are shown where one asks for them, and come back; a flat view has the keys of subfolders", async ({ page, context, hako, bucket }) => {
  await keepVersions(context, hako, bucket);
  await store(context, hako, bucket, "kept.txt", "kept");
  await store(context, hako, bucket, "gone & done.txt", "first");
  await store(context, hako, bucket, "gone & done.txt", "gone");
  await store(context, hako, bucket, "folder/inside.txt", "x");
  await store(context, hako, bucket, "folder/deep/gone.txt", "deep");
  for (const key of ["gone & done.txt", "folder/deep/gone.txt"]) await remove(context, hako, bucket, key);
  // Deleted twice: both markers have to go.
  await remove(context, hako, bucket, "gone & done.txt");

  await openBucket(page, bucket);
  await expect(fileRow(page, "kept.txt")).toBeVisible();
  await expect(fileRow(page, "gone & done.txt")).toHaveCount(0);
  await page.getByTestId("columns-button").click();
  await page.getByTestId("show-deleted").click();
  await expect(page).toHaveURL(/deleted=1/);
  const gone = fileRow(page, "gone & done.txt");
  await expect(gone).toHaveCount(1);
  await expect(gone.getByTestId("deleted-at")).toContainText(/deleted .*(now|second|min|s ago).* by demo/);
  await expect(gone.locator(".name-link bdi")).toHaveCSS("text-decoration-line", "line-through");
  await expect(fileRow(page, "kept.txt").locator(".name-link bdi")).toHaveCSS("text-decoration-line", "none");
  await expect(page.getByTestId("file-row")).toHaveCount(3);
  await checkAccessibility(page);
  await checkNarrow(page);
  await page.setViewportSize({ width: 1280, height: 800 });

  // Nothing but bringing it back can be done to it, and that is said.
  await gone.getByTestId("row-check").check();
  for (const action of ["download", "delete", "move"]) {
    await expect(page.getByTestId(`cmd-${action}`)).toHaveAttribute("title", /deleted already/);
  }
  await gone.getByTestId("row-check").uncheck();

  await gone.getByTestId("row-restore").click();
  await expect(page.getByTestId("toast")).toContainText("gone & done.txt is back");
  await expect(gone.getByTestId("deleted-at")).toHaveCount(0);
  await expect(gone).toHaveCount(1);
  const answer = await context.request.get(`${hako.console}/api/v1/buckets/${bucket}/object?key=gone%20%26%20done.txt`);
  expect(await answer.text()).toBe("gone");

  // It goes on in folders, of which some hold nothing else, and over a reload.
  await fileRow(page, "folder").getByRole("link").first().click();
  await fileRow(page, "deep").getByRole("link").first().click();
  await expect(fileRow(page, "gone.txt").getByTestId("deleted-at")).toBeVisible();
  await page.reload();
  await hydrated(page);
  await expect(fileRow(page, "gone.txt").getByTestId("deleted-at")).toBeVisible();
  // The name leads to its versions.
  await fileRow(page, "gone.txt").getByRole("link").first().click();
  await expect(page).toHaveURL(/\/versions\?prefix=folder%2Fdeep%2Fgone\.txt/);

  // Where all is deleted, the empty folder offers to show it.
  await open(page, `/buckets/${bucket}?prefix=folder%2Fdeep%2F`);
  await page.getByTestId("state-empty").getByTestId("show-deleted").click();
  await expect(fileRow(page, "gone.txt")).toBeVisible();

  await open(page, `/buckets/${bucket}`);
  await page.getByTestId("columns-button").click();
  await page.getByTestId("view-flat").click();
  await expect(fileRow(page, "folder/inside.txt")).toBeVisible();
  await expect(page.getByTestId("file-row")).toHaveCount(3);
  await page.getByTestId("columns-button").click();
  await page.getByTestId("show-deleted").click();
  await expect(fileRow(page, "folder/deep/gone.txt").getByTestId("deleted-at")).toBeVisible();
  await expect(page.getByTestId("file-row")).toHaveCount(4);
});

test("FIL-24 deleted names are found on all pages of a folder with many versions", async ({ page, context, hako, bucket }) => {
  await keepVersions(context, hako, bucket);
  // The versions of one key fill more than the first page.
  await Promise.all(Array.from({ length: 8 }, async (_, lane) => {
    for (let number = lane; number < 120; number += 8) await store(context, hako, bucket, "many", String(number));
  }));
  for (const key of ["aaa", "zzz"]) {
    await store(context, hako, bucket, key, "x");
    await remove(context, hako, bucket, key);
  }
  await open(page, `/buckets/${bucket}?deleted=1`);
  await expect(page.getByTestId("file-row")).toHaveCount(3);
  const names = await page.getByTestId("file-row").evaluateAll((rows) => rows.map((row) => row.getAttribute("data-name")));
  expect(names).toEqual(["aaa", "many", "zzz"]);
  await expect(page.getByTestId("deleted-at")).toHaveCount(2);
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("FIL-24 a deleted name comes back by a form", async ({ page, context, hako, bucket }) => {
    await signInByApi(context, hako);
    await keepVersions(context, hako, bucket);
    await store(context, hako, bucket, "kept", "x");
    await store(context, hako, bucket, "gone", "x");
    await remove(context, hako, bucket, "gone");
    await page.goto(`/buckets/${bucket}?deleted=1`);
    await fileRow(page, "gone").getByTestId("row-restore").click();
    await expect(fileRow(page, "gone").getByTestId("deleted-at")).toHaveCount(0);
    expect(await keys(context, hako, bucket)).toEqual(["gone", "kept"]);
  });
});
