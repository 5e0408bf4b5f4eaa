// The object browser: folders of any size, what is shown of them, and the address that says so.

import type { Page } from "@playwright/test";
import { fill } from "../support/many";
import { checkAccessibility, checkNarrow, checkOpened } from "../support/looks";
import { expect, fileRow, keys, open, openBucket, reload, signInByApi, store, test } from "../support/test";

test.describe.configure({ timeout: 180_000 });

const status = (page: Page) => page.getByTestId("status-line");
const drawn = (page: Page) => page.getByTestId("file-row").count();

/** The first row below the head of the list. */
function firstInSight(page: Page): Promise<string | null> {
  return page.evaluate(() => {
    const head = document.querySelector(".files-head")!.getBoundingClientRect();
    const at = document.elementFromPoint(head.left + 200, Math.max(head.bottom, 56) + 2);
    return at?.closest("[data-testid=file-row]")?.getAttribute("data-name") ?? null;
  });
}

/** The longest task while the list is scrolled by a few screens, in milliseconds. */
async function busyWhileScrolled(page: Page): Promise<number> {
  await page.evaluate(() => scrollTo(0, 0));
  await page.evaluate(() => {
    const seen = window as unknown as { long: number[] };
    seen.long = [0];
    new PerformanceObserver((list) => seen.long.push(...list.getEntries().map((entry) => entry.duration))).observe({
      type: "longtask",
    });
  });
  for (let step = 0; step < 8; step += 1) {
    await page.evaluate(() => scrollBy(0, 400));
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  }
  return page.evaluate(() => Math.max(...(window as unknown as { long: number[] }).long));
}

/** Scrolls to the middle of the list: how many rows came with one frame, and how many fit into the window. */
function leap(page: Page): Promise<{ atOnce: number; inSight: number }> {
  return page.evaluate(
    () =>
      new Promise((done) => {
        const body = document.querySelector(".files-body");
        const row = document.querySelector(".files-row[data-key]");
        if (!body || !row) throw new Error("no rows");
        const inSight = Math.ceil(innerHeight / row.getBoundingClientRect().height) + 1;
        const observer = new MutationObserver((changes) => {
          const added = changes.flatMap((change) => [...change.addedNodes]);
          const atOnce = added.filter((node) => node instanceof Element).length;
          if (atOnce === 0) return;
          observer.disconnect();
          done({ atOnce, inSight });
        });
        observer.observe(body, { childList: true });
        scrollTo(0, document.documentElement.scrollHeight / 2);
      }),
  );
}

test("FIL-3 a hundred thousand entries are loaded by themselves, few are drawn, and scrolling is smooth", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  await fill(context, hako, bucket, 100_000, "printf('f%06d', n)");
  await openBucket(page, bucket);
  await expect(fileRow(page, "f000000")).toBeVisible();
  await expect(status(page)).toContainText("more coming");
  await expect(page.getByTestId("file-grid")).toHaveAttribute("aria-rowcount", "-1");
  await expect(status(page)).toContainText("100,000 entries", { timeout: 120_000 });
  await expect(page.getByTestId("file-grid")).toHaveAttribute("aria-rowcount", "100001");

  // How long the page is busy while it is scrolled does not go by how much it holds. A debug build is many
  // times slower than a release, so a small folder tells what is usual.
  const large = await busyWhileScrolled(page);
  expect(await drawn(page)).toBeLessThan(120);
  await page.getByTestId("filter-input").fill("f0000");
  await expect(status(page)).toContainText("100,000 entries");
  await expect(page.getByTestId("filter-hint")).toContainText("100 of 100,000");
  const small = await busyWhileScrolled(page);
  expect(large).toBeLessThan(3 * small + 300);
  await page.getByTestId("filter-input").fill("");
  await expect(page.getByTestId("file-grid")).toHaveAttribute("aria-rowcount", "100001");
  await expect(fileRow(page, "f000000")).toBeVisible();

  // A leap draws what is in sight, and what lies beyond with the next frame: no frame draws more than that.
  const { atOnce, inSight } = await leap(page);
  expect(atOnce).toBeGreaterThan(5);
  expect(atOnce).toBeLessThanOrEqual(inSight);
  await expect.poll(() => drawn(page)).toBeGreaterThan(inSight);

  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
  await expect(fileRow(page, "f099999")).toBeVisible();
  expect(await drawn(page)).toBeLessThan(120);
  await expect(fileRow(page, "f099999")).toHaveAttribute("aria-rowindex", "100001");

  await fileRow(page, "f099999").getByRole("link").focus();
  await page.keyboard.press("Home");
  await expect(fileRow(page, "f000000").getByRole("link")).toBeFocused();
  await page.keyboard.press("End");
  await expect(fileRow(page, "f099999").getByRole("link")).toBeFocused();

  await page.getByTestId("filter-input").fill("f0500*7");
  await expect(page.getByTestId("file-row")).toHaveCount(10);
  await expect(page.getByTestId("filter-hint")).toContainText("10 of 100,000 loaded match");
});

test("FIL-5 the status line is true while pages arrive, when they are stopped, and at the end", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  await fill(context, hako, bucket, 4_500, "printf('f%06d', n)");
  let hold: Promise<void> | undefined;
  let letGo = () => {};
  await page.route("**/objects?*continuation_token=*", async (route) => {
    await hold;
    await route.continue();
  });
  hold = new Promise((done) => (letGo = done));
  await openBucket(page, bucket);
  await expect(status(page)).toHaveText("100 loaded, more coming…");
  await page.getByTestId("stop-loading").click();
  await expect(status(page)).toHaveText("Stopped at 100 entries; there are more");
  letGo();
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(status(page)).toHaveText("4,500 entries (0 folders, 4,500 files, 0 B)");
  await expect(page.getByTestId("stop-loading")).toHaveCount(0);
});

test("FIL-6 a listing that breaks keeps what it has and goes on", async ({ page, context, hako, bucket, faults }) => {
  faults.expectStatus(503);
  await fill(context, hako, bucket, 5_000, "printf('f%06d', n)");
  let pages = 0;
  await page.route("**/objects?*continuation_token=*", async (route) => {
    pages += 1;
    if (pages === 4) {
      const body = JSON.stringify({ detail: "The store is busy.", code: "store_busy", request_id: "r-1" });
      return route.fulfill({ status: 503, contentType: "application/json", body });
    }
    return route.continue();
  });
  await openBucket(page, bucket);
  await expect(status(page)).toContainText("Listing stopped after 3,100 entries.");
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(status(page)).toContainText("5,000 entries");
});

test("FIL-4 what one looks at stays where it is when earlier rows arrive", async ({ page, context, hako, bucket }) => {
  await fill(context, hako, bucket, 1_600, "CASE WHEN n < 100 THEN printf('a%04d', n) ELSE printf('b%04d/x', n) END");
  let letGo = () => {};
  const hold = new Promise<void>((done) => (letGo = done));
  await page.route("**/objects?*continuation_token=*", async (route) => {
    await hold;
    await route.continue();
  });
  await openBucket(page, bucket);
  await expect(fileRow(page, "a0000")).toBeVisible();
  await page.mouse.wheel(0, 1_500);
  await expect.poll(() => firstInSight(page)).not.toBe("a0000");
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  const before = await firstInSight(page);
  expect(before).toMatch(/^a/);
  letGo();
  await expect(status(page)).toContainText("1,500 folders");
  await expect.poll(() => firstInSight(page)).toBe(before);
});

test("FIL-7 the filter narrows as one types, marks what it found, and searches the rest by prefix", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  await fill(context, hako, bucket, 3_000, "printf('f%06d', n)");
  let letGo = () => {};
  const hold = new Promise<void>((done) => (letGo = done));
  await page.route("**/objects?*continuation_token=*", async (route) => {
    await hold;
    await route.continue();
  });
  await openBucket(page, bucket);
  await page.keyboard.press("/");
  await expect(page.getByTestId("filter-input")).toBeFocused();
  await page.keyboard.type("F00005");
  await expect(page.getByTestId("file-row")).toHaveCount(10);
  await expect(fileRow(page, "f000051").locator("mark")).toHaveText("f00005");
  await expect(page.getByTestId("filter-hint")).toContainText("10 of 100 loaded match.");
  await expect(page.locator("#live-polite")).toContainText("10 of 100 loaded match.");
  await expect(page).toHaveURL(/q=F00005/);

  await page.getByTestId("filter-input").fill("f0029");
  await expect(page.getByTestId("state-no-match")).toContainText("Nothing matches f0029");
  await page.getByTestId("search-rest").click();
  await expect(fileRow(page, "f002900")).toBeVisible();
  await expect(status(page)).toContainText("100 entries");
  letGo();
});

test("FIL-8 a sort of a part says so, and numbers are sorted by their value", async ({ page, context, hako, bucket }) => {
  for (const [name, size] of [["f10", 1], ["f2", 30], ["f1", 20]] as const) {
    await store(context, hako, bucket, name, "x".repeat(size));
  }
  await store(context, hako, bucket, "folder/x", "x");
  await openBucket(page, bucket);
  const names = () => page.getByTestId("file-row").evaluateAll((rows) => rows.map((row) => row.dataset.name));
  await expect.poll(names).toEqual(["folder", "f1", "f10", "f2"]);
  await page.getByTestId("columns-button").click();
  await page.getByTestId("view-menu").getByRole("link", { name: "Natural name" }).click();
  await expect.poll(names).toEqual(["folder", "f1", "f2", "f10"]);
  await page.keyboard.press("Escape");
  await page.getByRole("columnheader", { name: "Size" }).getByRole("link").click();
  await expect.poll(names).toEqual(["folder", "f10", "f1", "f2"]);
  await expect(page.getByRole("columnheader", { name: "Size" })).toHaveAttribute("aria-sort", "ascending");
  await page.getByRole("columnheader", { name: "Size" }).getByRole("link").click();
  await expect.poll(names).toEqual(["folder", "f2", "f1", "f10"]);
  await reload(page);
  await expect.poll(names).toEqual(["folder", "f2", "f1", "f10"]);

  await page.route("**/objects?*continuation_token=*", () => {});
  await fill(context, hako, bucket, 300, "printf('g%04d', n)");
  await openBucket(page, bucket);
  await page.getByRole("columnheader", { name: "Size" }).getByRole("link").click();
  await expect(status(page)).toContainText("sorted among 100 loaded");
});

test("facets narrow the list, stand as chips and in the address, and go with a click", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  await store(context, hako, bucket, "scan.png", "x");
  await store(context, hako, bucket, "notes.txt", "x");
  await store(context, hako, bucket, "folder/x", "x");
  await openBucket(page, bucket);
  await page.getByTestId("facets-button").click();
  await page.getByTestId("facets").getByRole("link", { name: "Image" }).click();
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("file-row")).toHaveCount(1);
  await expect(page).toHaveURL(/type=image/);
  await expect(page.getByTestId("chip-filter")).toContainText("Image");
  await reload(page);
  await expect(page.getByTestId("file-row")).toHaveCount(1);
  await page.getByTestId("chip-filter").click();
  await expect(page.getByTestId("file-row")).toHaveCount(3);

  await openBucket(page, bucket);
  await page.goto(`/buckets/${bucket}?size=5MB-&since=24h`);
  await expect(page.getByTestId("state-no-match")).toBeVisible();
});

test("columns are chosen and kept in this browser", async ({ page, context, hako, bucket }) => {
  await store(context, hako, bucket, "scan.png", "x");
  await openBucket(page, bucket);
  await page.getByTestId("columns-button").click();
  await page.getByTestId("view-menu").getByRole("link", { name: "ETag" }).click();
  await expect(page.getByRole("columnheader", { name: "ETag" })).toBeVisible();
  await expect(fileRow(page, "scan.png")).toContainText("9dd4e461268c8034f5c8564e155c67a6");
  await openBucket(page, bucket);
  await expect(page.getByRole("columnheader", { name: "ETag" })).toBeVisible();
});

test("the flat view shows the keys of subfolders", async ({ page, context, hako, bucket }) => {
  await store(context, hako, bucket, "a/b/deep.txt", "x");
  await store(context, hako, bucket, "a/top.txt", "x");
  await openBucket(page, bucket, "a/");
  await page.getByTestId("columns-button").click();
  await page.getByTestId("view-flat").click();
  await expect(fileRow(page, "b/deep.txt")).toBeVisible();
  await expect(page).toHaveURL(/view=flat/);
  await expect(page.getByTestId("file-row")).toHaveCount(2);
});

test("FIL-1 the breadcrumb is right at depth 5, and Backspace comes back to the folder one came from", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  await store(context, hako, bucket, "a/b/c/d/e/deep.txt", "x");
  await store(context, hako, bucket, "a/b/c/d/other/x", "x");
  await openBucket(page, bucket, "a/b/c/d/e/");
  const links = page.getByTestId("breadcrumb").getByRole("link");
  await expect(links.first()).toHaveText("Buckets");
  await expect(links.last()).toHaveText("e");
  await expect(links.last()).toHaveAttribute("aria-current", "page");
  await page.keyboard.press("Backspace");
  await expect(fileRow(page, "e").getByRole("link")).toBeFocused();
  await expect(fileRow(page, "other")).toBeVisible();
  await page.keyboard.press("l");
  await page.getByTestId("path-input").fill(`s3://${bucket}/a/b`);
  await page.keyboard.press("Enter");
  await expect(fileRow(page, "c")).toBeVisible();
  await expect(page).toHaveURL(/prefix=a%2Fb%2F$/);
});

test("the commands act in the folder that one went to, once", async ({ page, context, hako, bucket }) => {
  for (const key of ["a/one", "a/two", "b"]) await store(context, hako, bucket, key, "x");
  await openBucket(page, bucket);
  await fileRow(page, "a").getByRole("link").click();
  await expect(fileRow(page, "one")).toBeVisible();
  const asked: string[] = [];
  page.on("request", (request) => {
    if (/\/objects\?/.test(request.url())) asked.push(request.url());
  });
  await store(context, hako, bucket, "a/three", "x");
  await page.getByTestId("cmd-refresh").click();
  await expect(fileRow(page, "three")).toBeVisible();
  expect(asked).toHaveLength(1);
  await fileRow(page, "one").getByTestId("row-check").check();
  await page.getByTestId("cmd-delete").click();
  await page.getByTestId("delete-now").click();
  await expect(fileRow(page, "one")).toHaveCount(0);
  await expect(fileRow(page, "two")).toBeVisible();
});

test("an address opens its view, and what it says wrongly is left out", async ({ page, context, hako, bucket }) => {
  await store(context, hako, bucket, "a/one", "x");
  await store(context, hako, bucket, "a/two", "x");
  await open(page, `/buckets/${bucket}?prefix=a%2F&sel=two&sel=gone&o=a%2Fone&tab=versions`);
  await expect(fileRow(page, "two")).toHaveAttribute("aria-selected", "true");
  await expect(fileRow(page, "one")).toHaveAttribute("aria-selected", "false");
  await page.getByTestId("filter-input").fill("t");
  await expect(page).toHaveURL(/q=t/);
  await expect(page).toHaveURL(/o=a%2Fone/);
  await expect(page).toHaveURL(/tab=versions/);
  await expect(page).toHaveURL(/sel=two/);
  await open(page, `/buckets/${bucket}?prefix=a%2F&sort=colour&size=%zz`);
  await expect(page.getByTestId("ignored")).toContainText("sort, size");
  await expect(page.getByTestId("file-row")).toHaveCount(2);
});

test("without scripts the next hundred, the filter, the order and the folders are links", async ({
  browser,
  context,
  hako,
  bucket,
}) => {
  await fill(context, hako, bucket, 150, "CASE WHEN n < 1 THEN 'd/x' ELSE printf('f%04d', n) END");
  const state = await context.storageState();
  const plain = await browser.newContext({ javaScriptEnabled: false, storageState: state, baseURL: hako.console });
  const page = await plain.newPage();
  await page.goto(`/buckets/${bucket}`);
  await expect(page.getByTestId("file-row")).toHaveCount(100);
  await page.getByTestId("pager").click();
  await expect(page.getByTestId("file-row")).toHaveCount(50);
  await page.goto(`/buckets/${bucket}?q=f000`);
  await expect(page.getByTestId("file-row")).toHaveCount(9);
  await page.goto(`/buckets/${bucket}`);
  await fileRow(page, "d").getByRole("link").first().click();
  await expect(fileRow(page, "x")).toBeVisible();
  await plain.close();
});

test("an empty bucket and an empty folder say so, and offer what helps", async ({ page, context, hako, bucket }) => {
  await openBucket(page, bucket);
  await expect(page.getByTestId("state-empty")).toContainText("This bucket is empty");
  await openBucket(page, bucket, "nowhere/");
  await expect(page.getByTestId("state-empty")).toContainText("Nothing is stored under nowhere/");
  await page.getByRole("link", { name: "One level up" }).click();
  await expect(page.getByTestId("state-empty")).toContainText("This bucket is empty");
  expect(await keys(context, hako, bucket)).toEqual([]);
  await signInByApi(context, hako);
});

test("the list with its menus, its filter and a selection is accessible", async ({ page, context, hako, bucket }) => {
  for (const key of ["scan.png", "folder/x", "a/b/c/d/e/f/x"]) await store(context, hako, bucket, key, "x");
  await open(page, `/buckets/${bucket}?q=a&type=image&cols=name,size,changed,kind,etag,owner,class`);
  await fileRow(page, "scan.png").getByTestId("row-check").check();
  await checkAccessibility(page);
  await checkNarrow(page);
  await page.setViewportSize({ width: 1280, height: 800 });
  const menus: [string, () => Promise<void>][] = [
    ["facets-button", () => checkOpened(page, "files-facets")],
    ["columns-button", () => checkOpened(page, "files-view")],
    ["cmd-more", () => checkOpened(page, "context-menu")],
  ];
  for (const [button, look] of menus) {
    await page.getByTestId(button).click();
    await look();
    await checkNarrow(page);
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.keyboard.press("Escape");
  }
  await openBucket(page, bucket, "a/b/c/d/e/f/");
  await page.locator("button[popovertarget=path-between]").click();
  await checkOpened(page, "path-between");
});
