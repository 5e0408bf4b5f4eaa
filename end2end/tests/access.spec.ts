// Who may do what in a bucket: its grants, and the rights of accounts as a matrix.

import { checkAccessibility, checkNarrow } from "../support/looks";
import { alsoSignIn, manage } from "../support/sessions";
import { DEMO, type Hako, type Page, api, expect, open, reload, store, test } from "../support/test";

const PASSWORD = "Anna-anna-anna-1";
const USERS = `/tenants/${DEMO.tenant}/userAccounts`;

async function newUser(hako: Hako, username: string): Promise<void> {
  await manage(hako, DEMO, "PUT", USERS, {
    username,
    fullName: "Anna Bok",
    localAuthentication: true,
    enabled: true,
    forcePasswordChange: false,
    password: PASSWORD,
  });
}

const box = (page: Page, who: string, right: string) =>
  page.locator(`[data-testid="row"][data-key="${who}"]`).locator(`input[value="${right}"]`);

async function shots(page: Page, name: string): Promise<void> {
  const folder = process.env.HAKO_SHOTS;
  for (const [colorScheme, width] of folder ? ([["light", 1280], ["dark", 1280], ["light", 320], ["dark", 320]] as const) : []) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    await page.screenshot({ path: `${folder}/${name}-${colorScheme}-${width}.png`, fullPage: true });
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 1280, height: 900 });
}

test("ACC-1 ticking read ticks browse, only the changed namespace of the changed account is sent, and the user can read then", async ({
  page,
  context,
  browser,
  hako,
  bucket,
  faults,
}) => {
  test.setTimeout(180_000);
  const stamp = Date.now().toString(36);
  const [anna, bo, other] = [`anna${stamp}`, `bo${stamp}`, `other-${stamp}`];
  for (const user of [anna, bo]) await newUser(hako, user);
  await api(context, hako, "/buckets", { data: { bucket: other } });
  const rights = `${USERS}/${anna}/dataAccessPermissions`;
  await manage(hako, DEMO, "POST", rights, {
    namespacePermission: [{ namespaceName: other, permissions: { permission: ["BROWSE", "WRITE"] } }],
  });
  await store(context, hako, bucket, "a.txt", "hello");
  const hers = await browser.newContext();
  await alsoSignIn(hers, hako, { tenant: DEMO.tenant, username: anna, password: PASSWORD });
  const reads = async () =>
    (await hers.request.get(`${hako.console}/api/v1/buckets/${bucket}/object?key=a.txt`)).status();
  expect(await reads()).toBe(403);

  await open(page, `/buckets/${bucket}`);
  await page.getByTestId("tab-access").click();
  await expect(page.getByTestId("perm-matrix")).toBeVisible();
  await expect(page.getByTestId("acl-public")).toHaveText("Public: no");
  await expect(page.getByTestId("save")).toHaveAttribute("aria-description", "Nothing has changed");
  await expect(box(page, anna, "BROWSE")).not.toBeChecked();
  await box(page, anna, "READ").check();
  await expect(box(page, anna, "BROWSE")).toBeChecked();
  await expect(page.getByTestId("changes")).toHaveText(`${anna}: none → Browse, Read`);
  // What belongs to a right goes with it.
  await box(page, anna, "BROWSE").uncheck();
  await expect(box(page, anna, "READ")).not.toBeChecked();
  await expect(page.getByTestId("save")).toHaveAttribute("aria-description", "Nothing has changed");
  await box(page, anna, "READ").check();
  await shots(page, "access");
  await checkAccessibility(page);
  await checkNarrow(page);
  await page.setViewportSize({ width: 1280, height: 900 });

  const sent: { path: string; body: unknown }[] = [];
  page.on("request", (request) => {
    if (request.method() === "POST" && request.url().includes("/dataAccessPermissions")) {
      sent.push({ path: new URL(request.url()).pathname, body: request.postDataJSON() });
    }
  });
  await page.getByTestId("save").click();
  await expect(page.getByTestId("toast").filter({ hasText: "The rights of 1 account were saved." })).toBeVisible();
  expect(sent).toEqual([
    {
      path: `/api/v1/mapi${rights}`,
      body: { namespacePermission: [{ namespaceName: bucket, permissions: { permission: ["BROWSE", "READ"] } }] },
    },
  ]);
  expect(await reads()).toBe(200);
  const kept = await context.request.get(`${hako.console}/api/v1/mapi${rights}`);
  expect(JSON.stringify(await kept.json())).toContain(`"${other}"`);
  await reload(page);
  await expect(box(page, anna, "READ")).toBeChecked();

  // What others have changed meanwhile is told, and a refusal says whom it is about.
  await manage(hako, DEMO, "POST", rights, {
    namespacePermission: [{ namespaceName: bucket, permissions: { permission: ["BROWSE"] } }],
  });
  await manage(hako, DEMO, "DELETE", `${USERS}/${bo}`, undefined);
  faults.expectStatus(403, 404);
  await box(page, anna, "WRITE").check();
  await box(page, bo, "DELETE").check();
  await page.getByTestId("save").click();
  const refused = page.getByTestId("error-rights");
  await expect(refused).toContainText(`${anna}: Somebody else has changed these rights. Saved are now: Browse.`);
  await expect(refused).toContainText(`${bo}: `);
  await expect(box(page, anna, "WRITE")).toBeChecked();
  await box(page, bo, "DELETE").uncheck();
  await page.getByTestId("save").click();
  await expect(page.getByTestId("toast").filter({ hasText: "The rights of 1 account were saved." }).first()).toBeVisible();
  await expect(page.getByTestId("save")).toHaveAttribute("aria-description", "Nothing has changed");
  expect(await reads()).toBe(200);

  // Whoever administers nothing sees what the bucket grants, as far as that may be seen, and no matrix.
  const theirs = await hers.newPage();
  await theirs.goto(`${hako.console}/buckets/${bucket}/access`);
  await expect(theirs.getByTestId("state-forbidden")).toBeVisible();
  await expect(theirs.getByTestId("perm-matrix")).toHaveCount(0);
  await hers.close();
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("grants are read, taken back and made by a form, and the way to change rights is a link", async ({ page, context, hako, bucket, faults }) => {
    faults.expectStatus(400, 422);
    const put = await context.request.put(`${hako.console}/api/v1/buckets/${bucket}/acl`, {
      data: {
        Grants: [{ Grantee: { URI: "http://acs.amazonaws.com/groups/global/AllUsers" }, Permission: "READ" }],
      },
      headers: { Origin: hako.console },
    });
    expect(put.ok(), await put.text()).toBe(true);
    await page.goto(`/buckets/${bucket}/access`);
    await expect(page.getByTestId("acl-public")).toHaveAttribute("data-public", "true");
    await expect(page.getByTestId("acl-row")).toHaveAttribute("data-whom", "Everybody, without an account");
    await expect(page.getByTestId("acl-add")).toBeHidden();
    // Of what is there, what is not ticked goes; everybody is asked about.
    const form = page.getByTestId("form-acl-plain");
    await form.getByRole("checkbox", { name: "Everybody, without an account: Read" }).uncheck();
    await form.getByLabel("Name").fill(`nobody${Date.now()}`);
    await form.getByRole("button", { name: "Save grants" }).click();
    await expect(page.getByTestId("error-acl")).toBeVisible();
    await expect(page.getByTestId("acl-public")).toHaveAttribute("data-public", "true");
    await form.getByRole("checkbox", { name: "Everybody, without an account: Read" }).uncheck();
    await form.getByLabel("To").selectOption("signed-in");
    await form.getByRole("button", { name: "Save grants" }).click();
    await expect(page.getByTestId("acl-public")).toHaveAttribute("data-public", "false");
    await expect(page.getByTestId("acl-row")).toHaveAttribute("data-whom", "Everybody with an account");
    await form.getByLabel("To").selectOption("everybody");
    await form.getByRole("button", { name: "Save grants" }).click();
    await expect(page.getByTestId("error-acl")).toContainText("Say that everybody shall have it");
    await expect(page.getByTestId("acl-public")).toHaveAttribute("data-public", "false");
    const row = page.locator(`[data-testid="row"][data-key="${DEMO.username}"]`);
    await row.getByRole("link", { name: DEMO.username }).click();
    await expect(page).toHaveURL(new RegExp(`/people/users/${DEMO.username}/rights$`));
  });
});
