// Who may do what in a bucket: its grants, and the rights of accounts as a matrix.

import { checkAccessibility, checkNarrow, shots } from "../support/looks";
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

test("PPL-5 effective access is what attempts come to, with the chain that decides and the way to change it", async ({
  page,
  context,
  browser,
  hako,
  bucket,
  faults,
}) => {
  test.setTimeout(120_000);
  const cleo = `cleo${Date.now().toString(36)}`;
  await newUser(hako, cleo);
  const rights = `${USERS}/${cleo}/dataAccessPermissions`;
  const mask = `/tenants/${DEMO.tenant}/namespaces/${bucket}/permissions`;
  await store(context, hako, bucket, "a.txt", "hello");
  const hers = await browser.newContext();
  await alsoSignIn(hers, hako, { tenant: DEMO.tenant, username: cleo, password: PASSWORD });
  const object = (key: string) => `${hako.console}/api/v1/buckets/${bucket}/object?key=${key}`;
  const headers = { Origin: hako.console };
  // What really happens, by HCP's words.
  const attempts = async (): Promise<Record<string, string>> => {
    const said = (status: number) => (status < 300 ? "yes" : "no");
    return {
      READ: said((await hers.request.get(object("a.txt"))).status()),
      WRITE: said((await hers.request.put(`${hako.console}/${bucket}/files/b.txt`, { data: "b", headers })).status()),
      DELETE: said((await hers.request.delete(object("b.txt"), { headers })).status()),
      BROWSE: said((await hers.request.get(`${hako.console}/api/v1/buckets/${bucket}/objects`)).status()),
      READ_ACL: said((await hers.request.get(`${hako.console}/api/v1/buckets/${bucket}/acl`)).status()),
    };
  };
  const part = page.getByTestId("access-effective");
  const answers = async (): Promise<Record<string, string>> => {
    await part.getByTestId("explain").click();
    await expect(part.getByTestId("explain")).not.toHaveAttribute("aria-description", /./);
    await expect(part.getByTestId("effective-summary")).toContainText(cleo);
    const rows = await part.getByTestId("effective-row").evaluateAll((all) =>
      all.map((row) => [(row as HTMLElement).dataset.permission, (row as HTMLElement).dataset.answer] as const),
    );
    return Object.fromEntries(rows);
  };
  const row = (permission: string) => part.locator(`[data-permission="${permission}"]`);

  await open(page, `/buckets/${bucket}/access`);
  await part.getByTestId("effective-person").fill("nobody-is-called-so");
  await part.getByTestId("explain").click();
  await expect(part.getByTestId("error-effective")).toHaveText("nobody-is-called-so is no local user of the tenant.");
  await part.getByTestId("effective-person").fill(cleo);
  expect(await answers()).toMatchObject(await attempts());
  await expect(part.getByTestId("effective-summary")).toHaveText(`${cleo} can do nothing here.`);

  await manage(hako, DEMO, "POST", rights, {
    namespacePermission: [{ namespaceName: bucket, permissions: { permission: ["READ", "WRITE"] } }],
  });
  const byAccount = await attempts();
  expect(byAccount).toEqual({ READ: "yes", WRITE: "yes", DELETE: "no", BROWSE: "yes", READ_ACL: "no" });
  expect(await answers()).toMatchObject(byAccount);

  // By the list of grants, and stopped by the namespace's mask.
  const granted = await context.request.put(`${hako.console}/api/v1/buckets/${bucket}/acl`, {
    data: { Grants: [{ Grantee: { EmailAddress: cleo, Type: "AmazonCustomerByEmail" }, Permission: "FULL_CONTROL" }] },
    headers,
  });
  expect(granted.ok(), await granted.text()).toBe(true);
  const byList = await attempts();
  expect(byList).toEqual({ READ: "yes", WRITE: "yes", DELETE: "yes", BROWSE: "yes", READ_ACL: "yes" });
  expect(await answers()).toMatchObject(byList);
  await manage(hako, DEMO, "POST", mask, { permission: ["WRITE", "DELETE"] });
  const masked = await attempts();
  expect(masked).toEqual({ READ: "no", WRITE: "yes", DELETE: "yes", BROWSE: "no", READ_ACL: "no" });
  // The mask hides the list of grants from whoever asks, too: what only that could tell is not known.
  faults.expectStatus(403);
  expect(await answers()).toMatchObject({ ...masked, DELETE: "unknown" });
  await row("READ").locator("summary").click();
  const stopped = row("READ").locator('[data-says="no"]').filter({ hasText: "The namespace’s permission mask stops it" });
  await expect(stopped.getByRole("link", { name: "Change" })).toHaveAttribute("href", `/namespaces/${bucket}/access`);
  await expect(row("READ").locator('[data-says="yes"]').filter({ hasText: "Rights of the account: yes" })).toHaveCount(1);
  await expect(row("READ").locator('[data-says="unknown"]').filter({ hasText: "Grants of the bucket: cannot be read" })).toHaveCount(1);
  await shots(page, "effective");
  await checkAccessibility(page);
  await checkNarrow(page);
  await page.setViewportSize({ width: 1280, height: 900 });
  await manage(hako, DEMO, "POST", mask, {
    permission: ["READ", "WRITE", "DELETE", "PURGE", "PRIVILEGED", "SEARCH"],
  });

  // Who has no account has nothing; who is disabled neither, whatever else leads there.
  await part.getByTestId("effective-person").fill("");
  await part.getByTestId("explain").click();
  await expect(part.getByTestId("effective-summary")).toHaveText("Somebody without an account can do nothing here.");
  await manage(hako, DEMO, "POST", `${USERS}/${cleo}`, { enabled: false });
  await part.getByTestId("effective-person").fill(cleo);
  expect(await answers()).toMatchObject({ READ: "no", WRITE: "no", DELETE: "no" });
  await manage(hako, DEMO, "POST", `${USERS}/${cleo}`, { enabled: true });

  // The same of an object, where its own list counts too.
  await open(page, `/buckets/${bucket}?o=a.txt&tab=access`);
  // What the server drew is replaced by the living drawer.
  await expect(page.locator(".drawer-plain")).toHaveCount(0);
  await expect(part).toBeVisible();
  await part.getByTestId("effective-person").fill(cleo);
  expect(await answers()).toMatchObject({ READ: "yes", READ_ACL: "yes", PRIVILEGED: "no" });
  await row("READ_ACL").locator("summary").click();
  await expect(row("READ_ACL")).toContainText("Owning the object: no");
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
