// What the store recorded: kinds and range, pages without gap or double, and the way back from a deletion.

import type { Locator } from "@playwright/test";
import { checkAccessibility, checkNarrow } from "../support/looks";
import { type Page, api, expect, open, store, test } from "../support/test";

const rows = (page: Page): Locator => page.getByTestId("operation-row");

async function shown(page: Page): Promise<string[]> {
  return rows(page).evaluateAll((all) => all.map((row) => `${row.getAttribute("data-kind")} ${row.getAttribute("data-key")}`));
}

test("AUD-4 store operations are filtered by range and kind, read page by page, and a deletion is restored", async ({ page, context, hako, bucket }) => {
  const versioned = await context.request.put(`${hako.console}/api/v1/buckets/${bucket}/versioning`, {
    data: { status: "Enabled" },
    headers: { Origin: hako.console },
  });
  expect(versioned.ok()).toBe(true);
  const expected: string[] = [];
  for (let nth = 0; nth < 120; nth += 1) {
    const key = `${nth % 2 === 0 ? "even" : "odd"}/${String(nth).padStart(3, "0")}.txt`;
    await store(context, hako, bucket, key, "some bytes");
    expected.push(`CREATED ${key}`);
  }
  await api(context, hako, `/buckets/${bucket}/objects/delete`, { data: { keys: ["even/004.txt"] } });
  expected.push("DELETED even/004.txt");

  // From the audit of the console, one click away.
  await open(page, "/audit");
  await page.getByTestId("audit-tabs").getByRole("link", { name: "Store operations" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Store operations");
  await page.getByLabel("Namespace").fill(bucket);
  await page.getByRole("button", { name: "Show" }).click();
  await expect(page).toHaveURL(new RegExp(`ns=${bucket}`));
  await expect(rows(page)).toHaveCount(100);
  const seen = await shown(page);
  await page.getByRole("link", { name: "Later" }).click();
  await expect(page).toHaveURL(/after=/);
  await expect(rows(page)).toHaveCount(21);
  seen.push(...(await shown(page)));
  expect(seen).toEqual(expected);
  await expect(page.getByRole("link", { name: "Later" })).toHaveCount(0);

  // Kinds, folder and range are in the address.
  await open(page, `/audit/operations?ns=${bucket}&kind=delete&kind=prune`);
  await expect(rows(page)).toHaveCount(1);
  await expect(page.getByLabel("Deleted")).toBeChecked();
  await expect(page.getByLabel("Stored", { exact: true })).not.toBeChecked();
  await expect(rows(page)).toContainText("/even/004.txt");
  await expect(rows(page)).toContainText("demo");
  await open(page, `/audit/operations?ns=${bucket}&folder=odd`);
  await expect(rows(page)).toHaveCount(60);
  await open(page, `/audit/operations?ns=${bucket}&to=2020-01-01T00:00`);
  await expect(page.getByTestId("state-empty")).toBeVisible();
  await page.getByRole("link", { name: "Search all that is kept" }).click();
  await expect(rows(page)).toHaveCount(100);
  await open(page, "/audit/operations?ns=no-such-namespace");
  await expect(page.getByTestId("state-refused")).toContainText("no-such-namespace");

  // Back from a deletion.
  await open(page, `/audit/operations?ns=${bucket}&kind=delete`);
  await page.getByTestId("operation-restore").click();
  await expect(page).toHaveURL(/\/versions\?prefix=even%2F004\.txt/);
  await page.getByTestId("undelete").first().click();
  await expect(async () => {
    const answer = await context.request.get(`${hako.console}/api/v1/buckets/${bucket}/object/details?key=even%2F004.txt`);
    expect(answer.status()).toBe(200);
  }).toPass();
});

test("the operations of the store are accessible, fit a phone and need no scripts", async ({ page, context, hako, bucket, browser }) => {
  await store(context, hako, bucket, "a/report.txt", "some bytes");
  await api(context, hako, `/buckets/${bucket}/objects/delete`, { data: { keys: ["a/report.txt"] } });
  await store(context, hako, bucket, "a/again.txt", "some bytes");
  const path = `/audit/operations?ns=${bucket}`;
  await open(page, path);
  await expect(rows(page)).toHaveCount(2);
  await checkAccessibility(page);
  await checkNarrow(page);

  const plain = await browser.newContext({ javaScriptEnabled: false, storageState: await context.storageState(), baseURL: hako.console });
  const bare = await plain.newPage();
  await bare.goto(path);
  await expect(rows(bare)).toHaveCount(2);
  await bare.getByLabel("Deleted").uncheck();
  await bare.getByRole("button", { name: "Show" }).click();
  await expect(rows(bare)).toHaveCount(1);
  await expect(rows(bare)).toContainText("/a/again.txt");
  await plain.close();
});
