// What a bucket holds, folder by folder: measured by a job, shown as table and picture, compared with what it was.

import type { BrowserContext } from "@playwright/test";
import { checkAccessibility, checkNarrow, shots } from "../support/looks";
import { type Hako, type Page, api, expect, open, store, test } from "../support/test";

const row = (page: Page, prefix: string) => page.locator(`[data-testid="usage-row"][data-key=${JSON.stringify(prefix)}]`);
const folders = (page: Page) =>
  page.getByTestId("usage-row").evaluateAll((rows) => rows.map((one) => one.getAttribute("data-key")));
const tile = (page: Page, name: string) =>
  page.getByTestId("usage-totals").locator(".tile").filter({ hasText: name });

/** A bucket with versions: 5,000 bytes of scans of which 2,000 are old, 500 of logs, a marker, an unfinished upload. */
async function seed(context: BrowserContext, hako: Hako, bucket: string): Promise<void> {
  await context.request.put(`${hako.console}/api/v1/buckets/${bucket}/versioning`, {
    data: { status: "Enabled" },
    headers: { Origin: hako.console },
  });
  await store(context, hako, bucket, "scans/2024/a & ö.tif", "x".repeat(2_000));
  await store(context, hako, bucket, "scans/2024/a & ö.tif", "x".repeat(1_000));
  await store(context, hako, bucket, "scans/2025/b.tif", "x".repeat(2_000));
  await store(context, hako, bucket, "logs/today.txt", "x".repeat(500));
  await store(context, hako, bucket, "top.txt", "top");
  await context.request.delete(`${hako.console}/api/v1/buckets/${bucket}/object?key=none`, {
    headers: { Origin: hako.console },
  });
  const at = `/buckets/${bucket}/object/multipart?key=scans%2Fbig.bin`;
  const begun = (await api(context, hako, at, { data: {} })) as { upload_id: string };
  const part = await context.request.put(
    `${hako.console}/api/v1${at}&upload_id=${encodeURIComponent(begun.upload_id)}&part_number=1`,
    { data: Buffer.alloc(1_024, "x"), headers: { Origin: hako.console } },
  );
  expect(part.ok(), await part.text()).toBe(true);
}

/** How large the parts of the picture are beside each other. */
async function areas(page: Page): Promise<Record<string, number>> {
  const cells = await page.getByTestId("usage-cell").evaluateAll((all) =>
    all.map((cell) => {
      const box = cell.querySelector("rect")!.getBoundingClientRect();
      return [cell.getAttribute("data-name")!, box.width * box.height] as const;
    }),
  );
  const sum = cells.reduce((all, [, area]) => all + area, 0);
  return Object.fromEntries(cells.map(([name, area]) => [name, Math.round((area / sum) * 100)]));
}

test("USE-1 a job measures every folder, and a second measurement shows what has changed", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  test.setTimeout(120_000);
  await seed(context, hako, bucket);
  await open(page, `/buckets/${bucket}`);
  await page.getByTestId("tab-usage").click();
  await expect(page.getByTestId("state-empty")).toContainText("This bucket was not measured yet");
  await page.getByRole("button", { name: "Measure now" }).click();
  await expect(tile(page, "Objects")).toContainText("4");
  await expect(tile(page, "Size")).toContainText("6,527 bytes");
  await expect(tile(page, "Old versions")).toContainText("1 delete marker");
  await expect(tile(page, "Unfinished uploads")).toContainText("1 KB");
  expect(await folders(page)).toEqual(["scans/", "logs/", ""]);
  await expect(row(page, "scans/")).toContainText("92 %");
  await expect(row(page, "scans/")).toContainText("1 · 1.95 KB");
  await expect(page.getByTestId("usage-map")).toHaveAttribute("aria-label", /The largest part is scans, with 92 %/);
  expect(await areas(page)).toEqual({ scans: 92, logs: 8, "Files in this folder": 0 });
  await checkAccessibility(page);
  await checkNarrow(page);
  await page.setViewportSize({ width: 1280, height: 800 });

  // By the picture into a folder, by the table deeper, by the path back; and to the files.
  await page.evaluate(() => Object.assign(window, { same: true }));
  await page.locator('[data-testid="usage-cell"][data-name="scans"]').click();
  await expect(page).toHaveURL(/prefix=scans%2F/);
  await expect(row(page, "scans/2025/")).toContainText("1.95 KB");
  expect(await folders(page)).toEqual(["scans/2024/", "scans/2025/", "scans/"]);
  await expect(row(page, "scans/")).toContainText("1 · 1 KB");
  await row(page, "scans/2024/").getByRole("link", { name: "2024", exact: true }).click();
  await expect(page.getByTestId("usage-summary")).toContainText("2.93 KB in 1 object,");
  await page.getByTestId("usage-path").getByRole("link", { name: "Whole bucket" }).click();
  await expect(row(page, "logs/")).toBeVisible();
  expect(await page.evaluate(() => "same" in window)).toBe(true);
  await expect(row(page, "logs/").getByRole("link", { name: "Open logs/ in Files" })).toHaveAttribute(
    "href",
    `/buckets/${bucket}?prefix=logs%2F`,
  );

  await store(context, hako, bucket, "scans/2025/c.tif", "x".repeat(3_072));
  await store(context, hako, bucket, "new/d.txt", "x".repeat(10));
  await page.getByRole("button", { name: "Measure now" }).click();
  await expect(row(page, "new/")).toBeVisible();
  const with_ = page.getByLabel("Compared with");
  await with_.selectOption({ index: 2 });
  await page.getByTestId("form-usage").getByRole("button", { name: "Show" }).click();
  await expect(page).toHaveURL(/with=/);
  await expect(row(page, "scans/")).toContainText("+3 KB");
  expect(await folders(page)).toEqual(["scans/", "new/", "logs/", ""]);
  await expect(row(page, "scans/")).toContainText("+1 object");
  await expect(row(page, "new/")).toContainText("new, +10 B");
  await expect(row(page, "logs/")).toContainText("±0");
  await expect(page.getByTestId("usage-summary")).toContainText(/Since .*: \+3\.01 KB, objects \+2\./);
  await checkAccessibility(page);
  await checkNarrow(page);
  // The other way round it is gone.
  const [now, then] = ["job", "with"].map((name) => new URL(page.url()).searchParams.get(name));
  await open(page, `/buckets/${bucket}/usage?job=${then}&with=${now}`);
  await expect(row(page, "new/")).toContainText("gone, −10 B");
  await expect(row(page, "new/").getByRole("link")).toHaveCount(0);

  await open(page, `/jobs/${then}`);
  await expect(page.getByTestId("page-title")).toHaveText(`Usage of ${bucket}`);
  await page.getByRole("link", { name: "Show the usage" }).click();
  await expect(tile(page, "Size")).toContainText("6,527 bytes");
  const csv = await context.request.get(hako.console + (await page.getByTestId("usage-report").getAttribute("href")));
  expect((await csv.text()).split("\r\n")[1]).toBe(",4,3503,1,2000,1,1,1024");
});

test("USE-1 without scripts a form measures, and folders and comparisons are links and forms", async ({
  browser,
  context,
  hako,
  bucket,
}) => {
  await seed(context, hako, bucket);
  const state = await context.storageState();
  const plain = await browser.newContext({ javaScriptEnabled: false, storageState: state, baseURL: hako.console });
  const page = await plain.newPage();
  await page.goto(`/buckets/${bucket}/usage`);
  const measure = async (there: () => Promise<void>) => {
    await page.getByRole("button", { name: "Measure now" }).click();
    // While it runs the page comes again by itself; a link does it at once.
    await expect(async () => {
      const again = page.getByRole("link", { name: "Reload" });
      if (await again.isVisible()) await again.click();
      await there();
    }).toPass();
  };
  await measure(() => expect(row(page, "scans/")).toBeVisible({ timeout: 200 }));
  await expect(page.getByTestId("usage-cell").filter({ hasText: "scans" }).first()).toBeVisible();
  await row(page, "scans/").getByRole("link", { name: "scans", exact: true }).click();
  await expect(row(page, "scans/2024/")).toBeVisible();
  await store(context, hako, bucket, "scans/2024/e.tif", "x".repeat(1_024));
  await measure(() => expect(page.getByLabel("Compared with")).toBeVisible({ timeout: 200 }));
  await row(page, "scans/").getByRole("link", { name: "scans", exact: true }).click();
  await page.getByLabel("Compared with").selectOption({ index: 2 });
  await page.getByRole("button", { name: "Show" }).click();
  await expect(page).toHaveURL(/prefix=scans%2F.*with=/);
  await expect(row(page, "scans/2024/")).toContainText("+1 KB");
  await plain.close();
});

test("will it fit: files against the hard and the soft quota, and what is not known is said", async ({ page, context, hako, bucket }) => {
  await store(context, hako, bucket, "a.txt", "x".repeat(1_000));
  await context.request.post(`${hako.console}/api/v1/mapi/tenants/demo/namespaces/${bucket}`, {
    data: { hardQuota: "1 GB", softQuota: 80 },
    headers: { Origin: hako.console },
  });
  await open(page, `/buckets/${bucket}/usage`);
  const answer = page.getByTestId("fit-answer");
  await expect(answer).toHaveCount(0);
  const size = page.getByTestId("field-size");
  await size.fill("0.5");
  await page.getByTestId("field-files").fill("2");
  await expect(answer).toContainText("It fits: 2 files of 256 MB on average");
  await size.fill("0.9");
  await expect(answer).toContainText("passes the soft quota: 90 %");
  await size.fill("1");
  await expect(answer).toContainText("It does not fit: 4 KB are missing");
  // Of what is there, no more than that can go.
  await page.getByTestId("field-replaced").fill("0.5");
  await expect(answer).toContainText("It fits only file by file");
  await page.getByTestId("fit-unit").selectOption("TB");
  await size.fill("11");
  await expect(answer).toContainText("No object is larger than 5 TB");
  await size.fill("much");
  await expect(answer).toContainText("as digits");
  await page.getByText("What this does not know").click();
  await expect(page.getByTestId("will-it-fit")).toContainText("The store counts what a bucket holds now and then");
  // The address has the question.
  await size.fill("1");
  await page.getByTestId("fit-unit").selectOption("GB");
  await page.getByTestId("field-replaced").fill("");
  await page.getByRole("button", { name: "Will it fit?" }).click();
  await expect(page).toHaveURL(/size=1&unit=GB&files=2$/);
  await page.reload();
  await expect(answer).toContainText("4 KB are missing");
  await checkAccessibility(page);
  await checkNarrow(page);
});

test("what the bucket held day by day is a picture and a table, and the address says for how long", async ({ page, context, hako, bucket }) => {
  await store(context, hako, bucket, "a.txt", "x".repeat(1_000));
  await store(context, hako, bucket, "b.txt", "x".repeat(1_000));
  await open(page, `/buckets/${bucket}/usage`);
  const today = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" }).format(new Date());
  const summary = page.getByTestId("history-summary");
  await expect(summary).toHaveText(/^\d+ \w+ \d{4}: 8 KB in 2 objects\.$/);
  await expect(summary).toContainText(today.replace("Sept", "Sep"));
  await expect(page.getByTestId("chart-usage")).toHaveAttribute("data-days", "1");
  await expect(page.getByTestId("chart-usage").locator("rect")).toHaveAttribute("height", "100.0");
  const section = page.getByTestId("usage-history");
  await section.getByRole("link", { name: "90 days" }).click();
  await expect(page).toHaveURL(/\?days=90$/);
  await expect(section.getByRole("link", { name: "90 days" })).toHaveAttribute("aria-current", "true");
  await section.getByText("Days as a table").click();
  await expect(page.getByTestId("history-table").locator("tbody tr")).toHaveCount(1);
  await expect(page.getByTestId("history-table").locator("tbody tr")).toContainText("1.95 KB");
  await shots(page, "usage-history");
  await checkAccessibility(page);
  await checkNarrow(page);
});
