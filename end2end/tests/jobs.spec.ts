// Jobs: what goes on without the page, how it is stopped and tried again, and how it looks.

import { readFileSync } from "node:fs";
import type { BrowserContext } from "@playwright/test";
import { checkAccessibility, checkNarrow, checkOpened } from "../support/looks";
import { type Hako, type Page, api, expect, keys, open, signInByApi, store, test } from "../support/test";

type Job = { id: string; state: string };

/** Stores small objects below `a/`. */
async function fill(context: BrowserContext, hako: Hako, bucket: string, count: number): Promise<void> {
  const names = Array.from({ length: count }, (_, at) => `a/${String(at).padStart(5, "0")}`);
  while (names.length > 0) {
    await Promise.all(names.splice(0, 20).map((key) => store(context, hako, bucket, key, "some bytes")));
  }
}

async function start(context: BrowserContext, hako: Hako, order: object): Promise<Job> {
  return (await api(context, hako, "/jobs", { data: order })) as Job;
}

/** Waits until a job has ended. */
async function ended(context: BrowserContext, hako: Hako, job: Job): Promise<Job> {
  for (;;) {
    const answer = await context.request.get(`${hako.console}/api/v1/jobs/${job.id}?wait=20`);
    const now = (await answer.json()) as Job;
    if (["done", "failed", "cancelled"].includes(now.state)) return now;
  }
}

const copyOf = (bucket: string, target: string) => ({
  kind: "copy",
  bucket,
  prefixes: ["a/"],
  target: { prefix: target },
});

function row(page: Page, job: Job) {
  return page.locator(`[data-testid="job-row"][data-key="${job.id}"]`);
}

test("JOB-1 a job goes on while one navigates and signs out, and what failed of it is tried again", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  test.setTimeout(180_000);
  await fill(context, hako, bucket, 400);
  await store(context, hako, bucket, "b/a/00007", "in the way");
  await open(page, "/jobs");
  const job = await start(context, hako, copyOf(bucket, "b/"));
  await open(page, "/jobs");
  await expect(row(page, job)).toHaveAttribute("data-state", /running|done/);
  await page.getByTestId("nav-buckets").click();
  await expect(page.getByTestId("page-title")).toHaveText("Buckets");
  await page.goto("/sign-out");
  await page.getByRole("main").getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByTestId("signin-form")).toBeVisible();
  await signInByApi(context, hako);
  await open(page, "/jobs");
  await expect(row(page, job)).toHaveAttribute("data-state", "done", { timeout: 60_000 });
  await expect(row(page, job)).toContainText("400 of 400");
  await row(page, job).getByRole("link").click();

  const failure = page.locator('[data-testid="row"][data-key="a/00007"]');
  await expect(failure).toContainText("exists already");
  await expect(page.getByTestId("row")).toHaveCount(1);
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByTestId("job-report").click()]);
  const report = readFileSync(await download.path(), "utf8").trim().split("\r\n");
  expect(report).toHaveLength(2);
  expect(report[1]).toMatch(/^a\/00007,,already_exists,/);

  const removed = { data: { keys: ["b/a/00007"] } };
  await api(context, hako, `/buckets/${bucket}/objects/delete`, removed);
  await page.getByTestId("job-retry").click();
  await expect(page).not.toHaveURL(new RegExp(job.id));
  await expect(page.getByTestId("job")).toHaveAttribute("data-state", "done");
  await expect(page.getByTestId("job")).toContainText("1 of 1");
  await expect(page.getByText("Nothing failed.")).toBeVisible();
});

test("JOB-1 a job is stopped from the list, and the header tells what runs", async ({ page, context, hako, bucket }) => {
  test.setTimeout(180_000);
  await fill(context, hako, bucket, 600);
  await open(page, "/jobs");
  const order = { ...copyOf(bucket, "c/"), kind: "move" };
  const job = await start(context, hako, order);
  await open(page, "/jobs");
  await expect(page.getByTestId("jobs-indicator")).toContainText("Jobs, 1 running");
  await page.getByTestId("jobs-indicator").getByRole("button").first().click();
  await expect(page.locator("#jobs-panel")).toContainText(`Move from ${bucket}`);
  await page.keyboard.press("Escape");
  await row(page, job).getByTestId("job-cancel").click();
  await expect(row(page, job)).toHaveAttribute("data-state", "cancelled");
  const left = await keys(context, hako, bucket);
  expect(left.filter((key) => key.startsWith("a/")).length).toBeGreaterThan(0);
  expect(left).toHaveLength(600);
  await expect(page.getByTestId("jobs-indicator")).not.toContainText("1 running");
});

test("JOB-2 a job that a crash cuts off has failed, and nobody else sees it", async ({ page, context, hako, bucket, browser, faults }) => {
  test.setTimeout(180_000);
  // The page asks while the server is away.
  faults.expectMessage(/ERR_CONNECTION_REFUSED/);
  faults.expectStatus(404);
  await fill(context, hako, bucket, 600);
  const job = await start(context, hako, copyOf(bucket, "d/"));
  await hako.crash();
  await hako.revive();
  await open(page, `/jobs/${job.id}`);
  await expect(page.getByTestId("job")).toHaveAttribute("data-state", "failed");
  await expect(page.getByTestId("job").getByRole("alert")).toContainText("restarted");
  await open(page, "/jobs?state=running");
  await expect(page.getByTestId("state-no-match")).toBeVisible();

  const other = await browser.newContext({ baseURL: hako.console });
  const system = { tenant: "", username: "admin", password: "System-admin-1" };
  await api(other, hako, "/session", { data: { ...system, tenant: null } });
  const strange = await other.newPage();
  const answer = await strange.goto(`/jobs/${job.id}`);
  expect(answer?.status()).toBe(404);
  await expect(strange.getByTestId("state-not-found")).toBeVisible();
  await strange.goto("/jobs");
  await expect(strange.getByTestId("state-empty")).toBeVisible();
  await other.close();
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("jobs are listed, filtered, and tried again by plain forms", async ({ page, context, hako, bucket }) => {
    await store(context, hako, bucket, "a/1", "some bytes");
    await store(context, hako, bucket, "b/a/1", "in the way");
    const job = await ended(context, hako, await start(context, hako, copyOf(bucket, "b/")));
    await page.goto("/jobs");
    await expect(row(page, job)).toHaveAttribute("data-state", "done");
    await page.getByLabel("Kind").selectOption("copy");
    await page.getByRole("button", { name: "Show" }).click();
    await expect(page).toHaveURL(/kind=copy/);
    const before = await page.getByTestId("job-row").count();
    await row(page, job).getByTestId("job-retry").click();
    await expect(page).toHaveURL(/\/jobs$/);
    await page.goto("/jobs?kind=copy");
    await expect(page.getByTestId("job-row")).toHaveCount(before + 1);
    await page.getByTestId("job-row").first().getByRole("link").click();
    await expect(page.getByText("exists already")).toBeVisible();
  });
});

test("the pages of jobs are accessible", async ({ page, context, hako, bucket }) => {
  test.setTimeout(180_000);
  await open(page, "/jobs?kind=archive");
  await checkAccessibility(page);
  await store(context, hako, bucket, "a/1", "some bytes");
  await store(context, hako, bucket, "b/a/1", "in the way");
  const job = await ended(context, hako, await start(context, hako, copyOf(bucket, "b/")));
  await ended(context, hako, await start(context, hako, { kind: "delete", bucket, prefixes: ["b/"], plan: true }));
  for (const path of ["/jobs", `/jobs/${job.id}`]) {
    await open(page, path);
    await checkAccessibility(page);
    await checkNarrow(page);
  }
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.getByTestId("jobs-indicator").getByRole("button").click();
  await expect(page.locator("#jobs-panel")).toContainText("Finished lately");
  await checkOpened(page, "jobs-panel");
});

/** An upload with one part, which nobody completes. */
async function unfinished(context: BrowserContext, hako: Hako, bucket: string, key: string, size: number) {
  const at = `/buckets/${bucket}/object/multipart?key=${encodeURIComponent(key)}`;
  const begun = (await api(context, hako, at, { data: {} })) as { upload_id: string };
  const part = await context.request.put(
    `${hako.console}/api/v1${at}&upload_id=${encodeURIComponent(begun.upload_id)}&part_number=1`,
    { data: Buffer.alloc(size, "x"), headers: { Origin: hako.console } },
  );
  expect(part.ok(), await part.text()).toBe(true);
}

test("JOB-3 unfinished uploads are added up over all buckets, and the old ones go once that is typed", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  test.setTimeout(120_000);
  const other = `${bucket}-b`;
  await api(context, hako, "/buckets", { data: { bucket: other } });
  await unfinished(context, hako, bucket, "a/one.bin", 1_000);
  await unfinished(context, hako, bucket, "a/two.bin", 500);
  await unfinished(context, hako, other, "three.bin", 7_000);

  await open(page, "/jobs");
  await page.getByTestId("tab-unfinished").click();
  await expect(page).toHaveURL(/\/jobs\/uploads$/);
  await page.getByTestId("form-measure").getByRole("button").click();
  const table = page.getByTestId("table-unfinished");
  const line = (name: string) => table.locator(`[data-testid="row"][data-key="${name}"]`);
  await expect(line(bucket).getByTestId("uploads")).toHaveText("2");
  await expect(line(bucket).getByTestId("bytes")).toHaveAttribute("title", /1,500/);
  await expect(line(other).getByTestId("bytes")).toHaveAttribute("title", /7,000/);
  await expect(line(bucket).getByRole("link")).toHaveAttribute("href", `/buckets/${bucket}/uploads`);
  // The sum is that of the lines.
  const numbers = await table.getByTestId("row").evaluateAll((rows) =>
    rows.map((row) =>
      ["uploads", "bytes"].map((id) => {
        const cell = row.querySelector(`[data-testid="${id}"]`)!;
        return Number((cell.getAttribute("title") ?? cell.textContent!).replace(/\D/g, ""));
      }),
    ),
  );
  const sum = numbers.reduce(([uploads, bytes], [u, b]) => [uploads! + u!, bytes! + b!], [0, 0]);
  const cells = table.getByTestId("unfinished-sum").locator("td.numeric");
  await expect(cells.first()).toHaveText(sum[0]!.toLocaleString("en"));
  await expect(cells.last()).toHaveAttribute("title", new RegExp(`^${sum[1]!.toLocaleString("en")}\\b`));
  await checkAccessibility(page);
  await checkNarrow(page);
  await page.setViewportSize({ width: 1280, height: 800 });

  // Nothing is a day old; then all of one bucket is counted, typed, and gone.
  const plan = page.getByTestId("uploads-plan");
  const days = page.getByTestId("form-plan").getByTestId("field-days");
  await line(bucket).getByRole("checkbox").check();
  await days.fill("1");
  await page.getByTestId("form-plan").getByRole("button").click();
  await expect(plan).toContainText(`No upload in ${bucket} was begun more than a day ago.`);
  await expect(line(bucket).getByRole("checkbox")).toBeChecked();
  await days.fill("0");
  await page.getByTestId("form-plan").getByRole("button").click();
  await expect(plan).toContainText(`All unfinished uploads in ${bucket}: 2 uploads`);
  await page.getByTestId("confirm-submit").click();
  await expect(plan).toBeVisible();
  await checkAccessibility(page);
  await page.getByTestId("confirm-input").fill("abort 2 uploads");
  await page.getByTestId("confirm-submit").click();
  await expect(page.getByTestId("uploads-aborted")).toContainText("2 uploads were given up.");
  await page.getByTestId("form-measure").getByRole("button").click();
  await expect(line(bucket)).toHaveCount(0);
  await expect(line(other).getByTestId("uploads")).toHaveText("1");
});
