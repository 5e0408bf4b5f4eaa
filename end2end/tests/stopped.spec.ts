// What pages say while the store is stopped, and that they come back by themselves.

import { createHash } from "node:crypto";
import type { Page } from "@playwright/test";
import { pagesOf } from "../support/pages";
import { Hako, api, expect, hydrated, open, store as put, test } from "../support/test";

test.describe.configure({ timeout: 300_000 });

/** The demo's user as S3 knows it. */
const KEYS = {
  username: Buffer.from("demo/demo").toString("base64"),
  password: createHash("md5").update("demo-demo").digest("hex"),
};

async function saysSo(page: Page, what: string): Promise<void> {
  const state = page.getByTestId("state-error").first();
  await expect(state, what).toBeVisible({ timeout: 30_000 });
  await expect(state.getByTestId("request-id"), what).not.toBeEmpty();
  await expect(state.locator(".countdown"), what).toContainText(/by itself in \d+ s/, { timeout: 30_000 });
  await page.evaluate(() => Object.assign(window, { same: true }));
}

async function isBack(page: Page, what: string): Promise<void> {
  await expect(page.getByTestId("state-error"), what).toHaveCount(0, { timeout: 90_000 });
  expect(await page.evaluate(() => "same" in window), `${what} was not reloaded`).toBe(true);
}

test("ALL-10 with the store stopped the pages of buckets say so, and are back without a reload when it is", async ({ browser }) => {
  const store = await Hako.start();
  const hako = await Hako.before(store);
  const context = await browser.newContext({ baseURL: hako.console });
  const bucket = "stopped";
  await api(context, hako, "/session", { data: KEYS });
  await api(context, hako, "/buckets", { data: { bucket } });
  await put(context, hako, bucket, "a/one.txt", "1");
  const all = pagesOf(bucket).filter((path) => !/^\/(namespaces|people|usage|tenant|new|password)/.test(path));
  // What a bucket held when it was measured, Hako itself knows.
  const needs = all.filter((path) => path.startsWith("/buckets") && !path.endsWith("/usage"));

  await store.crash();
  // What needs no store is as ever.
  const page = await context.newPage();
  for (const path of all.filter((path) => !needs.includes(path))) {
    await page.goto(path);
    await hydrated(page);
    await expect(page.getByTestId("state-error"), path).toHaveCount(0);
    await expect(page.getByTestId("page-title"), path).toBeVisible();
  }
  const stopped: [string, Page][] = [];
  for (const path of needs) {
    const page = await context.newPage();
    const answer = await page.goto(path);
    expect(answer?.status(), path).toBe(503);
    await hydrated(page);
    await saysSo(page, path);
    stopped.push([path, page]);
  }
  await store.revive();
  for (const [path, page] of stopped) {
    await page.bringToFront();
    await isBack(page, path);
  }
  await expect(stopped[0][1].getByText(bucket).first()).toBeVisible();
  await expect(stopped[1][1].locator('[data-testid="file-row"][data-name="a"]')).toBeVisible();
  await context.close();
  await hako.stop();
  await store.stop();
});

test("ALL-10 when management does not answer its pages say so, and are back without a reload when it does", async ({ page, bucket, faults }) => {
  faults.expectStatus(503);
  await open(page, "/buckets");
  const problem = { detail: "The store does not answer.", code: "store_unreachable", request_id: "r-1" };
  const pages = pagesOf(bucket).filter((path) => /^\/(namespaces|people|usage|tenant)/.test(path));
  expect(pages.length).toBeGreaterThan(4);
  for (const path of pages) {
    await page.route("**/api/v1/mapi/**", (route) => route.fulfill({ status: 503, json: problem }));
    // By the router, as a link does.
    await page.evaluate((path) => {
      const link = document.createElement("a");
      link.href = path;
      document.body.append(link);
      link.click();
      link.remove();
    }, path);
    await saysSo(page, path);
    await page.unroute("**/api/v1/mapi/**");
    await isBack(page, path);
    await expect(page.getByTestId("page-title"), path).toBeVisible();
  }
});
