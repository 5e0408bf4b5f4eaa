// The list of buckets: what can be reached, what is known of it, and what is done with it.

import { readFile } from "node:fs/promises";
import type { BrowserContext } from "@playwright/test";
import { checkAccessibility, checkNarrow, checkOpened } from "../support/looks";
import { type Account, alsoSignIn, manage, newTenant } from "../support/sessions";
import { type Hako, type Page, api, expect, open, reload, store, test } from "../support/test";

const row = (page: Page, name: string) => page.locator(`[data-testid="row"][data-key="${name}"]`);
const names = (page: Page) =>
  page.getByTestId("row").evaluateAll((rows) => rows.map((one) => (one as HTMLElement).dataset.key));
const dialog = (page: Page) => page.getByTestId("dialog");

/** A tenant of the test's own, with its administrator signed in, and buckets that this one owns. */
async function tenant(context: BrowserContext, hako: Hako, buckets: string[]): Promise<Account> {
  // Each new bucket is promised a quota of its own.
  const account = await newTenant(hako, "10 TB");
  await alsoSignIn(context, hako, account);
  for (const bucket of buckets) await api(context, hako, "/buckets", { data: { bucket } });
  return account;
}

/** Another account of the tenant. */
async function person(
  hako: Hako,
  admin: Account,
  username: string,
  more: { roles?: string[]; namespaces?: boolean; grants?: Record<string, string[]> } = {},
): Promise<Account> {
  const account = { tenant: admin.tenant, username, password: "Clerk-clerk-2026" };
  const users = `/tenants/${admin.tenant}/userAccounts`;
  await manage(hako, admin, "PUT", users, {
    username,
    fullName: username,
    localAuthentication: true,
    enabled: true,
    forcePasswordChange: false,
    roles: { role: more.roles ?? [] },
    password: account.password,
  });
  // It is not taken when an account is made.
  if (more.namespaces) await manage(hako, admin, "POST", `${users}/${username}`, { allowNamespaceManagement: true });
  const grants = Object.entries(more.grants ?? {});
  if (grants.length > 0) {
    await manage(hako, admin, "POST", `${users}/${username}/dataAccessPermissions`, {
      namespacePermission: grants.map(([namespaceName, permission]) => ({ namespaceName, permissions: { permission } })),
    });
  }
  return account;
}

/** What is stored in the bucket from now on cannot be deleted. */
async function keepForEver(hako: Hako, admin: Account, bucket: string): Promise<void> {
  const officer = await person(hako, admin, "officer", { roles: ["COMPLIANCE"] });
  const settings = `/tenants/${admin.tenant}/namespaces/${bucket}/complianceSettings`;
  await manage(hako, officer, "POST", settings, { retentionDefault: "-1" });
}

async function facts(context: BrowserContext, hako: Hako, bucket: string) {
  const answer = await context.request.get(`${hako.console}/api/v1/bucket-facts?buckets=${bucket}`);
  return (await answer.json()).facts[0];
}

test("BKT-1 what can be reached is listed, and the bar says what the API says", async ({ page, context, hako }) => {
  const admin = await tenant(context, hako, ["archive", "scans"]);
  await manage(hako, admin, "POST", `/tenants/${admin.tenant}/namespaces/archive`, { hardQuota: "1 GB", softQuota: 10 });
  await store(context, hako, "archive", "a", "x".repeat(200_000));
  await alsoSignIn(context, hako, await person(hako, admin, "monica", { roles: ["MONITOR"] }));
  await open(page, "/buckets");
  expect(await names(page)).toEqual(["archive", "scans"]);
  const known = await facts(context, hako, "archive");
  expect(known.used_bytes).toBeGreaterThanOrEqual(200_000);
  expect(known.quota_bytes).toBe(2 ** 30);
  const usage = row(page, "archive").getByTestId("bucket-usage");
  const percent = Math.floor((known.used_bytes * 100) / known.quota_bytes);
  await expect(usage).toContainText(`of 1 GB, ${percent} %`);
  await expect(usage.locator("[title]")).toHaveAttribute(
    "title",
    `${known.used_bytes} bytes of ${known.quota_bytes} bytes`,
  );
  await expect(usage.locator("meter")).toHaveJSProperty("value", known.used_bytes);
  await expect(row(page, "archive").locator("td.numeric").first()).toHaveText(String(known.objects));
});

test("BKT-2 each bad name is refused in its own words before it is sent, and a taken one after", async ({
  page,
  context,
  hako,
  faults,
}) => {
  await tenant(context, hako, ["taken"]);
  await open(page, "/buckets");
  const sent: string[] = [];
  page.on("request", (request) => {
    if (request.method() === "POST") sent.push(request.url());
  });
  await page.getByTestId("bucket-create").click();
  const create = page.getByTestId("bucket-create-dialog");
  const said = new Map<string, string>();
  for (const [name, words] of [
    ["ab", "3 to 63 characters"],
    ["a".repeat(64), "3 to 63 characters"],
    ["-abc", "begins and ends"],
    ["abc-", "begins and ends"],
    ["xn--abc", "does not begin with"],
    ["a_b", "only letters, digits and hyphens"],
    ["a.b", "only letters, digits and hyphens"],
    ["Abc", "no capital letters"],
  ]) {
    await create.getByTestId("bucket-name").fill(name);
    await create.getByTestId("confirm-submit").click();
    await expect(create.getByTestId("error-bucket")).toContainText(words);
    said.set(words, name);
  }
  expect(said.size).toBe(5);
  expect(sent).toEqual([]);
  faults.expectStatus(409);
  await create.getByTestId("bucket-name").fill("taken");
  await create.getByTestId("confirm-submit").click();
  await expect(create.getByTestId("error-bucket")).toContainText("already");
  await checkOpened(page, "bucket-create-dialog");
  expect(sent).toHaveLength(1);
});

test("BKT-3 a new bucket is in the list, has the focus, and is announced", async ({ page, context, hako }) => {
  await tenant(context, hako, ["aaa"]);
  await open(page, "/buckets");
  await page.getByTestId("bucket-create").click();
  await page.getByTestId("bucket-create-dialog").getByTestId("bucket-name").fill("newest");
  await page.keyboard.press("Enter");
  await expect(row(page, "newest").getByRole("link", { name: "newest", exact: true })).toBeFocused();
  await expect(page.locator("#live-polite")).toHaveText("Bucket newest was created.");
});

test("BKT-4 a bucket is opened by its name, pinned, and what cannot be opened says why", async ({
  page,
  context,
  hako,
  faults,
}) => {
  const admin = await tenant(context, hako, ["shared", "closed"]);
  await store(context, hako, "shared", "2025/a", "x");
  const clerk = await person(hako, admin, "clerk", { grants: { shared: ["BROWSE", "READ"], closed: ["WRITE"] } });
  await alsoSignIn(context, hako, clerk);
  await open(page, "/buckets");
  faults.expectStatus(403, 404);
  await page.getByTestId("bucket-open-by-name").click();
  const name = dialog(page).getByTestId("bucket-open-name");
  const go = dialog(page).getByTestId("confirm-submit");
  await name.fill("no such");
  await go.click();
  await expect(page.getByTestId("error-open")).toContainText("not a name");
  await name.fill("nowhere");
  await go.click();
  await expect(page.getByTestId("error-summary")).toContainText("There is no bucket nowhere that you can reach");
  await name.fill("closed");
  await go.click();
  await expect(page.getByTestId("error-summary")).toContainText("You may not list closed");
  await expect(page.getByRole("link", { name: "Open closed" })).toHaveAttribute("href", /\/buckets\/closed/);
  await name.fill("shared");
  await page.getByTestId("bucket-open-folder").fill("2025");
  await expect(page.getByTestId("bucket-open-pin")).toBeChecked();
  await go.click();
  await expect(page).toHaveURL(/\/buckets\/shared\?prefix=2025%2F/);
  await open(page, "/buckets");
  await expect(row(page, "shared").locator("[data-badge=pinned]")).toHaveText("pinned");
  await reload(page);
  await expect(row(page, "shared").locator("[data-badge=pinned]")).toHaveText("pinned");
  await expect(row(page, "shared").getByTestId("bucket-pin")).toHaveAttribute("aria-pressed", "true");
  // Another account of this browser keeps its own.
  await alsoSignIn(context, hako, admin);
  await open(page, "/buckets");
  await expect(page.getByTestId("row")).toHaveCount(2);
  await expect(page.locator("[data-badge=pinned]")).toHaveCount(0);
  await alsoSignIn(context, hako, clerk);
  await open(page, "/buckets");
  await row(page, "shared").getByTestId("bucket-pin").click();
  await expect(row(page, "shared").locator("[data-badge=pinned]")).toHaveCount(0);
});

test("BKT-5 who owns nothing is asked for a name, and who owns one bucket is led into it", async ({
  page,
  context,
  hako,
}) => {
  const admin = await tenant(context, hako, ["others"]);
  await alsoSignIn(context, hako, await person(hako, admin, "nobody"));
  await open(page, "/");
  await expect(page).toHaveURL(/\/buckets$/);
  await expect(page.getByTestId("state-empty")).toContainText("You own no bucket");
  await expect(page.getByTestId("bucket-open-name")).toBeVisible();
  await expect(page.getByTestId("bucket-create")).toHaveCount(0);
  await alsoSignIn(context, hako, await person(hako, admin, "owner", { namespaces: true }));
  await api(context, hako, "/buckets", { data: { bucket: "only-one" } });
  await page.goto("/");
  await expect(page).toHaveURL(/\/buckets\/only-one$/);
});

test("BKT-6 an empty bucket goes when its exact name is typed, and the focus is on the next row", async ({
  page,
  context,
  hako,
}) => {
  await tenant(context, hako, ["aaa", "bbb", "ccc"]);
  await open(page, "/buckets");
  await row(page, "bbb").getByTestId("bucket-delete").click();
  await expect(page.getByTestId("delete-plan")).toContainText("It is empty");
  const button = dialog(page).getByTestId("confirm-submit");
  for (const typed of ["", "bb", "BBB", "bbb "]) {
    await page.getByTestId("confirm-input").fill(typed);
    await expect(button).toHaveAttribute("aria-disabled", "true");
  }
  await page.getByTestId("confirm-input").fill("bbb");
  await button.click();
  await expect(row(page, "bbb")).toHaveCount(0);
  await expect(row(page, "ccc").getByRole("link", { name: "ccc", exact: true })).toBeFocused();
  await expect(page.locator("#live-polite")).toHaveText("Bucket bbb was deleted.");
  expect(await names(page)).toEqual(["aaa", "ccc"]);
});

test("BKT-7 a bucket goes with all that is in it, counted first; a retained object keeps it", async ({
  page,
  context,
  hako,
}) => {
  const admin = await tenant(context, hako, ["full", "kept"]);
  const change = `${hako.console}/api/v1/buckets/full/versioning`;
  const versioned = await context.request.put(change, { data: { status: "Enabled" }, headers: { Origin: hako.console } });
  expect(versioned.ok()).toBe(true);
  await store(context, hako, "full", "a", "12345");
  await store(context, hako, "full", "a", "1234567");
  await store(context, hako, "full", "b", "123");
  await api(context, hako, "/buckets/full/objects/delete", { data: { keys: ["b"] } });
  await api(context, hako, "/buckets/full/multipart/half", {});
  await keepForEver(hako, admin, "kept");
  await store(context, hako, "kept", "forever.txt", "x");

  await open(page, "/buckets");
  await row(page, "full").getByTestId("bucket-delete").click();
  const plan = page.getByTestId("delete-plan");
  await expect(plan).toContainText("3 objects and versions, 15 B");
  await expect(plan).toContainText("1 delete marker");
  await expect(plan).toContainText("1 unfinished upload");
  await page.getByTestId("confirm-input").fill("full");
  await dialog(page).getByTestId("confirm-submit").click();
  await expect(row(page, "full")).toHaveCount(0);
  const gone = await context.request.head(`${hako.console}/api/v1/buckets/full`);
  expect(gone.status()).toBe(404);

  await row(page, "kept").getByTestId("bucket-delete").click();
  await expect(page.getByTestId("delete-kept")).toContainText("forever.txt");
  await expect(dialog(page).getByTestId("confirm-submit")).toHaveCount(0);
  await expect(page.getByTestId("confirm-input")).toHaveCount(0);
});

test("BKT-8 three buckets go by one phrase and one job; one that fails leaves the others deleted", async ({
  page,
  context,
  hako,
}) => {
  const admin = await tenant(context, hako, ["one", "three", "two", "zero"]);
  await keepForEver(hako, admin, "two");
  await store(context, hako, "two", "forever.txt", "x");
  await store(context, hako, "one", "a", "x");
  await open(page, "/buckets");
  for (const name of ["one", "two", "three"]) await row(page, name).getByTestId("row-check").check();
  await expect(page.getByTestId("bulk-bar")).toContainText("3 buckets selected");
  await page.getByTestId("bulk-delete").click();
  await expect(page.getByTestId("delete-kept")).toContainText("forever.txt");
  await page.getByTestId("confirm-input").fill("delete 3 buckets");
  await dialog(page).getByTestId("confirm-submit").click();
  await expect(dialog(page)).toContainText("2 buckets were deleted.");
  await expect(page.getByTestId("delete-kept")).toContainText("One bucket is still there:");
  await expect(page.getByTestId("delete-kept")).toContainText("two");
  await dialog(page).getByRole("button", { name: "Close" }).click();
  expect(await names(page)).toEqual(["two", "zero"]);
  const jobs = await (await context.request.get(`${hako.console}/api/v1/jobs`)).json();
  const done = jobs.jobs.filter((job: { plan: boolean }) => !job.plan);
  expect(done).toHaveLength(1);
  expect(done[0]).toMatchObject({ kind: "delete_buckets", buckets: ["one", "three", "two"] });
  expect(done[0].progress).toMatchObject({ done: 2, failed: 1 });
});

test("BKT-9 order, filter, columns and CSV are those of the address, and the file holds no formula", async ({
  page,
  context,
  hako,
}) => {
  const admin = await tenant(context, hako, ["aaa", "bbb", "ccc"]);
  await manage(hako, admin, "POST", `/tenants/${admin.tenant}/namespaces/bbb`, { tags: { tag: ["=gold", "lab"] } });
  await store(context, hako, "bbb", "a", "x".repeat(10_000));
  await open(page, "/buckets");
  await page.getByRole("columnheader", { name: "Used" }).getByRole("link").click();
  await page.getByRole("columnheader", { name: "Used" }).getByRole("link").click();
  await expect(page).toHaveURL(/sort=used&dir=desc/);
  await expect.poll(() => names(page)).toEqual(["bbb", "aaa", "ccc"]);
  await expect(page.getByRole("columnheader", { name: "Used" })).toHaveAttribute("aria-sort", "descending");

  await page.getByTestId("columns-button").click();
  await page.getByRole("link", { name: "Tags" }).click();
  await page.keyboard.press("Escape");
  await expect(row(page, "bbb")).toContainText("lab");
  await page.getByTestId("filter-input").fill("lab");
  await expect(page).toHaveURL(/q=lab/);
  await expect.poll(() => names(page)).toEqual(["bbb"]);
  await expect(page.getByTestId("count-line")).toContainText("1 of 3 buckets match");
  await reload(page);
  // What the filter looks into comes after the list.
  await expect.poll(() => names(page)).toEqual(["bbb"]);
  await page.getByTestId("filter-input").fill("");
  await expect.poll(() => names(page)).toEqual(["bbb", "aaa", "ccc"]);
  await page.getByTestId("filter-input").fill("nothing-like-it");
  await expect(page.getByTestId("state-no-match")).toContainText("Nothing matches nothing-like-it");
  await page.getByTestId("filter-input").fill("");

  const download = page.waitForEvent("download");
  await page.getByTestId("export-csv").click();
  const file = await (await download).path();
  const lines = (await readFile(file, "utf8")).trimEnd().split("\r\n");
  expect(lines.map((line) => line.split(",")[0])).toEqual(["Name", "bbb", "aaa", "ccc"]);
  expect(lines[1].split(",").at(-1)).toBe("'=gold lab");
  for (const cell of lines.flatMap((line) => line.split(","))) expect(cell).not.toMatch(/^[=+\-@]/);
});

test("BKT-10 two hundred buckets can be used before their numbers are there, which are asked for a few at a time", async ({
  page,
  context,
  hako,
}) => {
  test.setTimeout(120_000);
  const buckets = Array.from({ length: 200 }, (_, number) => `bucket-${String(number).padStart(3, "0")}`);
  // One person may own a hundred.
  const admin = await tenant(context, hako, []);
  await alsoSignIn(context, hako, await person(hako, admin, "owner", { namespaces: true }));
  for (const bucket of buckets.slice(100)) await api(context, hako, "/buckets", { data: { bucket } });
  await alsoSignIn(context, hako, admin);
  for (const bucket of buckets.slice(0, 100)) await api(context, hako, "/buckets", { data: { bucket } });
  let [now, most, calls] = [0, 0, 0];
  let letGo: () => void = () => {};
  const held = new Promise<void>((resolve) => (letGo = resolve));
  await page.route("**/api/v1/bucket-facts?*", async (route) => {
    calls += 1;
    most = Math.max(most, (now += 1));
    await held;
    await route.continue();
    now -= 1;
  });
  await open(page, "/buckets");
  await expect(page.getByTestId("row")).toHaveCount(50);
  await expect(page.getByTestId("count-line")).toContainText("1–50 of 200 buckets");
  await page.getByTestId("filter-input").fill("bucket-19");
  await expect(page.getByTestId("row")).toHaveCount(10);
  await page.getByTestId("filter-input").fill("");
  await expect(page.getByTestId("row")).toHaveCount(50);
  await expect(page.getByTestId("bucket-usage").first()).toHaveAttribute("aria-busy", "true");
  letGo();
  await expect(page.locator("[data-testid=bucket-usage][aria-busy]")).toHaveCount(0);
  expect(most).toBe(1);
  // Nothing was asked about what is not on the page.
  expect(calls).toBeLessThanOrEqual(Math.ceil(60 / 12) + 1);
  await page.getByRole("link", { name: "Next" }).click();
  await expect(row(page, "bucket-050")).toBeVisible();
  await expect(page).toHaveURL(/page=2/);
});

test("the menu of a bucket opens by click, right click and keyboard, and the page is accessible with its dialogs", async ({
  page,
  context,
  hako,
}) => {
  test.setTimeout(180_000);
  await tenant(context, hako, ["alpha", "beta"]);
  await store(context, hako, "alpha", "a", "x");
  await open(page, "/buckets");
  await expect(page.locator("[data-testid=bucket-usage][aria-busy]")).toHaveCount(0);
  await row(page, "alpha").getByTestId("row-menu").click();
  const menu = page.getByTestId("context-menu");
  await expect(menu.getByRole("menuitem").first()).toBeFocused();
  await page.keyboard.press("End");
  await expect(menu.getByTestId("menu-delete")).toBeFocused();
  const entries = await menu.getByRole("menuitem").allInnerTexts();
  await page.keyboard.press("Escape");
  await row(page, "alpha").click({ button: "right" });
  expect(await menu.getByRole("menuitem").allInnerTexts()).toEqual(entries);
  await checkOpened(page, "bucket-menu");
  await menu.getByTestId("menu-versions").click();
  await expect(page).toHaveURL(/\/buckets\/alpha\/versions/);

  await open(page, "/buckets");
  await checkNarrow(page);
  await checkAccessibility(page);
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.getByTestId("columns-button").click();
  await checkOpened(page, "bucket-columns");
  await page.keyboard.press("Escape");
  await page.getByTestId("bucket-open-by-name").click();
  await checkOpened(page, "bucket-open-dialog");
  await page.keyboard.press("Escape");
  await row(page, "alpha").getByTestId("bucket-delete").click();
  await expect(page.getByTestId("delete-plan")).toBeVisible();
  await checkOpened(page, "bucket-delete-dialog");
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("the list is sorted and filtered, a bucket is opened by its name, and an empty one deleted", async ({
    page,
    context,
    hako,
    faults,
  }) => {
    await tenant(context, hako, ["aaa", "bbb"]);
    await page.goto("/buckets");
    await page.getByRole("columnheader", { name: "Name" }).getByRole("link").click();
    await page.getByTestId("filter-input").fill("bb");
    await page.keyboard.press("Enter");
    await expect(page.getByTestId("row")).toHaveCount(1);
    await page.goto("/buckets");
    await page.getByTestId("bucket-open-by-name").click();
    faults.expectStatus(404);
    await page.getByTestId("bucket-open-name").fill("nowhere");
    await dialog(page).getByTestId("confirm-submit").click();
    await expect(dialog(page)).toContainText("There is no bucket nowhere");
    await page.getByTestId("bucket-open-name").fill("aaa");
    await dialog(page).getByTestId("confirm-submit").click();
    await expect(page).toHaveURL(/\/buckets\/aaa$/);
    await page.goto("/buckets");
    await row(page, "bbb").getByTestId("bucket-delete").click();
    await page.getByTestId("confirm-input").fill("bbb");
    await dialog(page).getByTestId("confirm-submit").click();
    await expect(row(page, "bbb")).toHaveCount(0);
  });
});
