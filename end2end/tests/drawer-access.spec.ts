// Who may do what with an object, in the drawer: granted by name, taken back, made public, and never lost.

import type { BrowserContext, Locator } from "@playwright/test";
import { checkAccessibility, checkNarrow, checkOpened, shots } from "../support/looks";
import { alsoSignIn, manage } from "../support/sessions";
import { DEMO, type Hako, type Page, expect, fileRow, open, openBucket, reload, store, test } from "../support/test";

const ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers";
const PASSWORD = "Anna-anna-anna-1";

/** A user of the tenant who has no rights in any bucket. */
async function newUser(hako: Hako, username: string): Promise<void> {
  await manage(hako, DEMO, "PUT", `/tenants/${DEMO.tenant}/userAccounts`, {
    username,
    fullName: "Anna Bok",
    localAuthentication: true,
    enabled: true,
    forcePasswordChange: false,
    password: PASSWORD,
  });
}

/** What an object's address answers to an account's own key, in a browser of its own. */
async function reads(context: BrowserContext, hako: Hako, username: string, bucket: string, key: string): Promise<number> {
  const browser = context.browser();
  if (!browser) throw new Error("there is no browser");
  const other = await browser.newContext();
  await alsoSignIn(other, hako, { tenant: DEMO.tenant, username, password: PASSWORD });
  const answer = await other.request.get(`${hako.console}/api/v1/buckets/${bucket}/object?key=${key}`);
  await other.close();
  return answer.status();
}

/** Sets the list of an object, as somebody else would. */
async function grant(context: BrowserContext, hako: Hako, bucket: string, key: string, grants: object[]): Promise<void> {
  const answer = await context.request.put(`${hako.console}/api/v1/buckets/${bucket}/object/acl?key=${key}`, {
    data: { Grants: grants },
    headers: { Origin: hako.console },
  });
  expect(answer.ok(), await answer.text()).toBe(true);
}

const rows = (page: Page): Locator => page.getByTestId("acl-row");
const mark = (page: Page): Locator => page.getByTestId("acl-public");

async function show(page: Page, bucket: string, key: string): Promise<void> {
  await open(page, `/buckets/${bucket}?o=${encodeURIComponent(key)}&tab=access`);
  // What the server drew is replaced by the living drawer.
  await expect(page.locator(".drawer-plain")).toHaveCount(0);
  await expect(mark(page)).toBeVisible();
}

test("DRW-6 who is granted read by name reads until it is taken back, and what is made public is asked about and marked", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  test.setTimeout(180_000);
  const anna = `anna${Date.now().toString(36)}`;
  await newUser(hako, anna);
  await store(context, hako, bucket, "a.txt", "hello");
  expect(await reads(context, hako, anna, bucket, "a.txt")).toBe(403);
  await openBucket(page, bucket);
  await fileRow(page, "a.txt").getByRole("link").click();
  await page.getByTestId("drawer-tab-access").click();
  await expect(page.getByTestId("acl-owner")).toContainText(`${DEMO.username} has all rights`);
  await expect(mark(page)).toHaveText("Public: no");
  await expect(mark(page)).toHaveAttribute("data-public", "false");
  await expect(page.getByTestId("acl-count")).toHaveText("0 of at most 100 grants");

  // The users of the tenant are offered by name, and the two groups.
  const offered = page.getByTestId("acl-users").locator("option");
  await expect(page.locator(`[data-testid="acl-users"] option[value="${anna}"]`)).toHaveText("Anna Bok");
  expect(await offered.count()).toBeGreaterThan(1);
  await expect(page.getByTestId("acl-to").locator("option")).toHaveText([
    "A person",
    "Everybody with an account",
    "Everybody, without an account",
  ]);
  await page.getByTestId("acl-add").click();
  await expect(page.getByTestId("error-person")).toHaveText("Say to whom.");
  await page.getByTestId("person-picker").fill(anna.toUpperCase());
  await page.getByTestId("acl-add").click();
  await expect(rows(page)).toHaveAttribute("data-whom", anna);
  await expect(rows(page)).toContainText("Read");
  await expect(rows(page)).toContainText("not saved yet");
  // Once is enough, and the owner needs nothing.
  await page.getByTestId("person-picker").fill(anna);
  await page.getByTestId("acl-add").click();
  await expect(page.getByTestId("error-person")).toContainText("granted already");
  await page.getByTestId("person-picker").fill(DEMO.username);
  await page.getByTestId("acl-add").click();
  await expect(page.getByTestId("error-person")).toContainText("The owner has all rights");
  expect(await reads(context, hako, anna, bucket, "a.txt")).toBe(403);
  await page.getByTestId("acl-save").click();
  await expect(page.getByTestId("toast").filter({ hasText: "The grants were saved." })).toBeVisible();
  await expect(rows(page)).not.toContainText("not saved yet");
  expect(await reads(context, hako, anna, bucket, "a.txt")).toBe(200);
  await shots(page, "drawer-access");
  await checkAccessibility(page);
  await checkNarrow(page);
  await page.setViewportSize({ width: 1280, height: 900 });

  // Taken back.
  await page.getByTestId("acl-remove").click();
  await expect(page.getByTestId("acl-none")).toBeVisible();
  await page.getByTestId("acl-save").click();
  await expect(page.getByTestId("acl-save")).toHaveAttribute("aria-description", "Nothing has changed");
  expect(await reads(context, hako, anna, bucket, "a.txt")).toBe(403);

  // Public is asked about, and red.
  await page.getByTestId("acl-to").selectOption("everybody");
  await page.getByTestId("acl-add").click();
  await expect(mark(page)).toHaveAttribute("data-public", "false");
  await page.getByTestId("acl-save").click();
  const dialog = page.getByTestId("acl-public-dialog");
  await expect(dialog).toContainText("Everybody who knows the address will read it, without an account.");
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await expect(mark(page)).toHaveAttribute("data-public", "false");
  await page.getByTestId("acl-save").click();
  await checkOpened(page, "acl-public-dialog");
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.getByRole("button", { name: "Make it public" }).click();
  await expect(mark(page)).toHaveText("Public: everybody may read, without an account");
  await expect(mark(page)).toHaveAttribute("data-public", "true");
  const colour = await mark(page).evaluate((at) => getComputedStyle(at).color);
  const danger = await page.evaluate(() => {
    const probe = document.body.appendChild(document.createElement("span"));
    probe.style.color = "var(--danger)";
    const found = getComputedStyle(probe).color;
    probe.remove();
    return found;
  });
  expect(colour).toBe(danger);
  await shots(page, "drawer-public");
  await checkAccessibility(page);
  await page.setViewportSize({ width: 1280, height: 900 });
  await reload(page);
  await expect(mark(page)).toHaveAttribute("data-public", "true");
  // A list in a word replaces all.
  await page.getByTestId("acl-canned").selectOption("private");
  await page.getByTestId("acl-save").click();
  await expect(mark(page)).toHaveText("Public: no");
});

test("DRW-6 what somebody else has granted meanwhile is shown beside one's own, and both are kept", async ({
  page,
  context,
  hako,
  bucket,
  faults,
}) => {
  test.setTimeout(120_000);
  faults.expectStatus(409);
  const anna = `anna${Date.now().toString(36)}`;
  await newUser(hako, anna);
  await store(context, hako, bucket, "a.txt", "hello");
  await show(page, bucket, "a.txt");
  await page.getByTestId("person-picker").fill(anna);
  await page.getByTestId("acl-add").click();
  await grant(context, hako, bucket, "a.txt", [{ Grantee: { URI: ALL_USERS }, Permission: "READ" }]);
  await page.getByTestId("acl-save").click();
  await expect(page.getByTestId("error-acl")).toContainText("Nothing was saved");
  await expect(page.getByTestId("conflict-before")).toContainText("Nothing is granted");
  await expect(page.getByTestId("conflict-theirs")).toContainText("Everybody, without an account: Read");
  await expect(page.getByTestId("conflict-yours")).toContainText(`${anna}: Read`);
  await shots(page, "drawer-conflict");
  await checkAccessibility(page);
  await checkNarrow(page);
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.getByTestId("keep-mine").click();
  await expect(rows(page)).toHaveCount(2);
  await page.getByTestId("acl-save").click();
  await expect(page.getByTestId("acl-save")).toHaveAttribute("aria-description", "Nothing has changed");
  expect(await reads(context, hako, anna, bucket, "a.txt")).toBe(200);
  await expect(mark(page)).toHaveAttribute("data-public", "true");

  // In the bucket, who is no local user is not taken at all.
  await open(page, `/buckets/${bucket}/access`);
  await expect(rows(page)).toHaveCount(0);
  await page.getByTestId("person-picker").fill("bo@ad.example");
  await page.getByTestId("acl-add").click();
  await expect(page.getByTestId("error-person")).toContainText("bo@ad.example is no local user of the tenant");
  await expect(rows(page)).toHaveCount(0);
});
