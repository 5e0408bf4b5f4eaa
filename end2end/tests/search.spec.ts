// Search by metadata: the query and its faults, what is found, and why nothing is.

import type { BrowserContext } from "@playwright/test";
import { checkAccessibility, checkNarrow } from "../support/looks";
import { manage, newTenant } from "../support/sessions";
import { DEMO, type Hako, type Page, SYSTEM, api, expect, hydrated, open, signInByApi, store, test } from "../support/test";

type Row = { utf8Name: string; size: number };
type Answer = { resultSet: Row[]; status: { totalResults: number }; facets?: { name: string; frequency: unknown[] }[] };

const at = (query: string, rest = "") => `/search?query=${encodeURIComponent(query)}${rest}`;

/** Three objects of 1, 2,000 and 3,000 bytes. */
async function fill(context: BrowserContext, hako: Hako, bucket: string): Promise<void> {
  await store(context, hako, bucket, "in/small.txt", "a");
  await store(context, hako, bucket, "in/deep/large.txt", "b".repeat(3_000));
  await store(context, hako, bucket, "middle.txt", "c".repeat(2_000));
}

function rows(page: Page) {
  return page.getByTestId("search-row");
}

async function names(page: Page): Promise<string[]> {
  return rows(page).getByRole("rowheader").allTextContents();
}

test("SRC-2 a broken query marks the position and tells what was expected, with and without scripts", async ({
  page,
  context,
  hako,
  browser,
}) => {
  await signInByApi(context, hako);
  await open(page, "/search");
  let asked = 0;
  page.on("request", (request) => {
    if (request.url().includes("/search?") || request.url().includes("/query/")) asked += 1;
  });
  await page.getByTestId("search-query").fill("hold:true AND size:[1 to 2]");
  await page.getByRole("main").getByRole("button", { name: "Search" }).click();
  const fault = page.getByTestId("search-fault");
  await expect(fault).toContainText("At character 23: a range is two values with TO between them");
  await expect(fault.locator("mark")).toHaveText("t");
  await expect(fault.locator("[data-position]")).toHaveAttribute("data-position", "22");
  await expect(page.getByTestId("search-expected")).toContainText("TO");
  expect(asked).toBe(0);
  await checkAccessibility(page);

  const plain = await browser.newContext({
    javaScriptEnabled: false,
    storageState: await context.storageState(),
    baseURL: hako.console,
  });
  const still = await plain.newPage();
  await still.goto("/search");
  await still.getByTestId("search-query").fill("hold:maybe");
  await still.getByRole("main").getByRole("button", { name: "Search" }).click();
  await expect(still.getByTestId("search-query")).toHaveValue("hold:maybe");
  await expect(still.getByTestId("search-fault").locator("mark")).toHaveText("m");
  await plain.close();
});

test("SRC-2 nothing is sent above 8 KB, and the page tells how much is left", async ({ page, context, hako }) => {
  await signInByApi(context, hako);
  await open(page, "/search");
  const left = page.getByTestId("search-left");
  await expect(left).toHaveText("8,192 bytes left");
  await page.getByTestId("search-query").fill("ö".repeat(4_096));
  await expect(left).toHaveText("0 bytes left");
  let asked = 0;
  page.on("request", (request) => {
    if (request.url().includes("/search?") || request.url().includes("/query/")) asked += 1;
  });
  await page.getByTestId("search-query").fill("ö".repeat(4_097));
  await page.getByRole("main").getByRole("button", { name: "Search" }).click();
  await expect(page.getByTestId("search-fault")).toContainText("at most 8192 bytes");
  expect(asked).toBe(0);
});

test("SRC-3 results equal a direct query, and their address shows the same to somebody else", async ({
  page,
  context,
  hako,
  bucket,
  browser,
}) => {
  await fill(context, hako, bucket);
  const direct = (await api(context, hako, "/query/tenants/demo/objects", {
    data: { query: `namespace:${bucket} AND size:[100 TO *]`, sort: "-size", objectProperties: ["utf8Name", "size"] },
  })) as Answer;
  await open(page, "/search");
  await page.getByTestId("search-query").fill("size:[100 TO *]");
  await page.getByLabel("Only in these namespaces").fill(bucket);
  await page.getByText("What is shown").click();
  await page.getByLabel("Count values").check();
  await page.getByLabel("Hold", { exact: true }).check();
  await page.getByRole("main").getByRole("button", { name: "Search" }).click();
  await expect(page.getByTestId("search-total")).toHaveText("2 objects");
  await hydrated(page);
  const size = page.getByRole("columnheader", { name: "Size" }).getByRole("link");
  await size.click();
  await expect(page).toHaveURL(/sort=size/);
  await expect(page.getByRole("columnheader", { name: "Size" })).toHaveAttribute("aria-sort", "ascending");
  await size.click();
  await expect(page).toHaveURL(/sort=size&dir=desc/);
  await expect(page.getByRole("columnheader", { name: "Size" })).toHaveAttribute("aria-sort", "descending");
  await expect(rows(page)).toHaveCount(2);
  expect(await names(page)).toEqual(direct.resultSet.map((row) => row.utf8Name));
  await expect(page.getByTestId("search-facets").getByRole("link", { name: `${bucket}.demo` })).toBeVisible();
  await expect(page).toHaveURL(new RegExp(`ns=${bucket}.*cols=[^&]*hold[^&]*&facet=1`));
  await checkAccessibility(page);
  await checkNarrow(page);

  // Without scripts, in another session of the same account.
  const other = await browser.newContext({ javaScriptEnabled: false, baseURL: hako.console });
  await signInByApi(other, hako);
  const still = await other.newPage();
  await still.goto(page.url());
  await expect(still.getByTestId("search-total")).toHaveText("2 objects");
  expect(await names(still)).toEqual(direct.resultSet.map((row) => row.utf8Name));
  await expect(still.getByRole("columnheader", { name: "Hold" })).toBeVisible();
  await expect(still.getByTestId("search-facets")).toBeVisible();
  await other.close();
});

test("SRC-4 a result opens in its folder, and all that is found is exported, held and deleted by jobs", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  await fill(context, hako, bucket);
  const many = Array.from({ length: 120 }, (_, at) => `logs/${at}.log`);
  while (many.length > 0) {
    await Promise.all(many.splice(0, 20).map((key) => store(context, hako, bucket, key, "some bytes")));
  }
  await open(page, at("size:[2500 TO *]", `&ns=${bucket}`));
  await expect(rows(page)).toHaveCount(1);
  await rows(page).getByRole("link", { name: "large.txt" }).click();
  await expect(page).toHaveURL(new RegExp(`/buckets/${bucket}\\?prefix=in%2Fdeep%2F&o=in%2Fdeep%2Flarge.txt`));
  await expect(page.getByTestId("drawer")).toContainText("large.txt");

  // The page has a hundred of them.
  await open(page, at("logs AND size:10", `&ns=${bucket}&cols=size,path`));
  await expect(page.getByTestId("search-total")).toHaveText("120 objects");
  await expect(rows(page)).toHaveCount(100);
  await page.getByTestId("cmd-export").click();
  const dialog = page.getByTestId("dialog");
  await expect(dialog.getByTestId("bulk-over")).toHaveText("120 objects were exported.");
  await checkAccessibility(page);
  for (const [button, lines, held] of [
    ["export-csv", 121, "urlName,utf8Name,size,objectPath"],
    ["export-jsonl", 120, '"size":10'],
  ] as const) {
    const saved = page.waitForEvent("download");
    await dialog.getByTestId(button).click();
    const chunks: Buffer[] = [];
    for await (const chunk of await (await saved).createReadStream()) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    expect(text.trimEnd().split("\n")).toHaveLength(lines);
    expect(text).toContain(held);
  }
  await page.keyboard.press("Escape");

  for (const [command, button, over] of [
    ["cmd-hold", "Put 120 objects on hold", "120 objects are on hold."],
    ["cmd-release", "Lift the holds of 120 objects", "The holds of 120 objects were lifted."],
  ]) {
    await page.getByTestId(command).click();
    await dialog.getByRole("button", { name: button }).click();
    await expect(dialog.getByTestId("bulk-over")).toHaveText(over);
    await page.keyboard.press("Escape");
    const { resultSet } = (await api(context, hako, "/query/tenants/demo/objects", {
      data: { query: `logs AND namespace:${bucket} AND hold:true`, count: 200 },
    })) as Answer;
    expect(resultSet).toHaveLength(command === "cmd-hold" ? 120 : 0);
  }

  await page.getByTestId("cmd-delete").click();
  await expect(dialog.getByTestId("bulk-plan")).toHaveText("120 objects with 1.17 KB would go.");
  const go = dialog.getByTestId("confirm-submit");
  await expect(go).toHaveAttribute("aria-disabled", "true");
  await dialog.getByTestId("confirm-input").fill("delete 120 objects");
  await checkAccessibility(page);
  await go.click();
  await expect(dialog.getByTestId("bulk-over")).toHaveText("120 objects were deleted.");
  // The page behind looks again.
  await expect(page.getByTestId("state-empty")).toBeVisible();
  await open(page, "/jobs");
  await expect(page.getByTestId("job-row").first()).toContainText("Delete what a search found");
  await open(page, at("*:*", `&ns=${bucket}`));
  await expect(page.getByTestId("search-total")).toHaveText("3 objects");
});

test("SRC-5 no right, not indexed and nothing found are three different texts", async ({
  page,
  context,
  hako,
  bucket,
  browser,
}) => {
  await store(context, hako, bucket, "a", "b");
  await open(page, at("size:123456789123"));
  await expect(page.getByTestId("state-empty")).toContainText("Nothing found");
  await checkAccessibility(page);

  const reader = { username: `reader${process.pid}`, password: "Reader-of-1000" };
  const people = "/tenants/demo/userAccounts";
  await manage(hako, DEMO, "PUT", people, {
    ...reader,
    fullName: "Reader",
    localAuthentication: true,
    enabled: true,
    forcePasswordChange: false,
  });
  await manage(hako, DEMO, "POST", `${people}/${reader.username}/dataAccessPermissions`, {
    namespacePermission: [{ namespaceName: bucket, permissions: { permission: ["READ", "BROWSE"] } }],
  });
  const theirs = await browser.newContext({ baseURL: hako.console });
  await api(theirs, hako, "/session", { data: { tenant: "demo", ...reader } });
  const refused = await theirs.newPage();
  await refused.goto(at("*:*", `&ns=${bucket}`));
  await expect(refused.getByTestId("state-forbidden")).toContainText("You may not search");
  await expect(refused.getByTestId("state-forbidden")).toContainText("which an administrator of the tenant grants");
  await theirs.close();

  const bob = await newTenant(hako);
  const others = await browser.newContext({ baseURL: hako.console });
  await api(others, hako, "/session", { data: bob });
  const empty = await others.newPage();
  await empty.goto(at("*:*"));
  await expect(empty.getByTestId("state-not-indexed")).toContainText("Nothing can be searched");
  await expect(empty.getByTestId("state-not-indexed").getByRole("link")).toHaveAttribute("href", "/namespaces");
  await others.close();
});

test.describe("elsewhere", () => {
  test("who has no metadata to ask for has no entry in the navigation", async ({ page, context, hako }) => {
    await signInByApi(context, hako);
    await open(page, "/buckets");
    await page.getByTestId("nav-search").click();
    await expect(page.getByTestId("page-title")).toHaveText("Search");
    await api(context, hako, "/session", { data: SYSTEM });
    await open(page, "/");
    await expect(page.getByTestId("nav-search")).toHaveCount(0);
  });
});
