// The audit: what was done is there at once, filters and files tell the same, and everybody sees what is theirs.

import { readFileSync } from "node:fs";
import type { BrowserContext, Locator } from "@playwright/test";
import { checkAccessibility, checkNarrow } from "../support/looks";
import { DEMO, type Hako, type Page, SYSTEM, api, expect, fileRow, open, openBucket, store, test } from "../support/test";

type Entry = { id: string; person?: string; tenant?: string; request_id: string; action: string; target: Record<string, string> };

const rows = (page: Page): Locator => page.getByTestId("audit-row");

/** All records that the filters leave, in the order of the list. */
async function records(context: BrowserContext, hako: Hako, filter = ""): Promise<Entry[]> {
  const answer = await context.request.get(`${hako.console}/api/v1/audit?format=jsonl&${filter}`);
  expect(answer.ok()).toBe(true);
  const text = await answer.text();
  return text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as Entry);
}

async function shown(page: Page): Promise<string[]> {
  return rows(page).evaluateAll((all) => all.map((row) => row.getAttribute("data-key")!));
}

/** Makes somebody in the demo's tenant and gives their browser. */
async function signedIn(page: Page, hako: Hako, username: string, roles: string[]): Promise<BrowserContext> {
  const password = "Some-password-1";
  const made = await page.context().request.put(`${hako.console}/api/v1/mapi/tenants/demo/userAccounts`, {
    data: { username, password, fullName: username, localAuthentication: true, enabled: true, forcePasswordChange: false, roles: { role: roles } },
    headers: { Origin: hako.console },
  });
  expect(made.ok(), await made.text()).toBe(true);
  const context = await page.context().browser()!.newContext({ baseURL: hako.console });
  await api(context, hako, "/session", { data: { tenant: "demo", username, password } });
  return context;
}

test("AUD-1 what is deleted in the console is in the audit with person, target, result, address and request id, and nothing secret is", async ({
  page,
  context,
  hako,
  bucket,
  faults,
}) => {
  faults.expectStatus(401);
  await store(context, hako, bucket, "a/report.txt", "some bytes");
  await openBucket(page, bucket, "a/");
  const asked = page.waitForRequest((request) => request.method() === "POST" && /\/(jobs|delete)/.test(request.url()) && !request.postData()?.includes('"plan":true'));
  await fileRow(page, "report.txt").getByTestId("row-check").click();
  await page.keyboard.press("Delete");
  // Without versions it waits, so that one can think again.
  await page.getByRole("button", { name: "Delete now" }).click();
  const request = await asked;
  const id = (await (await request.response())!.allHeaders())["x-request-id"];
  const since = Date.now();
  const row = rows(page).filter({ hasText: `${bucket}/a/report.txt` }).first();
  await open(page, "/audit?target=report.txt");
  await expect(row).toContainText("Delete", { timeout: 5_000 });
  expect(Date.now() - since).toBeLessThan(5_000);
  await expect(row).toContainText(DEMO.username);
  await expect(row).toHaveAttribute("data-result", "ok");
  await expect(row).toContainText("127.0.0.1");
  await expect(row).toContainText(id);
  await expect(row.getByRole("link", { name: `${bucket}/a/report.txt` })).toHaveAttribute("href", `/buckets/${bucket}?prefix=a%2F`);

  await row.getByRole("link").first().click();
  const details = page.getByTestId("audit-details");
  await expect(details).toContainText(id);
  await expect(details).toContainText("POST /api/v1/");
  await expect(page).toHaveURL(/target=report\.txt&open=\d+/);
  await page.getByTestId("audit-around").click();
  await expect(page).toHaveURL(/from=.*&to=/);
  await expect(details).toContainText(id);
  await expect(rows(page).first()).toBeVisible();

  // Secrets of all kinds are sent, and none of them is kept, or written into the log.
  const wrong = { ...DEMO, password: "hunter2-wrong" };
  await context.request.post(`${hako.console}/api/v1/session`, { data: wrong, headers: { Origin: hako.console } });
  const other = await signedIn(page, hako, "audited", []);
  const change = { current_password: "Some-password-1", new_password: "hunter2-New-1" };
  await api(other, hako, "/session/password", { data: change });
  await other.close();
  const signed = (await api(context, hako, "/presign", {
    data: { bucket, key: "b", method: "put_object", metadata: { pin: "hunter2-metadata" } },
  })) as { url: string };
  const keys = await (await context.request.get(`${hako.console}/api/v1/credentials`)).json();
  const all = JSON.stringify(await records(context, hako));
  const secrets = ["hunter2", DEMO.password, "Some-password-1", keys.secret_access_key, new URL(signed.url).searchParams.get("X-Amz-Signature")!];
  const token = (await context.cookies()).find((cookie) => /^hako_session_/.test(cookie.name))!.value;
  // What the demo says of itself on its first lines is no log.
  const logged = hako.output.split("\n").filter((line) => line.startsWith("{")).join("\n");
  expect(logged).toMatch(/"action":"session.password".*"target":"audit"/);
  for (const secret of [...secrets, token]) {
    expect(secret.length).toBeGreaterThan(5);
    expect(all).not.toContain(secret);
    expect(logged).not.toContain(secret);
  }
  expect(all).toContain('"action":"session.password"');
  expect(all).toContain('"code":"invalid_credentials"');
});

test("AUD-2 filters and range leave what they say, pages and files tell the same", async ({ page, context, hako, bucket }) => {
  const from = new Date();
  for (let nth = 0; nth < 60; nth += 1) await store(context, hako, bucket, `Ledger/${nth}`, "some bytes");
  await api(context, hako, `/buckets/${bucket}/objects/delete`, { data: { keys: ["Ledger/1", "Ledger/2"] } });
  await context.request.delete(`${hako.console}/api/v1/buckets/no-such-bucket-at-all`, { headers: { Origin: hako.console } });
  const all = await records(context, hako);

  await open(page, "/audit");
  await page.getByLabel("Action", { exact: true }).selectOption({ label: "Store an object" });
  await page.getByLabel("Target").fill("lEDGER/");
  await page.getByLabel("Person").fill("DEMO");
  await page.getByLabel("Result").selectOption({ label: "Done" });
  await page.getByLabel("Range").selectOption({ label: "Last hour" });
  await page.getByRole("button", { name: "Show" }).click();
  await expect(page).toHaveURL(/since=hour.*person=DEMO&action=object\.store&target=lEDGER%2F&result=ok/);
  const expected = all.filter((one) => one.action === "object.store" && one.target.key.startsWith("Ledger/") && one.target.bucket === bucket);
  await expect(rows(page)).toHaveCount(50);
  const first = await shown(page);
  await page.getByRole("link", { name: "Older", exact: true }).click();
  await expect(page).toHaveURL(/cursor=/);
  await expect(rows(page).first()).not.toHaveAttribute("data-key", first[0]);
  const found = [...first, ...(await shown(page))];
  expect(found).toEqual(expected.map((one) => one.id));

  const file = async (testid: string) => {
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByTestId(testid).click()]);
    return readFileSync(await download.path(), "utf8");
  };
  const lines = (await file("export-jsonl")).trimEnd().split("\n").map((line) => JSON.parse(line) as Entry);
  expect(lines).toEqual(expected);
  const table = (await file("export-csv")).trimEnd().split("\r\n");
  expect(table[0]).toMatch(/^id,time,request_id,/);
  expect(table.slice(1).map((row) => row.split(",")[0])).toEqual(found);

  await open(page, `/audit?target=at-all&result=refused&from=${from.toISOString().slice(0, 19)}`);
  await expect(rows(page)).toHaveCount(1);
  await expect(rows(page)).toContainText("no-such-bucket-at-all");
  // Browsers leave out seconds that are none.
  await expect(page.getByTestId("range-from")).toHaveValue(from.toISOString().slice(0, 19).replace(/:00$/, ""));

  await open(page, "/audit?to=2020-01-01T00:00&person=demo");
  await expect(page.getByTestId("state-no-match")).toContainText("No entries in this range.");
  await page.getByRole("link", { name: "Search all that is kept" }).click();
  await expect(page).toHaveURL(/\/audit\?person=demo$/);
  await expect(rows(page).first()).toBeVisible();
});

test("AUD-2 following brings what is new, and what one reads stays where it is", async ({ page, context, hako, bucket }) => {
  for (let nth = 0; nth < 30; nth += 1) await store(context, hako, bucket, `old/${nth}`, "some bytes");
  for (const [target, nth] of [["", 12], ["old/29", 0]] as const) {
    // A long list somewhere in its middle, and a list of one row that fills no page.
    await open(page, `/audit?action=object.store&target=${encodeURIComponent(target === "" ? bucket : `${bucket}/${target}`)}`);
    const before = await shown(page);
    await page.getByTestId("audit-follow").click();
    await expect(page.getByTestId("audit-follow")).toHaveAttribute("aria-pressed", "true");
    const reading = page.locator(`[data-testid="audit-row"][data-key="${before[nth]}"]`);
    if (nth > 0) await reading.evaluate((row) => row.scrollIntoView({ block: "center" }));
    const place = (await reading.boundingBox())!;
    const prefix = target === "" ? "new/" : "old/29-";
    for (let more = 0; more < 7; more += 1) await store(context, hako, bucket, `${prefix}${more}`, "some bytes");
    await expect(page.getByTestId("audit-came")).toContainText("7 new entries", { timeout: 15_000 });
    await expect(rows(page)).toHaveCount(before.length + 7);
    expect((await shown(page)).slice(7)).toEqual(before);
    const now = (await reading.boundingBox())!;
    expect(Math.abs(now.y - place.y)).toBeLessThan(1);
    await page.getByTestId("audit-came").getByRole("button").click();
    await expect(rows(page).first()).toContainText(`${prefix}6`);
    await expect(rows(page).first()).toBeInViewport();
    await expect(page.getByTestId("audit-came")).toHaveCount(0);
  }
});

test("AUD-3 who has no role sees the own rows, security and administrators the tenant's, and nobody another tenant's", async ({ page, context, hako, bucket }) => {
  const nameOf = (role: string) => `${role}${Date.now().toString(36)}`;
  await store(context, hako, bucket, "mine", "some bytes");
  const strange = await context.browser()!.newContext({ baseURL: hako.console });
  await api(strange, hako, "/session", { data: { ...SYSTEM, tenant: null } });
  const tenant = `t${Date.now().toString(36)}`;
  const made = await strange.request.put(`${hako.console}/api/v1/mapi/tenants`, {
    data: { name: tenant, hardQuota: "10 GB", username: "demo", password: "Some-password-1" },
    headers: { Origin: hako.console },
  });
  expect(made.ok(), await made.text()).toBe(true);
  // Of the same name, elsewhere.
  const twin = await context.browser()!.newContext({ baseURL: hako.console });
  await api(twin, hako, "/session", { data: { tenant, username: "demo", password: "Some-password-1" } });

  for (const [role, roles, sees] of [["plain", [], false], ["guard", ["SECURITY"], true], ["boss", ["ADMINISTRATOR"], true]] as const) {
    const name = nameOf(role);
    const browser = await signedIn(page, hako, name, [...roles]);
    const theirs = await browser.newPage();
    await open(theirs, "/audit");
    await expect(rows(theirs).first()).toContainText(name);
    const all = await records(browser, hako);
    expect(all.every((one) => one.tenant === "demo")).toBe(true);
    expect(all.some((one) => one.person === DEMO.username)).toBe(sees);
    expect(all.every((one) => one.person === name)).toBe(!sees);
    await open(theirs, "/audit?person=demo");
    if (sees) await expect(rows(theirs).first()).toContainText("demo");
    else await expect(theirs.getByTestId("state-no-match")).toBeVisible();
    await open(theirs, `/audit?tenant=${tenant}`);
    await expect(theirs.getByTestId("state-no-match")).toBeVisible();
    await expect(theirs.getByTestId("nav-audit")).toHaveCount(sees ? 1 : 0);
    await browser.close();
  }
  const elsewhere = await records(twin, hako);
  expect(elsewhere.length).toBeGreaterThan(0);
  expect(elsewhere.every((one) => one.tenant === tenant)).toBe(true);
  await twin.close();

  const system = await strange.newPage();
  await open(system, "/system/tenants");
  await system.getByTestId("nav-audit").click();
  await expect(system.getByTestId("page-title")).toHaveText("Audit");
  for (const one of [tenant, "demo"]) {
    await system.getByLabel("Tenant").fill(one);
    await system.getByRole("button", { name: "Show" }).click();
    await expect(system).toHaveURL(new RegExp(`tenant=${one}`));
    await expect(rows(system).first()).toContainText(one);
  }
  await strange.close();
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("the audit is filtered, opened and paged by links and a form", async ({ page, context, hako, bucket }) => {
    for (let nth = 0; nth < 52; nth += 1) await store(context, hako, bucket, `plain/${nth}`, "some bytes");
    await page.goto("/audit");
    await page.getByLabel("Target").fill(`${bucket}/plain`);
    await page.getByRole("button", { name: "Show" }).click();
    await expect(rows(page)).toHaveCount(50);
    await rows(page).first().getByRole("link").first().click();
    await expect(page.getByTestId("audit-details")).toContainText("POST /api/v1/buckets/{bucket}/object");
    await page.getByRole("link", { name: "Older", exact: true }).click();
    await expect(rows(page)).toHaveCount(2);
    await page.getByRole("link", { name: "Newest", exact: true }).click();
    await expect(rows(page)).toHaveCount(50);
  });
});

test("the page of the audit is accessible", async ({ page, context, hako, bucket }) => {
  test.setTimeout(180_000);
  await store(context, hako, bucket, "a/1", "some bytes");
  await context.request.delete(`${hako.console}/api/v1/buckets/no-such-bucket-at-all`, { headers: { Origin: hako.console } });
  const [newest] = await records(context, hako);
  for (const path of [`/audit?open=${newest.id}`, "/audit?to=2020-01-01T00:00"]) {
    await open(page, path);
    await checkAccessibility(page);
    await checkNarrow(page);
  }
  await page.setViewportSize({ width: 1280, height: 800 });
  await open(page, "/audit");
  await page.getByTestId("audit-follow").click();
  await store(context, hako, bucket, "a/2", "some bytes");
  await expect(page.getByTestId("audit-came").getByRole("button")).toBeVisible({ timeout: 15_000 });
  await checkAccessibility(page);
});
