// The page of a bucket's versions: what is kept by key, filtered, brought back and deleted for good.

import type { BrowserContext } from "@playwright/test";
import { checkAccessibility, checkNarrow, checkOpened } from "../support/looks";
import { type Hako, type Page, expect, open, store, test } from "../support/test";

async function keepVersions(context: BrowserContext, hako: Hako, bucket: string, status = "Enabled"): Promise<void> {
  const answer = await context.request.put(`${hako.console}/api/v1/buckets/${bucket}/versioning`, {
    data: { status },
    headers: { Origin: hako.console },
  });
  expect(answer.ok(), await answer.text()).toBe(true);
}

async function remove(context: BrowserContext, hako: Hako, bucket: string, key: string): Promise<void> {
  const url = `${hako.console}/api/v1/buckets/${bucket}/object?key=${encodeURIComponent(key)}`;
  const answer = await context.request.delete(url, { headers: { Origin: hako.console } });
  expect(answer.ok()).toBe(true);
}

/** The object as it is; null where there is none. */
async function content(context: BrowserContext, hako: Hako, bucket: string, key: string): Promise<string | null> {
  const answer = await context.request.get(
    `${hako.console}/api/v1/buckets/${bucket}/object?key=${encodeURIComponent(key)}`,
  );
  return answer.ok() ? answer.text() : null;
}

/** What the store says of all versions. */
async function truth(context: BrowserContext, hako: Hako, bucket: string, prefix = "") {
  const answer = await context.request.get(
    `${hako.console}/api/v1/buckets/${bucket}/versions?prefix=${encodeURIComponent(prefix)}`,
  );
  const page = await answer.json();
  const old = page.versions.filter((one: { is_latest: boolean }) => !one.is_latest);
  return {
    versions: page.versions.length as number,
    markers: page.delete_markers.length as number,
    old: old.length as number,
    bytes: old.reduce((sum: number, one: { size: number }) => sum + one.size, 0) as number,
  };
}

const row = (page: Page, key: string) => page.locator(`[data-testid="version-key"][data-key=${JSON.stringify(key)}]`);

async function seed(context: BrowserContext, hako: Hako, bucket: string): Promise<void> {
  await keepVersions(context, hako, bucket);
  for (const body of ["one", "two!", "three"]) await store(context, hako, bucket, "a/changed.txt", body);
  await store(context, hako, bucket, "a/kept.txt", "kept");
  await store(context, hako, bucket, "a/gone & done.txt", "gone");
  await remove(context, hako, bucket, "a/gone & done.txt");
  await store(context, hako, bucket, "b/other.txt", "other");
}

test("VER-1 keys are grouped and filtered, and what was deleted comes back", async ({ page, context, hako, bucket }) => {
  await seed(context, hako, bucket);
  await open(page, `/buckets/${bucket}/versions`);
  await expect(page.getByTestId("version-key")).toHaveCount(4);
  const all = await truth(context, hako, bucket);
  const line = page.getByTestId("count-line");
  await expect(line).toContainText(
    `4 keys: versions ${all.versions}, delete markers ${all.markers}, old versions ${all.old} with ${all.bytes} B`,
  );
  await expect(row(page, "a/gone & done.txt")).toHaveAttribute("data-state", "deleted");
  await expect(row(page, "a/changed.txt")).toContainText("3 versions");
  await expect(row(page, "a/changed.txt")).toContainText("7 B in 2 old ones");

  // Filters stand in the address.
  await page.getByTestId("filter-show").selectOption("deleted");
  await page.getByTestId("filter-apply").click();
  await expect(page.getByTestId("version-key")).toHaveCount(1);
  await expect(page).toHaveURL(/show=deleted/);
  await page.getByTestId("filter-show").selectOption("old");
  await page.getByTestId("filter-input").fill("CHANGED");
  await page.getByTestId("filter-apply").click();
  await expect(page.getByTestId("version-key")).toHaveCount(1);
  await expect(row(page, "a/changed.txt")).toBeVisible();
  await page.getByTestId("filter-days").fill("1");
  await page.getByTestId("filter-apply").click();
  await expect(page.getByTestId("state-no-match")).toContainText("4 keys are hidden");
  await page.getByTestId("state-no-match").getByRole("link", { name: "Clear filter" }).click();

  // A folder has its own sums.
  await open(page, `/buckets/${bucket}/versions?prefix=a%2F`);
  const below = await truth(context, hako, bucket, "a/");
  await expect(page.getByTestId("version-key")).toHaveCount(3);
  await expect(line).toContainText(`versions ${below.versions}, delete markers ${below.markers}, old versions ${below.old}`);

  await row(page, "a/gone & done.txt").getByTestId("undelete").click();
  await expect(row(page, "a/gone & done.txt")).toHaveAttribute("data-state", "current");
  expect(await content(context, hako, bucket, "a/gone & done.txt")).toBe("gone");

  // The oldest version goes on top; the others stay.
  const changed = row(page, "a/changed.txt");
  await changed.locator("summary").click();
  await expect(changed.getByTestId("version-row")).toHaveCount(3);
  const oldest = changed.getByTestId("version-row").nth(2);
  const download = page.waitForEvent("download");
  await oldest.getByTestId("version-download").click();
  const text = await (await (await download).createReadStream()).toArray();
  expect(Buffer.concat(text).toString()).toBe("one");
  await oldest.getByTestId("version-restore").click();
  await expect(changed.getByTestId("version-row")).toHaveCount(4);
  expect(await content(context, hako, bucket, "a/changed.txt")).toBe("one");

  // For good, and only by the words.
  const before = await truth(context, hako, bucket, "a/");
  await changed.getByTestId("version-row").nth(1).getByTestId("version-delete").click();
  const dialog = page.getByTestId("dialog");
  await expect(dialog.getByTestId("confirm-submit")).toHaveAttribute("aria-disabled", "true");
  await dialog.getByTestId("confirm-input").fill("delete 1 version");
  await dialog.getByTestId("confirm-submit").click();
  await expect(changed.getByTestId("version-row")).toHaveCount(3);
  const after = await truth(context, hako, bucket, "a/");
  expect(after.versions).toBe(before.versions - 1);
  expect(await content(context, hako, bucket, "a/changed.txt")).toBe("one");
});

test("VER-1 a folder is restored, thinned out and purged after a plan", async ({ page, context, hako, bucket }) => {
  await seed(context, hako, bucket);
  await open(page, `/buckets/${bucket}/versions?prefix=a%2F`);
  const dialog = page.getByTestId("dialog");
  await page.getByTestId("cmd-restore").click();
  await expect(dialog.getByTestId("bulk-plan")).toContainText("1 object comes back", { timeout: 30_000 });
  await checkOpened(page, "versions-bulk-dialog");
  await dialog.getByTestId("confirm-submit").click();
  await expect(dialog).toHaveCount(0, { timeout: 30_000 });
  expect(await content(context, hako, bucket, "a/gone & done.txt")).toBe("gone");
  await expect(row(page, "a/gone & done.txt")).toHaveAttribute("data-state", "current");

  // Old versions of what is selected alone.
  const before = await truth(context, hako, bucket, "a/");
  await row(page, "a/changed.txt").getByTestId("row-check").check();
  await expect(page.getByTestId("bulk-bar")).toContainText("1 key selected");
  await page.getByTestId("cmd-purge_old").click();
  await dialog.getByTestId("field-older").fill("0");
  await dialog.getByTestId("confirm-submit").click();
  await expect(dialog.getByTestId("bulk-plan")).toContainText(`Versions: ${before.old}.`, { timeout: 30_000 });
  await expect(dialog.getByTestId("confirm-submit")).toHaveAttribute("aria-disabled", "true");
  await dialog.getByTestId("confirm-input").fill("delete 2 versions");
  await dialog.getByTestId("confirm-submit").click();
  await expect(dialog).toHaveCount(0, { timeout: 30_000 });
  expect((await truth(context, hako, bucket, "a/")).old).toBe(0);
  expect(await content(context, hako, bucket, "a/changed.txt")).toBe("three");

  // Everything below the folder, and nothing else.
  await page.getByTestId("row-check").first().uncheck();
  const all = await truth(context, hako, bucket, "a/");
  await page.getByTestId("cmd-purge").click();
  await expect(dialog.getByTestId("bulk-plan")).toContainText(`Versions: ${all.versions}.`, { timeout: 30_000 });
  await dialog.getByTestId("confirm-input").fill(`delete ${all.versions + all.markers} versions`);
  await dialog.getByTestId("confirm-submit").click();
  await expect(dialog).toHaveCount(0, { timeout: 30_000 });
  expect((await truth(context, hako, bucket, "a/")).versions).toBe(0);
  expect(await content(context, hako, bucket, "b/other.txt")).toBe("other");
  // What it cannot be told as a rule is not done.
  await open(page, `/buckets/${bucket}/versions?show=old`);
  await expect(page.getByTestId("bulk-bar")).toHaveCount(0);
});

test("VER-1 pages lead on by the store's markers", async ({ page, context, hako, bucket }) => {
  await keepVersions(context, hako, bucket);
  const names = Array.from({ length: 53 }, (_, n) => `k${String(n).padStart(2, "0")}`);
  for (const name of names) await store(context, hako, bucket, name, name);
  await store(context, hako, bucket, "k49", "again");
  await open(page, `/buckets/${bucket}/versions`);
  await expect(page.getByTestId("version-key")).toHaveCount(50);
  await expect(page.getByTestId("count-line")).toContainText("50 keys on this page");
  await page.getByTestId("pager").getByRole("link", { name: "Next page" }).click();
  await expect(page.getByTestId("version-key")).toHaveCount(3);
  await expect(row(page, "k50")).toBeVisible();
  await page.getByTestId("pager").getByRole("link", { name: "First page" }).click();
  await expect(row(page, "k00")).toBeVisible();
  // A filter looks beyond one page of the list.
  await open(page, `/buckets/${bucket}/versions?q=k52`);
  await expect(page.getByTestId("version-key")).toHaveCount(1);
});

test("VER-2 versioning is switched on after a second question, and suspended is told apart", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  await open(page, `/buckets/${bucket}/versions`);
  const versioning = page.getByTestId("versioning");
  await expect(versioning).toHaveAttribute("data-state", "off");
  await expect(versioning).toContainText("counts towards the quota");
  await page.getByTestId("versioning-switch").click();
  const dialog = page.getByTestId("dialog");
  await expect(dialog.getByTestId("one-way")).toContainText("cannot be undone");
  await checkOpened(page, "versioning-dialog");
  await expect(dialog.getByTestId("confirm-submit")).toHaveAttribute("aria-disabled", "true");
  await dialog.getByTestId("one-way-confirm").check();
  await dialog.getByTestId("confirm-submit").click();
  await expect(versioning).toHaveAttribute("data-state", "on");
  await page.getByTestId("versioning-switch").click();
  await expect(dialog.getByTestId("one-way")).toHaveCount(0);
  await dialog.getByTestId("confirm-submit").click();
  await expect(versioning).toHaveAttribute("data-state", "suspended");
  await expect(versioning).toContainText("suspended");
  const stored = await context.request.get(`${hako.console}/api/v1/buckets/${bucket}/versioning`);
  expect((await stored.json()).status).toBe("Suspended");
});

test("versions work without JavaScript", async ({ browser, context, hako, bucket }) => {
  await seed(context, hako, bucket);
  const plain = await browser.newContext({ javaScriptEnabled: false, storageState: await context.storageState() });
  const page = await plain.newPage();
  await page.goto(`${hako.console}/buckets/${bucket}/versions?prefix=a%2F`);
  await row(page, "a/gone & done.txt").getByTestId("undelete").click();
  await expect(row(page, "a/gone & done.txt")).toHaveAttribute("data-state", "current");
  const changed = row(page, "a/changed.txt");
  await changed.locator("summary").click();
  await changed.getByRole("link", { name: "Show the versions" }).click();
  await expect(changed.getByTestId("version-row")).toHaveCount(3);
  await changed.getByTestId("version-row").nth(2).getByTestId("version-delete").click();
  await page.getByTestId("confirm-input").fill("delete 1 version");
  await page.getByTestId("confirm-submit").click();
  await expect(changed).toContainText("2 versions");
  await changed.locator("summary").click();
  await changed.getByRole("link", { name: "Show the versions" }).click();
  await changed.getByTestId("version-row").nth(1).getByTestId("version-restore").click();
  await expect(changed).toContainText("3 versions");
  expect(await content(context, hako, bucket, "a/changed.txt")).toBe("two!");
  await page.getByTestId("versioning-switch").click();
  await page.getByTestId("confirm-submit").click();
  await expect(page.getByTestId("versioning")).toHaveAttribute("data-state", "suspended");
  await plain.close();
});

test("the page of versions looks right in every width and theme", async ({ page, context, hako, bucket }, info) => {
  await open(page, `/buckets/${bucket}/versions`);
  await checkAccessibility(page);
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.screenshot({ path: info.outputPath("versions-off.png") });
  await seed(context, hako, bucket);
  const open_ = encodeURIComponent("a/changed.txt");
  await open(page, `/buckets/${bucket}/versions?prefix=a%2F&open=${open_}`);
  await expect(page.getByTestId("version-row")).toHaveCount(3);
  await checkAccessibility(page);
  await checkNarrow(page);
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    for (const width of [1280, 320]) {
      await page.setViewportSize({ width, height: 900 });
      await page.screenshot({ path: info.outputPath(`versions-${colorScheme}-${width}.png`), fullPage: true });
    }
  }
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.getByTestId("version-delete").first().click();
  await checkOpened(page, "version-delete-dialog");
  await page.screenshot({ path: info.outputPath("versions-delete.png") });
});
