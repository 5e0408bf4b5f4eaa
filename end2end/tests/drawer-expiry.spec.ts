// When Hako removes an object, in the drawer: set, changed, taken back, and what is seen when the end has come.

import type { BrowserContext } from "@playwright/test";
import { checkAccessibility, checkNarrow } from "../support/looks";
import { type Hako, type Page, expect, fileRow, keys, open, openBucket, store, test } from "../support/test";
import { account } from "../support/uploads";

const SENTENCE = "ending-sentence";

// The server looks for what has ended each second.
test.use({ settings: { HAKO_EXPIRY_SWEEP_SECONDS: "1" } });

const at = (hako: Hako, bucket: string, key: string) =>
  `${hako.console}/api/v1/buckets/${bucket}/object/expiry?key=${encodeURIComponent(key)}`;

/** When it ends, in milliseconds since 1970; null where it stays. */
async function end(context: BrowserContext, hako: Hako, bucket: string, key: string): Promise<number | null> {
  const answer = await context.request.get(at(hako, bucket, key));
  expect(answer.ok(), await answer.text()).toBe(true);
  const { expires_at } = await answer.json();
  return expires_at === null ? null : Date.parse(expires_at);
}

/** Sets an end as somebody else would. */
async function endsIn(context: BrowserContext, hako: Hako, bucket: string, key: string, seconds: number): Promise<void> {
  const answer = await context.request.put(at(hako, bucket, key), {
    data: { expires_in: seconds },
    headers: { Origin: hako.console },
  });
  expect(answer.ok(), await answer.text()).toBe(true);
}

const badge = (page: Page, name: string) => fileRow(page, name).getByTestId("expiry-badge");

test("DRW-9 an end is set to an hour, changed and taken back; after a short one the object is gone and so is its row", async ({
  page,
  context,
  hako,
  bucket,
  faults,
}) => {
  await store(context, hako, bucket, "draft.txt", "draft");
  await store(context, hako, bucket, "kept.txt", "kept");
  await openBucket(page, bucket);
  await fileRow(page, "draft.txt").getByRole("link").click();
  await page.getByTestId("drawer-tab-retention").click();
  await expect(page.getByTestId(SENTENCE)).toContainText("It has no end");
  const drawer = page.getByTestId("drawer");
  await expect(drawer.locator(".drawer-ends")).toHaveCount(0);
  await expect(page.getByTestId("ending-clear")).toHaveCount(0);

  await page.getByLabel("Remove after").selectOption("1 hour");
  await page.getByTestId("ending-set").click();
  await expect(page.getByTestId(SENTENCE)).toContainText(/Hako removes it .* UTC\. 1 hour left/);
  await expect(page.getByTestId("drawer-ending")).toBeFocused();
  await expect(drawer.locator(".drawer-ends")).toHaveText("1 hour left");
  await expect(badge(page, "draft.txt")).toHaveText("1 hour left");
  await expect(badge(page, "kept.txt")).toHaveCount(0);
  const hour = await end(context, hako, bucket, "draft.txt");
  expect(Math.abs(hour! - Date.now() - 3_600_000)).toBeLessThan(60_000);
  await checkAccessibility(page);
  await checkNarrow(page);
  await page.setViewportSize({ width: 1280, height: 800 });
  // It is told in the other parts, and after a reload.
  await page.getByTestId("drawer-tab-details").click();
  await expect(page.getByTestId("fact-ends")).toBeVisible();
  await expect(drawer.locator(".drawer-ends")).toHaveText(/1 hour left|59 minutes left/);
  await page.getByTestId("drawer-tab-retention").click();

  // Another time: a number and its unit, which is read before anything is sent.
  await page.getByLabel("Remove after").selectOption("Another time");
  await page.getByTestId("ending-set").click();
  await expect(page.getByTestId("error-number")).toContainText("whole number");
  await page.getByLabel("How many").fill("3");
  await page.getByLabel("Of what").selectOption("Days");
  await page.getByTestId("ending-set").click();
  await expect(page.getByTestId(SENTENCE)).toContainText("3 days left");
  await expect(badge(page, "draft.txt")).toHaveText("3 days left");
  expect((await end(context, hako, bucket, "draft.txt"))! - hour!).toBeGreaterThan(2 * 86_400_000);

  await page.getByTestId("ending-clear").click();
  await expect(page.getByTestId(SENTENCE)).toContainText("It has no end");
  await expect(badge(page, "draft.txt")).toHaveCount(0);
  await expect(drawer.locator(".drawer-ends")).toHaveCount(0);
  expect(await end(context, hako, bucket, "draft.txt")).toBeNull();

  // The end comes while somebody looks.
  faults.expectStatus(404);
  await endsIn(context, hako, bucket, "draft.txt", 4);
  await open(page, `/buckets/${bucket}?o=draft.txt&tab=retention`);
  await expect(badge(page, "draft.txt")).toHaveCount(1);
  await expect(fileRow(page, "draft.txt")).toHaveCount(0, { timeout: 30_000 });
  await expect(drawer.getByTestId("state-not-found")).toContainText("draft.txt is not there", { timeout: 30_000 });
  await expect(fileRow(page, "kept.txt")).toBeVisible();
  expect(await keys(context, hako, bucket)).toEqual(["kept.txt"]);
});

test("the rows of several files go one after the other, and what is written anew stays", async ({ page, context, hako, bucket }) => {
  for (const key of ["a.txt", "b.txt", "c.txt", "d.txt"]) await store(context, hako, bucket, key, key);
  await endsIn(context, hako, bucket, "a.txt", 3);
  await endsIn(context, hako, bucket, "b.txt", 6);
  await endsIn(context, hako, bucket, "c.txt", 5);
  await openBucket(page, bucket);
  for (const key of ["a.txt", "b.txt", "c.txt"]) await expect(badge(page, key)).toHaveCount(1);
  await store(context, hako, bucket, "c.txt", "anew");
  await expect(fileRow(page, "a.txt")).toHaveCount(0, { timeout: 30_000 });
  await expect(fileRow(page, "b.txt")).toHaveCount(0, { timeout: 30_000 });
  await expect(badge(page, "c.txt")).toHaveCount(0);
  await expect(fileRow(page, "c.txt")).toBeVisible();
  expect(await keys(context, hako, bucket)).toEqual(["c.txt", "d.txt"]);
});

test("an end that somebody else has set is told, and cannot be changed", async ({ page, context, hako, bucket, browser }) => {
  const [one, other] = [await account(context, hako, "one", bucket), await account(context, hako, "other", bucket)];
  await store(context, hako, bucket, "theirs.txt", "theirs");
  const first = await browser.newContext();
  await first.request.post(`${hako.console}/api/v1/session`, { data: one, headers: { Origin: hako.console } });
  await endsIn(first, hako, bucket, "theirs.txt", 86_400);
  await first.close();
  await context.clearCookies();
  await context.request.post(`${hako.console}/api/v1/session`, { data: other, headers: { Origin: hako.console } });
  await open(page, `/buckets/${bucket}?o=theirs.txt&tab=retention`);
  await expect(page.locator(".drawer-plain")).toHaveCount(0);
  const section = page.getByTestId("drawer-ending");
  await expect(section).toContainText(`${one.username} has set this end`);
  await expect(section).toContainText("Somebody else has set this end");
  await expect(page.getByTestId("form-ending")).toHaveCount(0);
  await expect(page.getByTestId("ending-clear")).toHaveCount(0);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("an end is set and taken back by plain forms", async ({ page, context, hako, bucket, faults }) => {
    await store(context, hako, bucket, "draft.txt", "draft");
    await page.goto(`/buckets/${bucket}?o=draft.txt&tab=retention`);
    await page.getByLabel("Remove after").selectOption("7 days");
    await page.getByTestId("ending-set").click();
    await expect(page.getByTestId(SENTENCE)).toContainText("Hako removes it");
    await expect(badge(page, "draft.txt")).toContainText("UTC");
    const days = (await end(context, hako, bucket, "draft.txt"))! - Date.now();
    expect(Math.abs(days - 7 * 86_400_000)).toBeLessThan(60_000);
    faults.expectStatus(422);
    await page.getByLabel("Remove after").selectOption("Another time, as given below");
    await page.getByLabel("How many").fill("soon");
    await page.getByTestId("ending-set").click();
    await expect(page.getByTestId("error-ending")).toContainText("whole number");
    await page.getByTestId("ending-clear").click();
    await expect(page.getByTestId(SENTENCE)).toContainText("It has no end");
    expect(await end(context, hako, bucket, "draft.txt")).toBeNull();
  });
});
