// The list of Hako links, and the sheet that visitors see.

import type { BrowserContext } from "@playwright/test";
import { checkAccessibility, checkNarrow } from "../support/looks";
import { type Hako, api, expect, open, store, test } from "../support/test";

type Made = { url: string; link: { id: string } };

async function link(context: BrowserContext, hako: Hako, bucket: string, limits: object = {}): Promise<Made> {
  await store(context, hako, bucket, "a/scan.txt", "bytes");
  return (await api(context, hako, "/links", { data: { bucket, key: "a/scan.txt", ...limits } })) as Made;
}

test("LNK-1 a link is revoked from the list at once, which can be taken back, and lives longer on demand", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  const { url, link: made } = await link(context, hako, bucket, { expires_in: 3600, uses: 5 });
  const status = async () => (await context.request.get(url)).status();
  await open(page, "/links");
  const row = page.locator(`[data-testid="row"][data-key="${made.id}"]`);
  await expect(row).toHaveAttribute("data-state", "active");
  await expect(row).toContainText("0 of 5");
  await checkAccessibility(page);
  await checkNarrow(page);
  await row.getByTestId("link-revoke").click();
  await expect(row).toHaveAttribute("data-state", "revoked");
  expect(await status()).toBe(404);
  await page.getByTestId("toast-undo").click();
  await expect(row).toHaveAttribute("data-state", "active");
  expect(await status()).toBe(200);
  await row.getByTestId("link-extend").click();
  await expect(page.getByTestId("toast").last()).toContainText("a week from now");
  const answer = await context.request.get(`${hako.console}/api/v1/links`);
  const now = (await answer.json()).links.find((one: { id: string }) => one.id === made.id);
  expect(Date.parse(now.ends_at) - Date.now()).toBeGreaterThan(6 * 86_400_000);
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("links are listed and revoked by plain forms", async ({ page, context, hako, bucket }) => {
    const { url, link: made } = await link(context, hako, bucket);
    await page.goto("/links");
    const row = page.locator(`[data-testid="row"][data-key="${made.id}"]`);
    await row.getByTestId("link-revoke").click();
    await expect(row).toHaveAttribute("data-state", "revoked");
    expect((await context.request.get(url)).status()).toBe(404);
    await row.getByTestId("link-restore").click();
    await expect(row).toHaveAttribute("data-state", "active");
  });
});

test("the sheet of a link is readable, asks for its password, and one that opens nothing says so", async ({
  page,
  context,
  hako,
  bucket,
  faults,
}) => {
  faults.expectStatus(403, 404);
  const { url } = await link(context, hako, bucket, { password: "correct horse" });
  await page.goto(url);
  await checkAccessibility(page);
  await page.getByLabel("Password").fill("wrong horse");
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByTestId("error-password")).toHaveText("This password is wrong.");
  await page.getByLabel("Password").fill("correct horse");
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByTestId("shared-file")).toContainText("5 B");
  await checkAccessibility(page);
  await checkNarrow(page);
  await page.goto(`${hako.console}/l/${"A".repeat(43)}`);
  await expect(page.getByTestId("page-title")).toHaveText("This link opens nothing");
  await checkAccessibility(page);
});
