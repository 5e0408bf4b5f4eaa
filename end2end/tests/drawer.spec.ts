// The drawer of the object browser: one object beside the list, in its parts, and a summary of what is selected.

import type { BrowserContext } from "@playwright/test";
import { checkAccessibility, checkNarrow } from "../support/looks";
import { type Hako, type Page, expect, fileRow, hydrated, open, openBucket, store, test } from "../support/test";

async function keepVersions(context: BrowserContext, hako: Hako, bucket: string): Promise<void> {
  const answer = await context.request.put(`${hako.console}/api/v1/buckets/${bucket}/versioning`, {
    data: { status: "Enabled" },
    headers: { Origin: hako.console },
  });
  expect(answer.ok(), await answer.text()).toBe(true);
}

/** Stores an object with a type, metadata and tags. */
async function put(
  context: BrowserContext,
  hako: Hako,
  bucket: string,
  key: string,
  body: string,
  headers: Record<string, string>,
): Promise<void> {
  const answer = await context.request.put(
    `${hako.console}/api/v1/buckets/${bucket}/object?key=${encodeURIComponent(key)}`,
    { data: body, headers: { Origin: hako.console, ...headers } },
  );
  expect(answer.ok(), await answer.text()).toBe(true);
}

/** The object as it is; null where there is none. */
async function content(context: BrowserContext, hako: Hako, bucket: string, key: string): Promise<string | null> {
  const answer = await context.request.get(
    `${hako.console}/api/v1/buckets/${bucket}/object?key=${encodeURIComponent(key)}`,
  );
  return answer.ok() ? answer.text() : null;
}

const drawer = (page: Page) => page.getByTestId("drawer");
const title = (page: Page) => page.getByTestId("drawer-title");
const name = (page: Page, of: string) => fileRow(page, of).getByRole("link");

/** Opens an object by its row and waits until what is known of it is there. */
async function show(page: Page, of: string): Promise<void> {
  await name(page, of).click();
  await expect(title(page)).toHaveText(of);
  await expect(page.getByTestId("drawer-facts")).toBeVisible();
}

test("DRW-3 previous and next follow the list's present order, keep the tab, and write the address", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  for (const [key, body] of [["a", "1"], ["b", "333"], ["c", "22"]]) await store(context, hako, bucket, key, body);
  await openBucket(page, bucket);
  await page.locator("a.sort").filter({ hasText: "Size" }).click();
  await expect(page.getByTestId("file-row")).toHaveText([/^.*a, details/s, /^.*c, details/s, /^.*b, details/s]);
  await show(page, "a");
  await expect(page.getByTestId("drawer-place")).toHaveText("1 of 3");
  await expect(page.getByTestId("drawer-previous")).toHaveAttribute("aria-disabled", "true");
  await page.getByTestId("drawer-tab-versions").click();
  await expect(page.getByTestId("version-row")).toHaveCount(1);
  await page.getByTestId("drawer-next").click();
  await expect(title(page)).toHaveText("c");
  await expect(page.locator("#live-polite")).toHaveText("2 of 3");
  await expect(page).toHaveURL(/o=c&tab=versions/);
  await expect(page.getByTestId("drawer-tab-versions")).toHaveAttribute("aria-current", "page");
  await expect(page.getByTestId("version-row")).toHaveCount(1);
  await expect(fileRow(page, "c")).toHaveAttribute("aria-current", "true");
  await expect(fileRow(page, "a")).not.toHaveAttribute("aria-current", "true");
  await page.keyboard.press("j");
  await expect(title(page)).toHaveText("b");
  await expect(page.getByTestId("drawer-next")).toHaveAttribute("aria-disabled", "true");
  await page.keyboard.press("j");
  await expect(title(page)).toHaveText("b");
  await page.keyboard.press("k");
  await page.keyboard.press("k");
  await expect(title(page)).toHaveText("a");
  await expect(page).toHaveURL(/sort=size&o=a&tab=versions/);
  // Steps are no entries of the history: one goes back to the tab that one came from.
  await page.goBack();
  await expect(page.getByTestId("drawer-tab-details")).toHaveAttribute("aria-current", "page");
});

test("the drawer tells what an object is stored with, and its bytes are fetched from it", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  await put(context, hako, bucket, "in/r\u00e4port.txt", "hello", {
    "content-type": "text/x-report",
    "x-amz-meta-author": "Ada",
    "x-amz-tagging": "project=walk",
  });
  await openBucket(page, bucket, "in/");
  await show(page, "räport.txt");
  await expect(title(page)).toBeFocused();
  await expect(page.getByTestId("drawer-key")).toHaveText("in/räport.txt");
  await expect(page.getByTestId("fact-size")).toContainText("5 B");
  await expect(page.getByTestId("fact-size")).toContainText("5 bytes");
  await expect(page.getByTestId("fact-type")).toContainText("text/x-report");
  await expect(page.getByTestId("fact-etag")).toContainText("5d41402abc4b2a76b9719d911017c592");
  await expect(page.getByTestId("etag-note")).toHaveCount(0);
  await expect(page.getByTestId("meta-row")).toHaveText(/author\s*Ada/);
  await expect(page.getByTestId("tag-row")).toHaveText(/project\s*walk/);
  const download = page.waitForEvent("download");
  await page.getByTestId("drawer-download").click();
  const bytes = await (await (await download).createReadStream()).toArray();
  expect(Buffer.concat(bytes).toString()).toBe("hello");

  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await drawer(page).getByTestId("copy").click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("in/räport.txt");

  // Tags are changed as a whole; what cannot be one is told before it is sent.
  await page.getByTestId("tags-edit").click();
  await page.getByTestId("tag-add").click();
  await page.getByTestId("tag-name").nth(1).fill("project");
  await page.getByTestId("tag-value").nth(1).fill("twice");
  await page.getByTestId("tags-save").click();
  await expect(page.getByTestId("error-tags")).toContainText("project is there twice");
  await page.getByTestId("tag-name").nth(1).fill("state");
  await page.getByTestId("tag-value").nth(1).fill("new é");
  await page.getByTestId("tag-remove").first().click();
  await page.getByTestId("tags-save").click();
  await expect(page.getByTestId("tag-row")).toHaveText(/state\s*new é/);
  const told = await context.request.get(
    `${hako.console}/api/v1/buckets/${bucket}/object/tags?key=${encodeURIComponent("in/räport.txt")}`,
  );
  expect(await told.json()).toEqual({ tags: { state: "new é" } });
});

test("the key is copied on a page without TLS, which has no clipboard, and where it is refused nothing breaks", async ({ page, context, hako, bucket }) => {
  await store(context, hako, bucket, "a.txt", "a");
  await page.addInitScript(() => {
    if (location.hash === "#refused") {
      Object.defineProperty(navigator, "clipboard", { value: { writeText: () => Promise.reject(new Error("refused")) } });
      return;
    }
    Object.defineProperty(navigator, "clipboard", { value: undefined });
    document.addEventListener("copy", () => {
      const field = document.activeElement as HTMLTextAreaElement;
      document.documentElement.dataset.copied = field.value.slice(field.selectionStart, field.selectionEnd);
    });
  });
  const address = `/buckets/${bucket}?o=a.txt`;
  await open(page, address);
  const copy = drawer(page).getByTestId("copy");
  // The drawer's code comes after the page's.
  await expect(async () => {
    await copy.click();
    await expect(page.locator("html")).toHaveAttribute("data-copied", "a.txt", { timeout: 500 });
  }).toPass();
  await expect(copy).toBeFocused();
  await expect(page.locator("textarea[aria-hidden]")).toHaveCount(0);
  // The guard of every test hears what nobody takes.
  await page.goto("about:blank");
  await open(page, `${address}#refused`);
  await copy.click();
  await expect(copy).toBeFocused();
});

/** Saves an annotation of an object, as somebody else would. */
async function annotate(
  context: BrowserContext,
  hako: Hako,
  bucket: string,
  annotation: { key: string; name: string; type: string; text: string },
): Promise<void> {
  const answer = await context.request.put(
    `${hako.console}/api/v1/buckets/${bucket}/object/metadata/${annotation.name}?key=${
      encodeURIComponent(annotation.key)
    }`,
    { data: annotation.text, headers: { Origin: hako.console, "content-type": annotation.type } },
  );
  expect(answer.ok(), await answer.text()).toBe(true);
}

test("annotations are shown with the object and edited, and no save overwrites another", async ({
  page,
  context,
  hako,
  bucket,
  faults,
}) => {
  const key = "in/räport.txt";
  await put(context, hako, bucket, key, "hello", { "x-amz-meta-author": "Ada" });
  const lab = { key, name: "lab", type: "application/xml", text: "<lab>\n  <dose>3 &lt; 4</dose>\n</lab>" };
  await annotate(context, hako, bucket, lab);
  await annotate(context, hako, bucket, { ...lab, name: "long", text: `<a>${"x".repeat(70_000)}</a>` });
  await openBucket(page, bucket, "in/");
  await show(page, "räport.txt");
  const part = page.getByTestId("drawer-annotations");
  const row = (of: string) => part.locator(`[data-testid="annotation-row"][data-name="${of}"]`);
  // The metadata of S3 has a table of its own.
  await expect(part.getByTestId("annotation-row")).toHaveCount(2);
  await expect(row("lab").locator("summary")).toHaveText(/lab\s*XML, 36 B/);
  await expect(row("lab").getByTestId("annotation-text")).toBeHidden();
  await row("lab").locator("summary").click();
  await expect(row("lab").getByTestId("annotation-text")).toHaveText(lab.text);
  await row("long").locator("summary").click();
  await expect(row("long")).toContainText("Too long to be shown here.");
  await expect(row("long").getByTestId("annotation-edit")).toHaveCount(0);
  const raw = await row("lab").getByTestId("annotation-open").getAttribute("href");
  const read = await context.request.get(new URL(raw ?? "", hako.console).href);
  expect(await read.text()).toBe(lab.text);
  await checkAccessibility(page);

  // What is neither XML nor JSON stays in the form, with the place of its fault.
  await row("lab").getByTestId("annotation-edit").click();
  const text = page.getByTestId("field-annotation-content");
  await expect(text).toBeFocused();
  await expect(text).toHaveValue(lab.text);
  await checkAccessibility(page);
  faults.expectStatus(422);
  await text.fill("<lab>");
  await page.getByTestId("annotation-save").click();
  await expect(page.getByTestId("error-annotation-content")).toContainText("not well-formed XML");
  await expect(text).toHaveValue("<lab>");
  await text.fill('{"dose": 4}');
  await page.getByTestId("annotation-save").click();
  await expect(row("lab").locator("summary")).toHaveText(/lab\s*JSON, 11 B/);

  // Somebody else saves while it is edited here.
  await row("lab").getByTestId("annotation-edit").click();
  await expect(text).toHaveValue('{"dose": 4}');
  await annotate(context, hako, bucket, { ...lab, text: "<lab>other</lab>" });
  faults.expectStatus(412);
  await text.fill('{"dose": 5}');
  await page.getByTestId("annotation-save").click();
  await expect(page.getByTestId("error-annotation-content")).toContainText("has changed meanwhile");
  await expect(text).toHaveValue('{"dose": 5}');
  await page.getByTestId("form-annotation").getByRole("button", { name: "Cancel" }).click();

  // One more, whose name is told before it is sent.
  await page.getByTestId("annotation-add").click();
  const name = page.getByTestId("field-annotation-name");
  await expect(name).toBeFocused();
  await name.fill("no name");
  await text.fill("[1]");
  await page.getByTestId("annotation-save").click();
  await expect(page.getByTestId("error-annotation-name")).toContainText("no name is no name");
  await name.fill("lab");
  await page.getByTestId("annotation-save").click();
  await expect(page.getByTestId("error-annotation-name")).toContainText("There is an annotation lab already.");
  await name.fill("order");
  await page.getByTestId("annotation-save").click();
  await expect(row("order").locator("summary")).toHaveText(/order\s*JSON, 3 B/);
  await expect(row("lab").locator("summary")).toHaveText(/lab\s*XML, 16 B/);
});

test("the details of a folder, of a deleted object and of one that was never there", async ({
  page,
  context,
  hako,
  bucket,
  faults,
}) => {
  faults.expectStatus(404);
  await keepVersions(context, hako, bucket);
  await store(context, hako, bucket, "folder/x", "x");
  await store(context, hako, bucket, "gone", "was here");
  await context.request.delete(`${hako.console}/api/v1/buckets/${bucket}/object?key=gone`, {
    headers: { Origin: hako.console },
  });
  await openBucket(page, bucket);
  await fileRow(page, "folder").locator(".cell-time").click();
  await page.keyboard.press("i");
  await expect(title(page)).toHaveText("folder");
  await expect(drawer(page).getByTestId("state-empty")).toContainText("not stored itself");

  await open(page, `/buckets/${bucket}?o=gone`);
  await expect(drawer(page).getByTestId("state-not-found")).toContainText("gone is not there");
  await page.getByTestId("drawer-tab-versions").click();
  await page.getByTestId("undelete").click();
  await expect(fileRow(page, "gone")).toBeVisible();
  await expect.poll(() => content(context, hako, bucket, "gone")).toBe("was here");
  await page.getByTestId("drawer-tab-details").click();
  await expect(page.getByTestId("fact-size")).toContainText("8 B");

  await open(page, `/buckets/${bucket}?o=never&tab=versions`);
  await expect(page.getByTestId("key-versions")).toContainText("Nothing is stored here");
});

test("DRW-5 versions are listed newest first, restored, undeleted, and deleted by the words", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  await keepVersions(context, hako, bucket);
  for (const body of ["one", "two!", "three"]) await store(context, hako, bucket, "a.txt", body);
  await store(context, hako, bucket, "a.txt.bak", "another key");
  await openBucket(page, bucket);
  await show(page, "a.txt");
  await page.getByTestId("drawer-tab-versions").click();
  const rows = page.getByTestId("version-row");
  await expect(rows).toHaveCount(3);
  await expect(rows.nth(0)).toContainText("current");
  await expect(page.getByTestId("key-versions")).toContainText("7 B in 2 old ones");
  for (const [at, size] of [[0, "5 B"], [1, "4 B"], [2, "3 B"]] as const) await expect(rows.nth(at)).toContainText(size);
  const download = page.waitForEvent("download");
  await rows.nth(2).getByTestId("version-download").click();
  expect(Buffer.concat(await (await (await download).createReadStream()).toArray()).toString()).toBe("one");

  await rows.nth(2).getByTestId("version-restore").click();
  await expect(rows).toHaveCount(4);
  expect(await content(context, hako, bucket, "a.txt")).toBe("one");
  await expect(page.getByTestId("key-versions")).toBeFocused();
  // Its row tells the new size.
  await expect(fileRow(page, "a.txt").locator(".cell-size")).toHaveText("3 B");

  await rows.nth(1).getByTestId("version-delete").click();
  const dialog = page.getByTestId("dialog");
  await expect(dialog.getByTestId("confirm-submit")).toHaveAttribute("aria-disabled", "true");
  await dialog.getByTestId("confirm-input").fill("delete 1 version");
  await dialog.getByTestId("confirm-submit").click();
  await expect(rows).toHaveCount(3);
  expect(await content(context, hako, bucket, "a.txt")).toBe("one");

  await context.request.delete(`${hako.console}/api/v1/buckets/${bucket}/object?key=a.txt`, {
    headers: { Origin: hako.console },
  });
  await page.reload();
  await hydrated(page);
  await expect(rows).toHaveCount(4);
  await expect(rows.nth(0)).toHaveAttribute("data-marker", "true");
  await page.getByTestId("undelete").click();
  await expect(rows).toHaveCount(3);
  expect(await content(context, hako, bucket, "a.txt")).toBe("one");
  expect(await content(context, hako, bucket, "a.txt.bak")).toBe("another key");
});

test("FIL-12 an address with folder, selection, object and tab opens that state, and what is malformed is left out", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  for (const key of ["in/a", "in/b", "in/c"]) await store(context, hako, bucket, key, key);
  const at = `/buckets/${bucket}?prefix=in%2F&o=in%2Fb&tab=versions&sel=a&sel=c`;
  await open(page, at);
  await expect(page.getByTestId("file-row")).toHaveCount(3);
  await expect(title(page)).toHaveText("b");
  await expect(page.getByTestId("drawer-tab-versions")).toHaveAttribute("aria-current", "page");
  await expect(page.getByTestId("version-row")).toHaveCount(1);
  for (const [row, selected] of [["a", "true"], ["b", "false"], ["c", "true"]]) {
    await expect(fileRow(page, row)).toHaveAttribute("aria-selected", selected);
  }
  // The address stays as it is.
  await expect.poll(() => new URL(page.url()).searchParams.getAll("sel")).toEqual(["a", "c"]);
  expect(new URL(page.url()).searchParams.get("o")).toBe("in/b");

  await open(page, `/buckets/${bucket}?prefix=in%2F&o=in%2Fb&tab=nonsense&sel=%ff%00&sel=absent&sel=`);
  await expect(page.getByTestId("drawer-facts")).toBeVisible();
  await expect(page.getByTestId("ignored")).toContainText("tab");
  await expect(page.locator('[data-testid="file-row"][aria-selected="true"]')).toHaveCount(0);
});

test("FIL-2 Back and Forward restore folder, scroll, selection and drawer", async ({ page, context, hako, bucket }) => {
  test.setTimeout(90_000);
  for (let at = 0; at < 60; at += 1) await store(context, hako, bucket, `in/f${String(at).padStart(2, "0")}`, "x");
  await store(context, hako, bucket, "top", "top");
  await openBucket(page, bucket);
  await name(page, "in").click();
  await expect(fileRow(page, "f00")).toBeVisible();
  await page.evaluate(() => scrollTo(0, 900));
  await expect.poll(() => page.evaluate(() => scrollY)).toBe(900);
  await fileRow(page, "f30").locator(".cell-time").click();
  await name(page, "f32").click();
  await expect(title(page)).toHaveText("f32");
  const before = await page.evaluate(() => scrollY);
  expect(before).toBeGreaterThan(500);
  await page.getByTestId("drawer-tab-versions").click();
  await expect(page.getByTestId("version-row")).toHaveCount(1);
  expect(await page.evaluate(() => scrollY)).toBe(before);

  // Away to another folder, and from there back.
  await page.keyboard.press("Backspace");
  await expect(fileRow(page, "top")).toBeVisible();
  await expect(drawer(page)).toHaveCount(0);
  await page.goBack();
  await expect(title(page)).toHaveText("f32");
  await expect(page.getByTestId("version-row")).toHaveCount(1);
  await expect(page.getByTestId("drawer-tab-versions")).toHaveAttribute("aria-current", "page");
  await expect(fileRow(page, "f30")).toHaveAttribute("aria-selected", "true");
  await expect(page.locator('[data-testid="file-row"][aria-selected="true"]')).toHaveCount(1);
  await expect.poll(() => page.evaluate(() => scrollY)).toBeCloseTo(before, -1);

  // From tab to tab, out of the drawer, and forward again.
  await page.goBack();
  await expect(page.getByTestId("drawer-tab-details")).toHaveAttribute("aria-current", "page");
  await expect(title(page)).toHaveText("f32");
  await page.goBack();
  await expect(drawer(page)).toHaveCount(0);
  await expect(fileRow(page, "f30")).toHaveAttribute("aria-selected", "true");
  await page.goBack();
  await expect(fileRow(page, "top")).toBeVisible();
  await page.goForward();
  await expect(fileRow(page, "f30")).toHaveAttribute("aria-selected", "true");
  await page.goForward();
  await expect(title(page)).toHaveText("f32");
  await expect(page.getByTestId("drawer-facts")).toBeVisible();
  await page.goForward();
  await expect(page.getByTestId("version-row")).toHaveCount(1);
  await expect.poll(() => page.evaluate(() => scrollY)).toBeCloseTo(before, -1);
});

test("DRW-11 Esc gives the focus back to the row, and takes a selection back first", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  test.setTimeout(180_000);
  await keepVersions(context, hako, bucket);
  await put(context, hako, bucket, "a.txt", "one", { "x-amz-meta-author": "Ada", "x-amz-tagging": "project=walk" });
  await put(context, hako, bucket, "a.txt", "two", { "x-amz-meta-author": "Ada", "x-amz-tagging": "project=walk" });
  await store(context, hako, bucket, "b.txt", "b");
  await openBucket(page, bucket);
  await name(page, "a.txt").focus();
  await page.keyboard.press("Enter");
  await expect(title(page)).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(drawer(page)).toHaveCount(0);
  await expect(name(page, "a.txt")).toBeFocused();
  await expect(page).toHaveURL(new RegExp(`/buckets/${bucket}$`));

  // From the list the first press takes back the selection.
  await fileRow(page, "b.txt").locator(".cell-time").click();
  await page.keyboard.press("i");
  await expect(title(page)).toHaveText("b.txt");
  await fileRow(page, "b.txt").locator(".cell-time").click();
  await page.keyboard.press("Escape");
  await expect(fileRow(page, "b.txt")).toHaveAttribute("aria-selected", "false");
  await expect(drawer(page)).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(drawer(page)).toHaveCount(0);
  await expect(name(page, "b.txt")).toBeFocused();
});

test("ALL-4 axe finds nothing with the drawer open", async ({ page, context, hako, bucket }) => {
  test.setTimeout(120_000);
  for (const key of ["a.txt", "b.txt"]) await store(context, hako, bucket, key, key);
  await open(page, `/buckets/${bucket}?sel=a.txt&sel=b.txt&tab=summary`);
  await expect(page.getByTestId("drawer-summary")).toBeVisible();
  await checkAccessibility(page);
  await checkNarrow(page);
  await page.setViewportSize({ width: 1280, height: 800 });
  await open(page, `/buckets/${bucket}?o=absent`);
  await expect(drawer(page).getByTestId("state-not-found")).toBeVisible();
  await checkAccessibility(page);
});

test("ALL-6 a reload and a fresh tab show the drawer as it was", async ({ page, context, hako, bucket }) => {
  await keepVersions(context, hako, bucket);
  for (const key of ["a.txt", "b.txt"]) await put(context, hako, bucket, key, key, { "x-amz-meta-author": "Ada" });
  const text = async (one: Page) => {
    await expect(one.getByTestId("drawer")).toBeVisible();
    return one.getByTestId("drawer").evaluate((drawn) => {
      const copy = drawn.cloneNode(true) as HTMLElement;
      for (const time of copy.querySelectorAll("time")) time.remove();
      return copy.textContent!.replace(/\s+/g, "");
    });
  };
  for (const view of ["o=a.txt", "o=a.txt&tab=versions", "o=b.txt&q=b&sort=size", "sel=a.txt&sel=b.txt&tab=summary"]) {
    await open(page, `/buckets/${bucket}?${view}`);
    await page.waitForLoadState("networkidle");
    const before = await text(page);
    expect(before).not.toBe("");
    await page.reload();
    await hydrated(page);
    await expect.poll(() => text(page), view).toBe(before);
    const fresh = await context.newPage();
    await open(fresh, page.url());
    await expect.poll(() => text(fresh), `${view}, in a fresh tab`).toBe(before);
    await fresh.close();
  }
});

test("what the server draws is asked for once, and the page hydrates without a message", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  await store(context, hako, bucket, "a.txt", "x");
  const asked: string[] = [];
  page.on("request", (request) => {
    if (/\/object\/details|\/versions\?/.test(request.url())) asked.push(request.url());
  });
  const html = await (await context.request.get(`${hako.console}/buckets/${bucket}?o=a.txt`)).text();
  expect(html).toContain('data-testid="drawer-facts"');
  for (const tab of ["details", "versions"]) {
    await open(page, `/buckets/${bucket}?o=a.txt&tab=${tab}`);
    await expect(page.getByTestId("drawer-grip")).toBeVisible();
    await expect(page.getByTestId(tab === "details" ? "drawer-facts" : "version-row")).toBeVisible();
    await page.waitForLoadState("networkidle");
  }
  expect(asked).toEqual([]);
});

test("several selected rows are summed up", async ({ page, context, hako, bucket }) => {
  await store(context, hako, bucket, "folder/x", "x");
  await store(context, hako, bucket, "a.png", "1234");
  await store(context, hako, bucket, "b.png", "12345");
  await store(context, hako, bucket, "c.txt", "1");
  await openBucket(page, bucket);
  for (const row of ["folder", "a.png", "b.png", "c.txt"]) await fileRow(page, row).getByTestId("row-check").check();
  await page.keyboard.press("i");
  const sum = page.getByTestId("drawer-summary");
  await expect(title(page)).toHaveText("4 selected");
  await expect(sum.getByTestId("fact-folders")).toContainText("1");
  await expect(sum.getByTestId("fact-files")).toContainText("3");
  await expect(sum.getByTestId("fact-size")).toContainText("10 B");
  await expect(sum.getByTestId("fact-kinds")).toContainText("Image: 2");
  await expect(sum.getByTestId("fact-kinds")).toContainText("Text: 1");
  await expect(sum.getByTestId("fact-newest")).toBeVisible();
  // It follows what is selected.
  await fileRow(page, "b.png").getByTestId("row-check").uncheck();
  await expect(sum.getByTestId("fact-size")).toContainText("5 B");
  await expect.poll(() => new URL(page.url()).searchParams.getAll("sel")).toEqual(["a.png", "c.txt", "folder/"]);
  await page.reload();
  await hydrated(page);
  await expect(title(page)).toHaveText("3 selected");
});

test("the drawer is as wide as one left it, and covers the page when asked to", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  await page.setViewportSize({ width: 1400, height: 800 });
  await store(context, hako, bucket, "a.txt", "x");
  await openBucket(page, bucket);
  await show(page, "a.txt");
  const width = async () => Math.round((await drawer(page).boundingBox())!.width);
  expect(await width()).toBe(420);
  const list = (await page.getByTestId("file-grid").boundingBox())!;
  expect(list.x + list.width, "the list is beside it").toBeLessThanOrEqual(1400 - 420);
  await page.getByTestId("drawer-grip").focus();
  await page.keyboard.press("ArrowLeft");
  expect(await width()).toBe(440);
  await page.keyboard.press("End");
  expect(await width()).toBe(720);
  const grip = (await page.getByTestId("drawer-grip").boundingBox())!;
  await page.mouse.move(grip.x + 4, grip.y + 300);
  await page.mouse.down();
  await page.mouse.move(1400 - 500, grip.y + 300, { steps: 3 });
  await page.mouse.up();
  expect(await width()).toBe(500);
  await page.reload();
  await hydrated(page);
  await expect.poll(width).toBe(500);
  await page.getByTestId("drawer-full").click();
  await expect.poll(width).toBe(1400);
  await expect(page.getByTestId("drawer-full")).toHaveAttribute("aria-pressed", "true");
  await page.getByTestId("drawer-full").click();
  await expect.poll(width).toBe(500);
  await page.keyboard.press("]");
  await expect(drawer(page)).toHaveCount(0);
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 760 }, hasTouch: true, isMobile: true });

  test("FIL-28 on a phone a tap opens, a finger that rests selects, the bar acts, and Back closes the drawer", async ({
    page,
    context,
    hako,
    bucket,
  }) => {
    await store(context, hako, bucket, "folder/x", "x");
    await store(context, hako, bucket, "file", "x");
    await openBucket(page, bucket);
    await fileRow(page, "file").tap();
    await expect(page.getByTestId("drawer-facts")).toBeVisible();
    const box = (await drawer(page).boundingBox())!;
    expect([box.x, box.y, box.width, box.height]).toEqual([0, 0, 390, 760]);
    await page.goBack();
    await expect(drawer(page)).toHaveCount(0);
    await expect(fileRow(page, "file")).toBeVisible();

    const row = (await fileRow(page, "file").boundingBox())!;
    const touch = await context.newCDPSession(page);
    const at = [{ x: row.x + row.width / 2, y: row.y + row.height / 2 }];
    await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: at });
    await expect(fileRow(page, "file")).toHaveAttribute("aria-selected", "true");
    await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    await expect(page.getByTestId("cmd-delete")).toBeInViewport();
    await page.getByTestId("cmd-delete").tap();
    await page.getByTestId("delete-now").tap();
    await expect(fileRow(page, "file")).toHaveCount(0);
    expect(await content(context, hako, bucket, "file")).toBe(null);

    await fileRow(page, "folder").tap();
    await expect(fileRow(page, "x")).toBeVisible();
    await fileRow(page, "x").tap();
    await expect(title(page)).toHaveText("x");
    await page.goBack();
    await expect(drawer(page)).toHaveCount(0);
    await expect(fileRow(page, "x")).toBeVisible();
  });
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("annotations are shown with the object", async ({ page, context, hako, bucket }) => {
    await put(context, hako, bucket, "a", "hello", {});
    await annotate(context, hako, bucket, { key: "a", name: "lab", type: "application/xml", text: "<lab/>" });
    await page.goto(`/buckets/${bucket}?o=a`);
    const part = page.getByTestId("drawer-annotations");
    await expect(part.getByTestId("annotation-row")).toHaveCount(1);
    await part.locator("summary").click();
    await expect(part.getByTestId("annotation-text")).toHaveText("<lab/>");
    await expect(part.getByTestId("annotation-add")).toBeHidden();
  });

  test("the drawer is a part of the page, with its tabs, its neighbours, and versions that are restored", async ({
    page,
    context,
    hako,
    bucket,
  }) => {
    await keepVersions(context, hako, bucket);
    await store(context, hako, bucket, "a.txt", "old");
    await store(context, hako, bucket, "a.txt", "newer");
    await store(context, hako, bucket, "b.txt", "b");
    await page.goto(`/buckets/${bucket}`);
    await name(page, "a.txt").click();
    await expect(title(page)).toHaveText("a.txt");
    await expect(page.getByTestId("fact-size")).toContainText("5 B");
    const download = page.waitForEvent("download");
    await page.getByTestId("drawer-download").click();
    expect(Buffer.concat(await (await (await download).createReadStream()).toArray()).toString()).toBe("newer");
    await page.getByTestId("drawer-tab-versions").click();
    await expect(page.getByTestId("version-row")).toHaveCount(2);
    await page.getByTestId("version-row").nth(1).getByTestId("version-restore").click();
    await expect(page.getByTestId("version-row")).toHaveCount(3);
    await expect(title(page)).toHaveText("a.txt");
    expect(await content(context, hako, bucket, "a.txt")).toBe("old");
    await page.getByTestId("drawer-next").click();
    await expect(title(page)).toHaveText("b.txt");
    await expect(page.getByTestId("drawer-place")).toHaveText("2 of 2");
    await page.getByTestId("drawer-close").click();
    await expect(drawer(page)).toHaveCount(0);
    await expect(page.getByTestId("file-row")).toHaveCount(2);
  });
});
