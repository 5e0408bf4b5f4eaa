// The drawer's forms: what an object is described with, its annotations, and two versions side by side.

import type { BrowserContext } from "@playwright/test";
import { checkAccessibility, checkNarrow, checkOpened } from "../support/looks";
import { type Hako, type Page, expect, fileRow, hydrated, open, openBucket, store, test } from "../support/test";

const KEY = "in/räport.txt";
const at = (hako: Hako, bucket: string, what = "", more = "") =>
  `${hako.console}/api/v1/buckets/${bucket}/object${what}?key=${encodeURIComponent(KEY)}${more}`;

async function put(
  context: BrowserContext,
  hako: Hako,
  bucket: string,
  body: string,
  headers: Record<string, string> = {},
): Promise<void> {
  const answer = await context.request.put(at(hako, bucket), {
    data: body,
    headers: { Origin: hako.console, "content-type": "text/plain", ...headers },
  });
  expect(answer.ok(), await answer.text()).toBe(true);
}

async function keepVersions(context: BrowserContext, hako: Hako, bucket: string): Promise<void> {
  const answer = await context.request.put(`${hako.console}/api/v1/buckets/${bucket}/versioning`, {
    data: { status: "Enabled" },
    headers: { Origin: hako.console },
  });
  expect(answer.ok(), await answer.text()).toBe(true);
}

/** What HEAD says of the object. */
async function head(context: BrowserContext, hako: Hako, bucket: string): Promise<Record<string, string>> {
  const answer = await context.request.head(at(hako, bucket));
  expect(answer.ok()).toBe(true);
  return answer.headers();
}

/** Saves as somebody else would. */
async function describe(
  context: BrowserContext,
  hako: Hako,
  bucket: string,
  properties: Record<string, unknown>,
): Promise<void> {
  const { fingerprint } = await (await context.request.get(at(hako, bucket, "/details"))).json();
  const answer = await context.request.put(at(hako, bucket, "/properties"), {
    data: { fingerprint, properties },
    headers: { Origin: hako.console },
  });
  expect(answer.ok(), await answer.text()).toBe(true);
}

async function show(page: Page, bucket: string): Promise<void> {
  await openBucket(page, bucket, "in/");
  await fileRow(page, "räport.txt").getByRole("link").click();
  await expect(page.getByTestId("drawer-facts")).toBeVisible();
}

const form = (page: Page) => page.getByTestId("form-properties");
const row = (page: Page, name: string) => page.getByTestId("meta-row").filter({ hasText: name });

test("DRW-4 metadata is added, changed and removed, and HEAD shows it; limit and names are told before", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  await put(context, hako, bucket, "hello", {
    "x-amz-meta-author": "Ada",
    "x-amz-meta-old": "1",
    "x-amz-tagging": "kept=yes",
  });
  await show(page, bucket);
  await expect(page.getByTestId("meta-row")).toHaveCount(2);
  await page.getByTestId("properties-edit").click();
  await expect(page.getByTestId("field-content_type")).toBeFocused();
  await expect(page.getByTestId("field-content_type")).toHaveValue("text/plain");
  await expect(form(page)).toContainText("copies the object onto itself");
  await expect(form(page)).toContainText("No old version is kept");
  const names = page.getByTestId("meta-name");
  const values = page.getByTestId("meta-value");
  await expect(names).toHaveCount(2);
  await expect(page.getByTestId("meta-size")).toHaveText("13 of 2,048 bytes");

  // What no store keeps is told, and nothing is sent.
  const sent: string[] = [];
  page.on("request", (request) => {
    if (request.method() === "PUT") sent.push(request.url());
  });
  await page.getByTestId("meta-add").click();
  await expect(names.nth(2)).toBeFocused();
  await names.nth(2).fill("Project code");
  await values.nth(2).fill("A 7");
  await page.getByTestId("properties-save").click();
  await expect(page.getByTestId("error-metadata")).toContainText('"Project code" is no name');
  await names.nth(2).fill("AUTHOR");
  await expect(page.getByTestId("error-metadata")).toContainText("is there twice");
  await names.nth(2).fill("Project-Code");
  await expect(page.getByTestId("error-metadata")).toHaveCount(0);
  await expect(page.getByTestId("meta-changes")).toHaveText("Project-Code will come back as project-code.");
  await values.nth(2).fill("x".repeat(2_100));
  await expect(page.getByTestId("meta-size")).toHaveText("2,125 of 2,048 bytes");
  await expect(page.getByTestId("error-metadata")).toContainText("2,048");
  await values.nth(2).fill("A 7");
  await page.getByTestId("field-content_type").fill("nonsense");
  await expect(page.getByTestId("error-content_type")).toContainText("image/tiff");
  await page.getByTestId("field-content_type").fill("text/x-report");
  await page.getByTestId("field-cache_control").fill("no-store");
  expect(sent).toEqual([]);

  // Added, changed and removed by one save.
  await values.nth(0).fill("Grace");
  await page.getByTestId("meta-remove").nth(1).click();
  await expect(page.getByTestId("meta-add")).toBeFocused();
  await page.getByTestId("properties-save").click();
  await expect(form(page)).toHaveCount(0);
  await expect(row(page, "author")).toHaveText(/author\s*Grace/);
  await expect(row(page, "project-code")).toHaveText(/project-code\s*A 7/);
  await expect(page.getByTestId("meta-row")).toHaveCount(2);
  await expect(page.getByTestId("fact-type")).toContainText("text/x-report");
  expect(sent).toHaveLength(1);
  const told = await head(context, hako, bucket);
  expect(told["x-amz-meta-author"]).toBe("Grace");
  expect(told["x-amz-meta-project-code"]).toBe("A 7");
  expect(told["x-amz-meta-old"]).toBeUndefined();
  expect(told["content-type"]).toBe("text/x-report");
  const tags = await (await context.request.get(at(hako, bucket, "/tags"))).json();
  expect(tags).toEqual({ tags: { kept: "yes" } });
});

test("DRW-4 what is typed and not saved is asked about before the form is left", async ({ page, context, hako, bucket }) => {
  await put(context, hako, bucket, "hello", { "x-amz-meta-author": "Ada" });
  await store(context, hako, bucket, "in/zz.txt", "next");
  await show(page, bucket);
  const asked: string[] = [];
  let stay = true;
  page.on("dialog", (dialog) => {
    asked.push(dialog.type());
    return stay ? dialog.dismiss() : dialog.accept();
  });
  const value = page.getByTestId("meta-value");
  const isStill = async (count: number) => {
    expect(asked).toHaveLength(count);
    await expect(value).toHaveValue("Grace");
    await expect(page.getByTestId("drawer-title")).toHaveText("räport.txt");
    await expect(page).toHaveURL(/o=in%2Fr%C3%A4port.txt/);
  };

  // Nothing typed, nothing asked.
  await page.getByTestId("properties-edit").click();
  await page.getByTestId("drawer-tab-versions").click();
  await expect(form(page)).toHaveCount(0);
  await page.getByTestId("drawer-tab-details").click();
  await page.getByTestId("properties-edit").click();
  expect(asked).toEqual([]);

  await value.fill("Grace");
  await page.getByTestId("drawer-tab-versions").click();
  await isStill(1);
  await page.getByTestId("drawer-close").click();
  await isStill(2);
  await page.getByTestId("drawer-title").focus();
  await page.keyboard.press("j");
  await isStill(3);
  await page.keyboard.press("Escape");
  await isStill(4);
  // Back leads to where one was before, and asks too; the address is that of the form again.
  await page.evaluate(() => history.back());
  await expect.poll(() => asked.length).toBe(5);
  await isStill(5);
  await fileRow(page, "zz.txt").getByRole("link").click();
  await isStill(6);
  await page.getByRole("link", { name: "Buckets" }).first().click();
  await isStill(7);
  // The page itself: the browser asks in words of its own.
  const reloaded = page.reload().catch(() => undefined);
  await expect.poll(() => asked.at(-1)).toBe("beforeunload");
  await isStill(8);
  void reloaded;

  // Saving is no leaving, and afterwards there is nothing to ask about.
  await page.getByTestId("properties-save").click();
  await expect(row(page, "author")).toHaveText(/author\s*Grace/);
  await page.getByTestId("drawer-tab-versions").click();
  await expect(form(page)).toHaveCount(0);
  expect(asked).toHaveLength(8);

  // Who says yes is let go.
  await page.getByTestId("drawer-tab-details").click();
  await page.getByTestId("properties-edit").click();
  await value.fill("Eve");
  stay = false;
  await page.getByTestId("drawer-close").click();
  await expect(page.getByTestId("drawer")).toHaveCount(0);
  expect(asked).toHaveLength(9);
});

test("DRW-4 what somebody else has saved is told field by field, and nothing typed is lost", async ({
  page,
  context,
  hako,
  bucket,
  faults,
}) => {
  faults.expectStatus(412);
  await keepVersions(context, hako, bucket);
  await put(context, hako, bucket, "hello", { "x-amz-meta-author": "Ada", "x-amz-meta-place": "Kiruna" });
  await show(page, bucket);
  await page.getByTestId("properties-edit").click();
  await expect(form(page)).toContainText("makes a new version");
  const values = page.getByTestId("meta-value");
  await values.nth(0).fill("Grace");
  await page.getByTestId("field-content_language").fill("sv");
  await describe(context, hako, bucket, {
    content_type: "text/x-theirs",
    metadata: { author: "Eve", place: "Luleå".replace("å", "a") },
  });
  await page.getByTestId("properties-save").click();
  await expect(page.getByTestId("error-properties")).toContainText("has changed since");
  const clash = (name: string) => page.locator(`[data-testid="conflict-row"][data-name="${name}"]`);
  await expect(page.getByTestId("conflict-row")).toHaveCount(3);
  await expect(clash("author")).toContainText(/Before\s*Ada/);
  await expect(clash("author").getByTestId("conflict-theirs")).toHaveText("Eve");
  await expect(clash("author").getByTestId("conflict-yours")).toHaveText("Grace");
  await expect(clash("author").getByTestId("keep-mine")).toHaveAttribute("aria-pressed", "true");
  // What was not touched is theirs already; what was typed is there still.
  await expect(clash("place").getByTestId("take-theirs")).toHaveAttribute("aria-pressed", "true");
  await expect(page.getByTestId("field-content_type")).toHaveValue("text/x-theirs");
  await expect(page.getByTestId("field-content_language")).toHaveValue("sv");
  await clash("author").getByTestId("take-theirs").click();
  await expect(values.nth(0)).toHaveValue("Eve");
  await clash("author").getByTestId("keep-mine").click();
  await expect(values.nth(0)).toHaveValue("Grace");
  await checkAccessibility(page);
  await checkNarrow(page);
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.getByTestId("properties-save").click();
  await expect(form(page)).toHaveCount(0);
  const told = await head(context, hako, bucket);
  expect(told["x-amz-meta-author"]).toBe("Grace");
  expect(told["x-amz-meta-place"]).toBe("Lulea");
  expect(told["content-type"]).toBe("text/x-theirs");
});

test("annotations are removed after a question, and broken JSON is refused with its place", async ({
  page,
  context,
  hako,
  bucket,
  faults,
}) => {
  await put(context, hako, bucket, "hello");
  const annotation = at(hako, bucket, "/metadata/lab");
  const saved = await context.request.put(annotation, { data: { dose: 3 }, headers: { Origin: hako.console } });
  expect(saved.ok()).toBe(true);
  await show(page, bucket);
  await page.getByTestId("annotation-edit").click();
  faults.expectStatus(422);
  await page.getByTestId("field-annotation-content").fill('{"dose": 3,\n "unit" "mg"}');
  await page.getByTestId("annotation-save").click();
  await expect(page.getByTestId("error-annotation-content")).toContainText("line 2, column 9");
  await page.getByTestId("form-annotation").getByRole("button", { name: "Cancel" }).click();
  await page.getByTestId("annotation-remove").click();
  const dialog = page.getByTestId("dialog");
  await expect(dialog).toContainText("lab goes for good");
  await checkOpened(page, "annotation-remove-dialog");
  await dialog.getByTestId("confirm-submit").click();
  await expect(page.getByTestId("annotation-row")).toHaveCount(0);
  expect((await context.request.get(annotation)).status()).toBe(404);
});

test("DRW-5 two versions are compared: what they are stored with side by side, and the lines of their texts", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  await keepVersions(context, hako, bucket);
  await put(context, hako, bucket, "one\ntwo\nthree\n", { "x-amz-meta-author": "Ada" });
  await put(context, hako, bucket, "one\n<b>2</b>\nthree\nfour\n", { "x-amz-meta-author": "Grace" });
  await put(context, hako, bucket, "x".repeat(1024 * 1024 + 1), { "x-amz-meta-author": "Grace" });
  await show(page, bucket);
  await page.getByTestId("drawer-tab-versions").click();
  const rows = page.getByTestId("version-row");
  await expect(rows).toHaveCount(3);
  const compare = page.getByTestId("version-compare");
  await expect(compare).toHaveAttribute("aria-disabled", "true");
  const check = (place: number) => rows.nth(place).getByTestId("version-check");
  await check(0).check();
  await check(1).check();
  // A third one takes the place of the first.
  await check(2).check();
  await expect(check(0)).not.toBeChecked();
  await compare.click();
  const comparison = page.getByTestId("comparison");
  await expect(comparison.getByRole("heading").first()).toBeFocused();
  const [newer, older] = await Promise.all([1, 2].map((place) => rows.nth(place).getAttribute("data-version")));
  await expect(comparison.getByRole("heading").first()).toHaveText(`Version ${older} compared with ${newer}`);
  const author = comparison.getByTestId("comparison-fact").filter({ hasText: "author" });
  await expect(author.getByRole("cell")).toHaveText(["Ada", "Grace"]);
  await expect(author).toHaveAttribute("data-differs", "true");
  const type = comparison.getByTestId("comparison-fact").filter({ hasText: "Content type" });
  await expect(type).toHaveAttribute("data-differs", "false");
  await expect(comparison.getByTestId("comparison-content")).toHaveText("Lines added: 2. Lines removed: 1.");
  const lines = comparison.getByTestId("diff-line");
  await expect(lines).toHaveText([/one/, /removed: two/, /added: <b>2<\/b>/, /three/, /added: four/]);
  await expect(comparison.locator("b")).toHaveCount(0);
  await checkAccessibility(page);
  await checkNarrow(page);
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.getByTestId("comparison-close").click();
  await expect(comparison).toHaveCount(0);
  await expect(compare).toBeFocused();
  // Beyond the limit it is said.
  await check(0).check();
  await expect(check(2)).toBeChecked();
  await compare.click();
  await expect(comparison.getByTestId("comparison-content")).toContainText("One of them has more than 1 MB");
});

test("DRW-11 axe finds nothing with any tab of the drawer open, nor in its forms, and Esc leads back to the row", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  test.setTimeout(240_000);
  await keepVersions(context, hako, bucket);
  await put(context, hako, bucket, "one", { "x-amz-meta-author": "Ada", "x-amz-tagging": "project=walk" });
  await put(context, hako, bucket, "two", { "x-amz-meta-author": "Ada", "x-amz-tagging": "project=walk" });
  await store(context, hako, bucket, "in/b.txt", "b");
  await show(page, bucket);
  const found = await page.locator('[data-testid^="drawer-tab-"]').evaluateAll((tabs) =>
    tabs.map((tab) => tab.getAttribute("data-testid") ?? "")
  );
  expect(found).toEqual(expect.arrayContaining(["preview", "details", "versions", "access", "retention", "share"].map((tab) => `drawer-tab-${tab}`)));
  const link = fileRow(page, "räport.txt").getByRole("link");
  for (const tab of found) {
    await openBucket(page, bucket, "in/");
    await link.focus();
    await page.keyboard.press("Enter");
    await expect(page.getByTestId("drawer-facts")).toBeVisible();
    await page.getByTestId(tab).click();
    await expect(page.getByTestId(tab)).toHaveAttribute("aria-current", "page");
    await expect(page.getByTestId("state-loading")).toHaveCount(0);
    await page.waitForLoadState("networkidle");
    await checkAccessibility(page);
    await checkNarrow(page);
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.getByTestId(tab).focus();
    await page.keyboard.press("Escape");
    await expect(page.getByTestId("drawer")).toHaveCount(0);
    await expect(link, tab).toBeFocused();
  }
  await show(page, bucket);
  for (const edit of ["properties-edit", "tags-edit"]) await page.getByTestId(edit).click();
  await expect(page.getByTestId("form-tags")).toBeVisible();
  await checkAccessibility(page);
  await checkNarrow(page);
});

test("DRW-4 under retention the reason is shown, and what was typed stays", async ({
  page,
  context,
  hako,
  bucket,
  faults,
}) => {
  faults.expectStatus(403);
  await put(context, hako, bucket, "kept", { "x-hcp-retention": "A+1y", "x-amz-meta-author": "Ada" });
  await show(page, bucket);
  await page.getByTestId("properties-edit").click();
  await page.getByTestId("meta-value").fill("Grace");
  await page.getByTestId("properties-save").click();
  await expect(page.getByTestId("error-properties")).toContainText("under retention until");
  await expect(page.getByTestId("meta-value")).toHaveValue("Grace");
  expect((await head(context, hako, bucket))["x-amz-meta-author"]).toBe("Ada");
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("an object is described anew by a plain form, and versions are compared by another", async ({
    page,
    context,
    hako,
    bucket,
    faults,
  }) => {
    await keepVersions(context, hako, bucket);
    await put(context, hako, bucket, "one\n", { "x-amz-meta-author": "Ada" });
    await page.goto(`/buckets/${bucket}?prefix=in%2F&o=${encodeURIComponent(KEY)}`);
    await page.getByTestId("properties-edit").click();
    await page.getByTestId("meta-value").nth(0).fill("Grace");
    await page.getByTestId("meta-name").nth(1).fill("place");
    await page.getByTestId("meta-value").nth(1).fill("Kiruna");
    await page.getByTestId("field-content_language").fill("sv");
    await page.getByTestId("properties-save").click();
    await expect(form(page)).toHaveCount(0);
    await expect(row(page, "place")).toHaveText(/place\s*Kiruna/);
    expect((await head(context, hako, bucket))["x-amz-meta-author"]).toBe("Grace");

    // Too late: what it is now stands beside what was typed.
    await page.getByTestId("properties-edit").click();
    await describe(context, hako, bucket, { metadata: { author: "Eve" } });
    await page.getByTestId("meta-value").nth(0).fill("Mine");
    faults.expectStatus(412);
    await page.getByTestId("properties-save").click();
    await expect(page.getByTestId("error-properties")).toContainText("has changed since");
    await expect(form(page)).toContainText("What the object has now stands above");
    await expect(row(page, "author").first()).toHaveText(/author\s*Eve/);
    await expect(form(page).getByTestId("meta-value").nth(0)).toHaveValue("Mine");
    await page.getByTestId("properties-save").click();
    await expect(form(page)).toHaveCount(0);
    expect((await head(context, hako, bucket))["x-amz-meta-author"]).toBe("Mine");

    await put(context, hako, bucket, "two\n");
    await page.getByTestId("drawer-tab-versions").click();
    const checks = page.getByTestId("version-check");
    await expect(checks).toHaveCount(5);
    await checks.nth(0).check();
    await checks.nth(4).check();
    await page.getByTestId("version-compare").click();
    await expect(page.getByTestId("comparison-content")).toHaveText("Lines added: 1. Lines removed: 1.");
    await expect(page.getByTestId("diff-line")).toHaveText([/removed: one/, /added: two/]);
  });
});

test("the form of an object hydrates as the server drew it", async ({ page, context, hako, bucket }) => {
  await put(context, hako, bucket, "one", { "x-amz-meta-author": "Ada" });
  await open(page, `/buckets/${bucket}?prefix=in%2F&o=${encodeURIComponent(KEY)}&tab=details&edit=properties`);
  await hydrated(page);
  await expect(page.getByTestId("drawer-grip")).toBeVisible();
  await expect(page.getByTestId("meta-value").first()).toHaveValue("Ada");
  await page.getByTestId("properties-save").click();
  await expect(form(page)).toHaveCount(0);
  await expect(row(page, "author")).toHaveText(/author\s*Ada/);
});
