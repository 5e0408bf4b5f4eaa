// Search where the store has no metadata to ask for: a job over the listing of one bucket.

import { createHash } from "node:crypto";
import type { BrowserContext } from "@playwright/test";
import { Held } from "../support/held";
import { checkAccessibility, checkNarrow } from "../support/looks";
import { Hako, type Page, api, expect, open, reload, store as put, test } from "../support/test";

test.describe.configure({ timeout: 180_000 });

/** The demo's user as S3 knows it. */
const KEYS = {
  username: Buffer.from("demo/demo").toString("base64"),
  password: createHash("md5").update("demo-demo").digest("hex"),
};

const BUCKET = "listed";
/** The second page of a listing. */
const SECOND_PAGE = /start-after=/;

let behind: Hako;
let held: Held;
let hako: Hako;

test.beforeAll(async ({ browser }) => {
  test.setTimeout(180_000);
  behind = await Hako.start();
  held = await Held.before(behind);
  hako = await Hako.before(behind, held.url);
  const context = await browser.newContext();
  await api(context, hako, "/session", { data: KEYS });
  await api(context, hako, "/buckets", { data: { bucket: BUCKET } });
  const names = Array.from({ length: 1_050 }, (_, at) => `scans/${String(at).padStart(5, "0")}.txt`);
  while (names.length > 0) {
    await Promise.all(names.splice(0, 20).map((key) => put(context, hako, BUCKET, key, "some bytes")));
  }
  await put(context, hako, BUCKET, "scans/Large.bin", "x".repeat(5_000));
  await context.close();
});

test.afterAll(async () => {
  await hako?.stop();
  await held?.stop();
  await behind?.stop();
});

test.afterEach(() => held.letGo());

/** A signed-in browser; what its pages say on the console goes into `heard`. */
async function signedIn(
  browser: import("@playwright/test").Browser,
  options: { javaScriptEnabled?: boolean } = {},
): Promise<{ context: BrowserContext; page: Page; heard: string[] }> {
  const context = await browser.newContext({ ...options, baseURL: hako.console });
  const heard: string[] = [];
  context.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) heard.push(message.text());
  });
  context.on("weberror", (error) => heard.push(String(error.error())));
  await api(context, hako, "/session", { data: KEYS });
  return { context, page: await context.newPage(), heard };
}

const job = (page: Page) => page.getByTestId("search-job");
const rows = (page: Page) => page.getByTestId("search-row");
const start = (page: Page) => page.getByRole("button", { name: "Start search" }).click();

test("SRC-6 a job over the listing says how many keys it has read, shows what it finds as it comes, and is stopped", async ({
  browser,
}) => {
  const { context, page, heard } = await signedIn(browser);
  held.hold(SECOND_PAGE);
  await open(page, "/buckets");
  await page.getByTestId("nav-search").click();
  await expect(page.getByText("That is slower: it takes a request for each 1,000 keys")).toBeVisible();
  await page.getByLabel("Bucket").fill(BUCKET);
  await page.getByLabel("Folder").fill("scans/");
  await page.getByLabel("Name matches").fill("*25.TXT");
  await start(page);
  await expect(page).toHaveURL(/\/search\?job=/);
  await expect(job(page)).toHaveAttribute("data-state", "running");
  await expect(job(page)).toContainText("1,000 keys read, 10 found");
  await expect(rows(page)).toHaveCount(10);
  await expect(page.getByTestId("search-total")).toHaveText("Searching…");

  // Its address shows the same again.
  await reload(page);
  await expect(job(page)).toContainText("1,000 keys read, 10 found");
  await expect(rows(page)).toHaveCount(10);
  await expect(page.getByLabel("Name matches")).toHaveValue("*25.TXT");
  await page.evaluate(() => Object.assign(window, { same: true }));
  await rows(page).first().evaluate((row) => Object.assign(row, { first: true }));
  held.letGo();
  await expect(job(page)).toHaveAttribute("data-state", "done");
  await expect(job(page)).toContainText("1,051 keys read, 11 found");
  await expect(rows(page)).toHaveCount(11);
  await expect(rows(page).last()).toContainText("scans/01025.txt");
  await expect(page.getByTestId("search-total")).toHaveText("11 objects");
  expect(await page.evaluate(() => "same" in window)).toBe(true);
  // What was there stayed where it was.
  expect(await rows(page).first().evaluate((row) => "first" in row)).toBe(true);
  await checkAccessibility(page);
  await checkNarrow(page);

  held.hold(SECOND_PAGE);
  await start(page);
  await expect(job(page)).toHaveAttribute("data-state", "running");
  await expect(job(page)).toContainText("1,000 keys read");
  await page.getByTestId("job-cancel").click();
  await expect(job(page)).toHaveAttribute("data-state", "cancelled");
  await expect(page.getByTestId("search-total")).toHaveText(
    "10 objects among the 1,000 keys that were read; there may be more.",
  );
  const id = new URL(page.url()).searchParams.get("job");
  const told = await (await context.request.get(`${hako.console}/api/v1/jobs/${id}`)).json();
  expect([told.state, told.progress.done, told.searched]).toEqual(["cancelled", 1_000, { found: 10, more: false }]);

  await rows(page).first().getByRole("link").click();
  await expect(page).toHaveURL(/\/buckets\/listed\?prefix=scans%2F&o=scans%2F00025\.txt/);
  await expect(page.getByTestId("drawer")).toContainText("00025.txt");
  await open(page, `/jobs/${id}`);
  await expect(page.getByTestId("page-title")).toHaveText("Search in listed");
  await page.getByRole("link", { name: "Show what was found" }).click();
  await expect(rows(page)).toHaveCount(10);
  expect(heard).toEqual([]);
  await context.close();
});

test("SRC-6 without scripts a form starts the job, and a page shows how far it is", async ({ browser }) => {
  const { context, page } = await signedIn(browser, { javaScriptEnabled: false });
  held.hold(SECOND_PAGE);
  await page.goto("/search");
  await page.getByLabel("Bucket").fill(BUCKET);
  await page.getByLabel("Name contains").fill("25.");
  await page.getByLabel("Size from", { exact: true }).fill("lots");
  await start(page);
  await expect(page.getByTestId("error-min_size")).toHaveText("this is no size");
  await expect(page.getByLabel("Name contains")).toHaveValue("25.");
  await page.getByLabel("Size from", { exact: true }).fill("1");
  await page.getByLabel("Size from: unit").selectOption("B");
  await start(page);
  await expect(page).toHaveURL(/\/search\?job=/);
  const again = () => page.getByRole("link", { name: "Reload" }).click();
  await expect(async () => {
    await again();
    await expect(job(page)).toContainText("1,000 keys read, 10 found", { timeout: 100 });
    await expect(rows(page)).toHaveCount(10, { timeout: 100 });
  }).toPass();
  held.letGo();
  await expect(async () => {
    await page.reload();
    await expect(job(page)).toHaveAttribute("data-state", "done", { timeout: 100 });
  }).toPass();
  await expect(job(page)).toContainText("1,051 keys read, 11 found");
  await expect(rows(page)).toHaveCount(11);

  held.hold(SECOND_PAGE);
  await start(page);
  await page.getByTestId("job-cancel").click();
  await expect(async () => {
    await page.reload();
    await expect(job(page)).toHaveAttribute("data-state", "cancelled", { timeout: 100 });
  }).toPass();
  await context.close();
});

test("SRC-6 what cannot be looked for is said at its field, and many results have pages", async ({ browser }) => {
  const { context, page, heard } = await signedIn(browser);
  await open(page, `/search?bucket=${BUCKET}&prefix=scans%2F`);
  await expect(page.getByLabel("Bucket")).toHaveValue(BUCKET);
  await page.getByLabel("Size from", { exact: true }).fill("2");
  await page.getByLabel("Size to", { exact: true }).fill("1");
  await start(page);
  await expect(page.getByTestId("error-summary").getByRole("link")).toHaveAttribute("href", "#field-max_size");
  await expect(page.getByTestId("error-max_size")).toHaveText("the largest size is below the least one");
  await checkAccessibility(page);
  await checkNarrow(page);
  await page.setViewportSize({ width: 1280, height: 800 });

  await page.getByLabel("Size to", { exact: true }).fill("");
  await page.getByLabel("Size from", { exact: true }).fill("4.5");
  await page.getByLabel("Size from: unit").selectOption("KB");
  await start(page);
  await expect(rows(page)).toHaveCount(1);
  await expect(rows(page)).toContainText("Large.bin");
  await expect(rows(page)).toContainText("4.88 KB");

  await page.getByLabel("Size from", { exact: true }).fill("");
  await page.getByLabel("Name contains").fill(".TXT");
  await start(page);
  await expect(page.getByTestId("search-total")).toHaveText("1,050 objects");
  await expect(rows(page)).toHaveCount(100);
  await page.getByRole("link", { name: "Next page" }).click();
  await expect(rows(page).first()).toContainText("00100.txt");
  await page.getByRole("link", { name: "Previous page" }).click();
  await expect(rows(page).first()).toContainText("00000.txt");
  await page.getByLabel("Tell capitals from small letters").check();
  await start(page);
  await expect(page.getByTestId("search-total")).toHaveText("No key is like that.");
  await page.getByLabel("Bucket").fill("nowhere-at-all");
  expect(heard).toEqual([]);
  await start(page);
  await expect(page.getByTestId("error-summary")).toContainText("nowhere-at-all");
  await context.close();
});
