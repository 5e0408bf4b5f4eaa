// Several sessions side by side, their end, and the own password.

import { type Account, alsoSignIn, manage, newTenant } from "../support/sessions";
import { checkAccessibility, checkNarrow, checkOpened } from "../support/looks";
import { DEMO, type Page, api, expect, fillSignIn, hydrated, open, openBucket, signInByApi, store, test } from "../support/test";

async function openMenu(page: Page): Promise<void> {
  await page.getByRole("button", { name: /session menu/ }).click();
}

function item(page: Page, account: { username: string }) {
  return page.getByTestId("session-item").filter({ hasText: account.username });
}

async function switchTo(page: Page, account: Account): Promise<void> {
  await openMenu(page);
  await item(page, account).getByTestId("session-switch").click();
  await expect(page.locator(".session-open")).toContainText(account.username);
  await hydrated(page);
}

test("AUTH-6 two sessions: the menu lists both, and switching keeps the page or says why not", async ({
  page,
  context,
  hako,
  bucket,
  faults,
}) => {
  faults.expectStatus(404);
  await store(context, hako, bucket, "a/x", "x");
  const bob = await newTenant(hako);
  await alsoSignIn(context, hako, bob);
  await alsoSignIn(context, hako, DEMO);
  await openBucket(page, bucket, "a/");
  await openMenu(page);
  await expect(page.getByTestId("session-item")).toHaveCount(2);
  await expect(item(page, DEMO)).toHaveAttribute("aria-current", "true");
  await page.keyboard.press("Escape");

  await switchTo(page, bob);
  await expect(page).toHaveURL(/\/buckets\?missing=/);
  await expect(page.getByTestId("session-landing")).toContainText(`bob at ${bob.tenant} does not see /buckets/${bucket}`);

  // The bucket exists in both tenants now, so the page stays.
  await api(context, hako, "/buckets", { data: { bucket } });
  await store(context, hako, bucket, "a/of-bob", "x");
  await openBucket(page, bucket, "a/");
  await expect(page.getByText("of-bob").first()).toBeVisible();
  await switchTo(page, DEMO);
  expect(new URL(page.url()).pathname).toBe(`/buckets/${bucket}`);
  expect(new URL(page.url()).searchParams.get("prefix")).toBe("a/");
  await expect(page.getByText("of-bob")).toHaveCount(0);
});

test("AUTH-7 a page whose session is not the current one any more changes nothing before it is told who it is", async ({
  page,
  context,
  hako,
  bucket,
  faults,
}) => {
  faults.expectStatus(409);
  const bob = await newTenant(hako);
  await alsoSignIn(context, hako, bob);
  await api(context, hako, "/buckets", { data: { bucket } });
  await store(context, hako, bucket, "theirs.txt", "x");
  await alsoSignIn(context, hako, DEMO);
  await store(context, hako, bucket, "theirs.txt", "x");
  // Where versions are kept a deletion is asked about; elsewhere it only waits.
  const versioning = await context.request.put(`${hako.console}/api/v1/buckets/${bucket}/versioning`, {
    data: { status: "Enabled" },
    headers: { Origin: hako.console },
  });
  expect(versioning.ok()).toBe(true);
  await openBucket(page, bucket);

  const other = await context.newPage();
  await open(other, "/buckets");
  await switchTo(other, bob);

  await page.getByTestId("row-check").first().check();
  await page.getByTestId("cmd-delete").click();
  await page.getByTestId("confirm-submit").click();
  const dialog = page.getByTestId("session-mismatch");
  await expect(dialog).toBeVisible();
  await expect(dialog.getByTestId("session-reload")).toHaveText(`Reload as bob at ${bob.tenant}`);
  const keysOf = async (tenant: string) => {
    const answer = await context.request.get(`${hako.console}/api/v1/buckets/${bucket}/objects?as=${tenant}`);
    return JSON.stringify(await answer.json());
  };
  expect(await keysOf(bob.tenant)).toContain("theirs.txt");
  expect(await keysOf(DEMO.tenant)).toContain("theirs.txt");

  await dialog.getByTestId("session-continue").click();
  await expect(dialog).toBeHidden();
  await page.getByTestId("confirm-submit").click();
  await expect.poll(() => keysOf(DEMO.tenant)).not.toContain("theirs.txt");
  expect(await keysOf(bob.tenant)).toContain("theirs.txt");
  await other.close();
});

test("AUTH-8 a link names the tenant that it is meant for, and leads there by sign-in", async ({ page, context, hako, bucket }) => {
  const bob = await newTenant(hako);
  await open(page, `/buckets?as=${bob.tenant}`);
  await expect(page.getByTestId("signin-tenant")).toHaveValue(bob.tenant);
  await page.getByTestId("signin-username").fill(bob.username);
  await page.getByTestId("signin-password").fill(bob.password);
  await page.getByTestId("signin-submit").click();
  await expect(page).toHaveURL(new RegExp(`/buckets\\?as=${bob.tenant}$`));
  await hydrated(page);
  // With two sessions, links say whose they are; a page of the one works beside pages of the other.
  await expect(page.getByTestId("nav-transfers")).toHaveAttribute("href", `/transfers?as=${bob.tenant}`);
  await open(page, `/buckets?q=${bucket}&as=${DEMO.tenant}`);
  const link = page.getByRole("link", { name: bucket, exact: true }).first();
  await link.hover();
  await expect(link).toHaveAttribute("href", new RegExp(`as=${DEMO.tenant}`));
  await link.click();
  await expect(page).toHaveURL(new RegExp(`/buckets/${bucket}\\?as=${DEMO.tenant}`));
  await expect(page.getByTestId("state-empty")).toBeVisible();
  await page.getByTestId("cmd-new-folder").click();
  await page.locator('[name="name"]').fill("beside");
  await page.getByTestId("confirm-submit").click();
  await expect(page.getByText("beside").first()).toBeVisible();
  await expect(page.getByTestId("session-mismatch")).toHaveCount(0);
});

test("AUTH-9 signing out of one keeps the other, and of all leaves no cookie", async ({ page, context, hako, bucket, faults }) => {
  faults.expectStatus(404);
  const bob = await newTenant(hako);
  await alsoSignIn(context, hako, bob);
  const sessions = async () =>
    (await context.cookies(hako.console)).filter(({ name }) => /^hako_(session|current)/.test(name)).length;
  expect(await sessions()).toBe(3);
  await open(page, "/sessions");
  await expect(page.getByTestId("table-sessions").getByTestId("row")).toHaveCount(2);
  await page.getByRole("button", { name: `Sign out bob at ${bob.tenant}` }).click();
  await expect(page.getByTestId("table-sessions").getByTestId("row")).toHaveCount(1);
  expect(await sessions()).toBe(2);
  await open(page, `/buckets/${bucket}`);
  await expect(page.getByTestId("state-empty")).toBeVisible();

  await alsoSignIn(context, hako, bob);
  await open(page, "/sessions");
  await page.getByRole("main").getByTestId("sign-out-all").click();
  await expect(page.getByTestId("signin-form")).toBeVisible();
  expect(await sessions()).toBe(0);
  await page.goBack();
  await expect(page.getByTestId("signin-form")).toBeVisible();
  await expect(page.getByText(bob.tenant)).toHaveCount(0);
});

test.describe("who has to change the password", () => {
  const eve = { tenant: DEMO.tenant, username: "", password: "First-pw-1" };

  test.beforeEach(async ({ hako }) => {
    eve.username = `eve${Date.now().toString(36)}`;
    await manage(hako, DEMO, "PUT", `/tenants/${DEMO.tenant}/userAccounts`, {
      username: eve.username,
      fullName: "Eve",
      localAuthentication: true,
      enabled: true,
      forcePasswordChange: true,
      roles: { role: ["MONITOR"] },
      password: eve.password,
    });
  });

  test("AUTH-10 sees no other page before, has the rules checked live, and comes to the wanted page", async ({ page, faults }) => {
    faults.expectStatus(422);
    await open(page, "/namespaces");
    await page.getByTestId("signin-tenant").fill(eve.tenant);
    await page.getByTestId("signin-username").fill(eve.username);
    await page.getByTestId("signin-password").fill(eve.password);
    await page.getByTestId("signin-submit").click();
    await expect(page.getByTestId("password-forced")).toBeVisible();
    await expect(page.getByTestId("main-nav").getByRole("link")).toHaveCount(0);
    for (const path of ["/buckets", "/transfers"]) {
      await page.goto(path);
      await expect(page.getByTestId("password-forced")).toBeVisible();
    }
    await page.goto("/password?next=/namespaces");
    await hydrated(page);
    const rules = page.getByTestId("password-rules");
    const kept = rules.locator('[data-kept="true"]');
    await page.locator('[name="new_password"]').fill("abc");
    await expect(kept).toHaveCount(0);
    await page.locator('[name="new_password"]').fill("abcdef");
    await expect(kept).toHaveCount(1);
    // The present one keeps the rules; the store does not take it.
    await page.locator('[name="new_password"]').fill(eve.password);
    await expect(kept).toHaveCount(await rules.getByRole("listitem").count());
    await page.locator('[name="repeat_password"]').fill(eve.password);
    await page.getByTestId("password-submit").click();
    await expect(page.getByTestId("error-new_password")).toBeVisible();
    await expect(page.locator('[name="new_password"]')).toHaveValue("");
    await checkAccessibility(page);
    await checkNarrow(page);
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.locator('[name="new_password"]').fill("Second-pw-2");
    await page.locator('[name="repeat_password"]').fill("Second-pw-2");
    await page.getByTestId("password-submit").click();
    await expect(page).toHaveURL(/\/namespaces$/);
    await expect(page.getByTestId("nav-namespaces")).toBeVisible();
  });
});

test("AUTH-11 a tenant's message stands above the form as soon as the tenant is named", async ({ page, hako }) => {
  const bob = await newTenant(hako);
  await manage(hako, bob, "POST", `/tenants/${bob.tenant}/consoleSecurity`, { loginMessage: "Authorised use only." });
  await open(page, `/sign-in?tenant=${bob.tenant}`);
  await expect(page.getByTestId("login-message")).toHaveText("Authorised use only.");
  await open(page, "/sign-in");
  await expect(page.getByTestId("login-message")).toHaveCount(0);
  await page.getByTestId("signin-tenant").fill(bob.tenant);
  await page.getByTestId("signin-username").focus();
  await expect(page.getByTestId("login-message")).toHaveText("Authorised use only.");
});

test("AUTH-11 after many failures sign-in says when to try again", async ({ page, faults, hako }) => {
  faults.expectStatus(401, 429);
  const bob = await newTenant(hako);
  await open(page, `/sign-in?tenant=${bob.tenant}`);
  for (let attempt = 0; attempt < 7; attempt += 1) {
    await page.getByTestId("signin-username").fill("bob");
    await page.getByTestId("signin-password").fill("wrong");
    const answered = page.waitForResponse((answer) => answer.request().method() === "POST");
    await page.getByTestId("signin-submit").click();
    if ((await answered).status() === 429) break;
    await hydrated(page);
  }
  await expect(page.getByTestId("signin-error")).toContainText(/Try again in \d+ seconds/);
});

test("tenants that were used are suggested in this browser", async ({ page, context }) => {
  await open(page, "/sign-in");
  await fillSignIn(page);
  await page.getByTestId("signin-submit").click();
  await page.waitForURL("**/buckets");
  await context.clearCookies();
  await open(page, "/sign-in");
  await expect(page.locator("#signin-tenants option")).toHaveAttribute("value", DEMO.tenant);
});

test("sessions, the menu and the dialogs look right", async ({ page, context, hako, faults }) => {
  test.setTimeout(180_000);
  faults.expectStatus(409);
  await signInByApi(context, hako);
  const bob = await newTenant(hako);
  await alsoSignIn(context, hako, bob);
  await open(page, "/sessions");
  await checkAccessibility(page);
  await checkNarrow(page);
  await page.setViewportSize({ width: 1440, height: 800 });
  await openMenu(page);
  await checkOpened(page, "session-panel");
  await checkNarrow(page);
  await page.keyboard.press("Escape");
  await page.setViewportSize({ width: 1440, height: 800 });
  await open(page, "/buckets");
  await alsoSignIn(context, hako, DEMO);
  await page.getByTestId("bucket-create").click();
  await page.getByTestId("bucket-name").fill("not-to-be-made");
  await page.getByTestId("bucket-create-dialog").getByRole("button", { name: "Create bucket" }).click();
  await expect(page.getByTestId("session-continue")).toBeVisible();
  await checkOpened(page, "session-mismatch");
  await checkNarrow(page);
  await page.getByTestId("session-reload").click();
  await expect(page.locator(".session-open")).toContainText(DEMO.username);
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("one switches, is kept from changing as somebody else, and signs out of all", async ({ page, context, hako, bucket }) => {
    const bob = await newTenant(hako);
    await alsoSignIn(context, hako, bob);
    await page.goto("/sessions");
    await page.getByRole("row").or(page.getByTestId("row")).filter({ hasText: "demo" }).getByTestId("session-switch").click();
    await page.goto(`/buckets?ask=create&q=${bucket}`);
    await expect(page.getByRole("link", { name: bucket, exact: true }).first()).toBeVisible();
    await page.getByTestId("bucket-name").fill(`${bucket}-stale`);
    await alsoSignIn(context, hako, bob);
    await page.getByTestId("bucket-name").press("Enter");
    await expect(page.getByTestId("session-mismatch")).toBeVisible();
    for (const tenant of [bob.tenant, DEMO.tenant]) {
      const answer = await context.request.get(`${hako.console}/api/v1/buckets?as=${tenant}`);
      expect(await answer.text()).not.toContain(`${bucket}-stale`);
    }
    await page.getByRole("main").getByTestId("sign-out-all").click();
    await expect(page.getByTestId("signin-form")).toBeVisible();
  });
});
