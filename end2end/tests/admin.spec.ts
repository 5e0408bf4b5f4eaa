// Administration: from a new tenant to an upload that its quota stops, and what a monitor sees.

import { truncate, writeFile } from "node:fs/promises";
import type { BrowserContext, Page } from "@playwright/test";
import { checkAccessibility, checkNarrow } from "../support/looks";
import { pagesOfSystem } from "../support/pages";
import {
  api,
  expect,
  type Hako,
  open,
  reload,
  signInByApi,
  SYSTEM,
  test,
  uploadRow,
  uploadState,
} from "../support/test";

test.describe.configure({ timeout: 180_000 });

type Account = { tenant?: string; username: string; password: string };

async function signIn(context: BrowserContext, hako: Hako, account: Account): Promise<void> {
  await context.clearCookies();
  await api(context, hako, "/session", { data: account });
}

function field(page: Page, form: string, path: string) {
  return page.getByTestId(`form-${form}`).locator(`[name="${path}"]`);
}

async function save(page: Page, button = "save"): Promise<void> {
  await page.getByTestId(button).click();
}

test("a tenant from its creation to a full namespace", async ({ page, context, hako, faults }, testInfo) => {
  const tenant = `t${Date.now().toString(36)}`;
  const first = { tenant, username: "first", password: "First-account-1" };
  const user = { tenant, username: "worker", password: "Worker-account-1" };
  const monitor = { tenant, username: "auditor", password: "Auditor-account-1" };

  // The system administrator creates a tenant.
  await signIn(context, hako, SYSTEM);
  await open(page, "/new/tenant");
  await field(page, "create_tenant", "name").fill(tenant);
  await field(page, "create_tenant", "username").fill(first.username);
  await field(page, "create_tenant", "password").fill(first.password);
  await field(page, "create_tenant", "hardQuota").fill("10");
  await save(page);
  await expect(page).toHaveURL(new RegExp(`/system/tenants/${tenant}/created`));
  await expect(page.getByTestId("setup-step").first()).toBeVisible();
  await open(page, "/system/tenants");
  await expect(page.locator(`[data-testid="row"][data-key="${tenant}"]`)).toBeVisible();

  // Its first user signs in, takes the administrator role, and makes a namespace with a quota.
  await signIn(context, hako, first);
  await open(page, "/people/users/first");
  const administrator = page.getByRole("checkbox", { name: /^Administrator/ });
  if (!(await administrator.isChecked())) {
    await administrator.check();
    await save(page);
    await expect(page.getByTestId("toast")).toContainText("saved");
  }
  await open(page, "/new/namespace");
  await field(page, "create_namespace", "name").fill("scans");
  await field(page, "create_namespace", "hardQuota").fill("1");
  await expect(page.getByTestId("save")).toBeEnabled();
  await save(page);
  await expect(page).toHaveURL(/\/namespaces$/);
  await expect(page.locator('[data-testid="row"][data-key="scans"]')).toContainText("1 GB");

  // A user with rights on it, and a monitor.
  for (const account of [user, monitor]) {
    await open(page, "/new/user");
    await field(page, "create_user", "username").fill(account.username);
    await field(page, "create_user", "fullName").fill(account.username);
    await field(page, "create_user", "password").fill(account.password);
    await field(page, "create_user", "forcePasswordChange").uncheck();
    if (account === monitor) await page.getByRole("checkbox", { name: /^Monitor/ }).check();
    await save(page);
    await expect(page.locator(`[data-testid="row"][data-key="${account.username}"]`)).toBeVisible();
  }
  await open(page, "/people/users/worker/rights");
  await page.getByRole("button", { name: "Read and write in scans" }).click();
  await expect(page.getByTestId("changes")).toContainText("Rights in scans");
  await save(page);
  await expect(page.getByTestId("toast")).toContainText("saved");
  await open(page, "/namespaces/scans/access");
  await expect(page.getByRole("row", { name: /worker/ })).toContainText("Write");

  faults.expectStatus(413);
  // The user uploads, and statistics show it.
  await signIn(context, hako, user);
  await open(page, "/buckets/scans");
  await page.locator('input[type="file"]').first().setInputFiles({
    name: "small.bin",
    mimeType: "application/octet-stream",
    buffer: Buffer.alloc(300_000, 7),
  });
  await expect(page.locator('[data-testid="file-row"][data-name="small.bin"]')).toBeVisible();

  // What does not fit is refused in words: a file of more than the quota, without its bytes on the disk.
  const large = testInfo.outputPath("large.bin");
  await writeFile(large, "");
  await truncate(large, 1_200_000_000);
  await page.locator('input[type="file"]').first().setInputFiles(large);
  await uploadState(page, "large.bin", "failed", 150_000);
  await expect(uploadRow(page, "large.bin")).toContainText(/quota|full|space/i);

  // A monitor sees all of it and has nothing to change.
  await signIn(context, hako, monitor);
  await open(page, "/namespaces/scans/statistics");
  await expect(page.getByTestId("statistics")).toContainText("293 KB");
  for (const path of ["/namespaces/scans", "/namespaces/scans/versioning", "/tenant/general"]) {
    await open(page, path);
    await expect(page.getByTestId("read-only-note")).toBeVisible();
    await expect(page.getByRole("main").locator("input, select, textarea")).toHaveCount(0);
  }
});

test("changes are named, saved alone, and refused at their field", async ({ page, context, hako, bucket }) => {
  await signInByApi(context, hako);
  await open(page, `/namespaces/${bucket}`);
  await expect(page.getByTestId("save")).toHaveAttribute("aria-disabled", "true");
  await field(page, "modify_namespace", "softQuota").fill("120");
  await expect(page.getByTestId("error-softQuota")).toContainText("from 10 to 95. You entered 120");
  await field(page, "modify_namespace", "softQuota").fill("70");
  await field(page, "modify_namespace", "tags").fill("gold\nlab");
  await expect(page.getByTestId("changes")).toContainText("Soft quota: 85 % → 70 %");
  const sent = page.waitForRequest((request) => request.method() === "POST" && request.url().includes("/mapi/"));
  await save(page);
  expect((await sent).postDataJSON()).toEqual({ softQuota: 70, tags: { tag: ["gold", "lab"] } });
  await expect(page.getByTestId("toast")).toContainText("saved");
  await reload(page);
  await expect(field(page, "modify_namespace", "softQuota")).toHaveValue("70");
  await expect(field(page, "modify_namespace", "tags")).toHaveValue("gold\nlab");
});

test("leaving with unsaved changes asks", async ({ page, context, hako, bucket }) => {
  await signInByApi(context, hako);
  await open(page, `/namespaces/${bucket}`);
  await field(page, "modify_namespace", "description").fill("not saved");
  page.once("dialog", (dialog) => dialog.dismiss());
  await page.getByTestId("nav-users").click();
  await expect(page).toHaveURL(new RegExp(`/namespaces/${bucket}`));
  await page.getByTestId("reset").click();
  await expect(field(page, "modify_namespace", "description")).toHaveValue("");
  await page.getByTestId("nav-users").click();
  await expect(page).toHaveURL(/\/people\/users/);
});

const SECTIONS = [
  ["general", "access", "protocols", "versioning", "compliance"],
  ["retention-classes", "statistics", "chargeback", "delete"],
];

for (const sections of SECTIONS) {
  test(`a namespace's pages are accessible: ${sections.join(", ")}`, async ({ page, context, hako, bucket }) => {
    test.setTimeout(400_000);
    await signInByApi(context, hako);
    for (const section of sections) await look(page, `/namespaces/${bucket}/${section}`);
  });
}

test("lists and forms of administration are accessible", async ({ page, context, hako }) => {
  test.setTimeout(400_000);
  await signInByApi(context, hako);
  const pages = ["/namespaces", "/new/namespace", "/people/users", "/new/user", "/people/users/demo"];
  pages.push("/people/users/demo/rights", "/people/users/demo/password", "/people/groups", "/usage");
  for (const path of pages) await look(page, path);
});

test("ALL-4 the settings of a tenant are accessible", async ({ page, context, hako }) => {
  test.setTimeout(400_000);
  await signInByApi(context, hako);
  const sections = ["general", "contact", "namespace-defaults", "permissions", "console-security", "email"];
  for (const section of [...sections, "search-security", "service-plans"]) await look(page, `/tenant/${section}`);
});

test("ALL-4 the pages of the system are accessible", async ({ page, context, hako }) => {
  test.setTimeout(400_000);
  await signIn(context, hako, SYSTEM);
  for (const path of [...pagesOfSystem(), "/system/tenants/demo/usage", "/system/tenants/demo/delete"]) await look(page, path);
});

async function look(page: Page, path: string): Promise<void> {
  await page.setViewportSize({ width: 1440, height: 800 });
  await open(page, path);
  await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
  await expect(page.getByTestId("state-error")).toHaveCount(0);
  await checkAccessibility(page);
  await checkNarrow(page);
}

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("a namespace is created, changed and deleted", async ({ page, context, hako, faults }) => {
    faults.expectStatus(422);
    await signInByApi(context, hako);
    const name = `plain-${Date.now().toString(36)}`;
    await page.goto("/new/namespace");
    await page.locator('[name="name"]').fill(name);
    await page.locator('[name="hardQuota"]').fill("2");
    await page.getByTestId("save").click();
    await expect(page.locator(`[data-testid="row"][data-key="${name}"]`)).toContainText("2 GB");

    await page.goto(`/namespaces/${name}`);
    await page.locator('[name="description"]').fill("made without scripts");
    await page.locator('[name="softQuota"]').fill("300");
    await page.getByTestId("save").click();
    await expect(page.getByTestId("error-summary")).toBeVisible();
    await expect(page.locator('[name="description"]')).toHaveValue("made without scripts");
    await page.locator('[name="softQuota"]').fill("60");
    await page.getByTestId("save").click();
    await expect(page.locator('[name="softQuota"]')).toHaveValue("60");
    await expect(page.getByTestId("error-summary")).toHaveCount(0);

    await page.goto(`/namespaces/${name}/delete`);
    await page.getByTestId("confirm-input").fill(name);
    await page.getByTestId("confirm-submit").click();
    await expect(page).toHaveURL(/\/namespaces$/);
    await expect(page.locator(`[data-testid="row"][data-key="${name}"]`)).toHaveCount(0);
  });
});
