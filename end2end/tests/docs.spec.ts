// The API's own pages: Swagger UI signs in and calls, the reference needs no scripts.

import { IN_THE_DARK, violations } from "../support/looks";
import { expect, test } from "../support/test";

const THEMES = ["light", "dark"] as const;

test("an operation is run from /docs after signing in there", async ({ page, faults }) => {
  await page.goto("/docs");
  // The whole document is drawn at once.
  await expect(page.getByRole("heading", { name: /^Hako /, level: 1 })).toBeVisible({ timeout: 30_000 });
  await page.getByRole("button", { name: "Authorize" }).first().click();
  const dialog = page.locator(".modal-ux").first();
  await dialog.getByLabel("username:").fill("demo/demo");
  await dialog.getByLabel("password:").fill("demo-demo");
  await dialog.getByRole("button", { name: "Apply given OAuth2 credentials" }).click();
  await expect(dialog.getByRole("button", { name: "Remove authorization" })).toBeVisible();
  await dialog.getByRole("button", { name: "Close", exact: true }).last().click();

  const operation = page.locator("#operations-Buckets-list_buckets");
  await operation.locator(".opblock-summary-control").click();
  await operation.getByRole("button", { name: "Execute" }).click();
  await expect(operation.locator(".live-responses-table .response .response-col_status")).toContainText("200");
  await expect(operation.locator(".live-responses-table")).toContainText("datasets");
});

test("/docs follows the browser's colours", async ({ page }) => {
  for (const colorScheme of THEMES) {
    await page.emulateMedia({ colorScheme });
    await page.goto("/docs");
    await expect(page.getByText("get_object", { exact: true })).toBeVisible({ timeout: 30_000 });
    const dark = await page.evaluate(() => document.documentElement.classList.contains("dark-mode"));
    expect(dark).toBe(colorScheme === "dark");
  }
});

test("the reference is accessible", async ({ page }) => {
  await page.goto("/redoc");
  for (const colorScheme of THEMES) {
    await page.emulateMedia({ colorScheme });
    // The page is long and made of like parts: one of each.
    const parts = ["nav", "h1", "#sign_in", "#get_object", "#schema-Problem"];
    const options = colorScheme === "dark" ? IN_THE_DARK : {};
    expect(await violations(page, options, parts)).toEqual([]);
  }
  await page.setViewportSize({ width: 320, height: 640 });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
  expect(wide).toBe(false);
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("the reference shows every operation", async ({ page }) => {
    await page.goto("/redoc");
    await expect(page.getByRole("heading", { name: "Copy an object inside the store", exact: true })).toBeVisible();
    await page.getByRole("link", { name: "Get a token", exact: true }).click();
    await expect(page).toHaveURL(/#sign_in$/);
    await page.setViewportSize({ width: 320, height: 640 });
    await expect(page.getByRole("heading", { name: "Get a token", exact: true })).toBeVisible();
  });
});
