// The settings of a bucket: those of its namespace, for who may; what S3 tells, for others; and its end.

import { createHash } from "node:crypto";
import type { BrowserContext } from "@playwright/test";
import { checkOpened } from "../support/looks";
import { alsoSignIn, manage } from "../support/sessions";
import { DEMO, Hako, type Page, api, expect, keys, open, reload, signInByApi, store, test } from "../support/test";

const dialog = (page: Page) => page.getByTestId("dialog");

function form(page: Page, name: string) {
  return page.getByTestId(`form-${name}`);
}

function field(page: Page, name: string, path: string) {
  return form(page, name).locator(`[name="${path}"]:not([type=hidden])`);
}

/** Saves a form, and loads the page again. */
async function save(page: Page, name: string): Promise<void> {
  await form(page, name).getByTestId("save").click();
  await expect(page.getByTestId("toast").last()).toContainText("saved");
  await expect(form(page, name).getByTestId("save")).toHaveAttribute("aria-disabled", "true");
  await reload(page);
}

async function versioning(context: BrowserContext, hako: Hako, bucket: string): Promise<string | null> {
  const answer = await context.request.get(`${hako.console}/api/v1/buckets/${bucket}/versioning`);
  expect(answer.ok(), await answer.text()).toBe(true);
  return (await answer.json()).status;
}

async function keepVersions(context: BrowserContext, hako: Hako, bucket: string): Promise<void> {
  const answer = await context.request.put(`${hako.console}/api/v1/buckets/${bucket}/versioning`, {
    data: { status: "Enabled" },
    headers: { Origin: hako.console },
  });
  expect(answer.ok(), await answer.text()).toBe(true);
}

test("SET-1 each setting is changed, and is still there after a reload", async ({ page, context, hako, bucket }) => {
  test.setTimeout(120_000);
  const namespace = `/tenants/${DEMO.tenant}/namespaces/${bucket}`;
  await manage(hako, DEMO, "PUT", `${namespace}/retentionClasses`, { name: "gold", value: "A+1d", description: "", allowDisposition: false });
  await open(page, `/buckets/${bucket}`);
  await page.getByTestId("tab-settings").click();
  await expect(page).toHaveURL(new RegExp(`/buckets/${bucket}/settings$`));
  await expect(page.getByTestId("tab-settings")).toHaveAttribute("aria-current", "page");
  await expect(page.getByTestId("namespace-link")).toHaveAttribute("href", `/namespaces/${bucket}`);

  const versions = "modify_versioning_settings";
  await field(page, versions, "enabled").check();
  await field(page, versions, "prune").check();
  await field(page, versions, "pruneDays").fill("30");
  await save(page, versions);
  await expect(field(page, versions, "enabled")).toBeChecked();
  await expect(field(page, versions, "prune")).toBeChecked();
  await expect(field(page, versions, "pruneDays")).toHaveValue("30");
  expect(await versioning(context, hako, bucket)).toBe("Enabled");
  await field(page, versions, "keepDeletionRecords").setChecked(!(await field(page, versions, "keepDeletionRecords").isChecked()));
  const records = await field(page, versions, "keepDeletionRecords").isChecked();
  await save(page, versions);
  expect(await field(page, versions, "keepDeletionRecords").isChecked()).toBe(records);
  // Suspended through the same form.
  await field(page, versions, "enabled").uncheck();
  await save(page, versions);
  await expect(field(page, versions, "enabled")).not.toBeChecked();
  expect(await versioning(context, hako, bucket)).toBe("Suspended");

  const compliance = "modify_compliance_settings";
  await expect(page.getByTestId("retention-classes")).toContainText("C+gold");
  for (const [value, said] of [["A+7y", "7 years"], ["C+gold", "gold"], ["0", "at once"]]) {
    await field(page, compliance, "retentionDefault").fill(value);
    await expect(page.getByTestId("retention-sentence")).toContainText(said);
    await save(page, compliance);
    await expect(field(page, compliance, "retentionDefault")).toHaveValue(value);
  }

  const general = "modify_namespace";
  const overwrite = !(await field(page, general, "s3UnversionedOverwrite").isChecked());
  await field(page, general, "s3UnversionedOverwrite").setChecked(overwrite);
  await field(page, general, "multipartUploadAutoAbortDays").fill("200");
  await expect(page.getByTestId("error-multipartUploadAutoAbortDays")).toContainText("180");
  await field(page, general, "multipartUploadAutoAbortDays").fill("7");
  await field(page, general, "tags").fill("lab\ngold");
  await save(page, general);
  expect(await field(page, general, "s3UnversionedOverwrite").isChecked()).toBe(overwrite);
  await expect(field(page, general, "multipartUploadAutoAbortDays")).toHaveValue("7");
  expect((await field(page, general, "tags").inputValue()).split("\n").sort()).toEqual(["gold", "lab"]);

  const username = `owner${Date.now().toString(36)}`;
  const password = "Owner-owner-1";
  await manage(hako, DEMO, "PUT", `/tenants/${DEMO.tenant}/userAccounts`, {
    username,
    password,
    fullName: username,
    localAuthentication: true,
    enabled: true,
    forcePasswordChange: false,
  });
  await field(page, general, "owner").fill(username);
  await save(page, general);
  await expect(field(page, general, "owner")).toHaveValue(username);

  // The new owner has no role: what S3 tells is all there is, and its switch.
  await alsoSignIn(context, hako, { tenant: DEMO.tenant, username, password });
  await open(page, `/buckets/${bucket}/settings`);
  await expect(page.getByTestId("only-s3")).toContainText("administrators");
  await expect(form(page, general)).toHaveCount(0);
  const state = form(page, "versioning");
  await expect(state).toHaveAttribute("data-state", "suspended");
  await expect(state.getByTestId("one-way")).toHaveCount(0);
  await state.getByTestId("versioning-switch").click();
  await expect(state).toHaveAttribute("data-state", "on");
  await reload(page);
  await expect(state).toHaveAttribute("data-state", "on");
  expect(await versioning(context, hako, bucket)).toBe("Enabled");
});

test("SET-1 delete markers, which cannot be switched off again, are asked for twice", async ({ page, context, hako }) => {
  await signInByApi(context, hako);
  const name = `marked-${Date.now().toString(36)}`;
  await manage(hako, DEMO, "PUT", `/tenants/${DEMO.tenant}/namespaces`, {
    name,
    hardQuota: "1.00 GB",
    owner: DEMO.username,
    aclsUsage: "ENFORCED",
    optimizedFor: "CLOUD",
    versioningSettings: { enabled: true, useDeleteMarkers: false, prune: false, pruneDays: 0 },
  });
  await open(page, `/buckets/${name}/settings`);
  const versions = "modify_versioning_settings";
  await expect(field(page, versions, "useDeleteMarkers")).not.toBeChecked();
  await field(page, versions, "useDeleteMarkers").check();
  await expect(form(page, versions).getByTestId("save")).toHaveAttribute("aria-disabled", "true");
  await form(page, versions).getByTestId("one-way").getByRole("checkbox").check();
  await save(page, versions);
  await expect(field(page, versions, "useDeleteMarkers")).toBeChecked();
});

test("SET-1 a monitor reads the settings and has nothing to change", async ({ page, context, hako, bucket, faults }) => {
  faults.expectStatus(403);
  const username = `monitor${Date.now().toString(36)}`;
  const password = "Monitor-monitor-1";
  await manage(hako, DEMO, "PUT", `/tenants/${DEMO.tenant}/userAccounts`, {
    username,
    password,
    fullName: username,
    localAuthentication: true,
    enabled: true,
    forcePasswordChange: false,
    roles: { role: ["MONITOR"] },
  });
  await manage(hako, DEMO, "POST", `/tenants/${DEMO.tenant}/namespaces/${bucket}`, { tags: { tag: ["gold"] } });
  await context.clearCookies();
  await alsoSignIn(context, hako, { tenant: DEMO.tenant, username, password });
  await open(page, `/buckets/${bucket}/settings`);
  await expect(page.getByTestId("read-only-note").first()).toBeVisible();
  await expect(page.getByRole("main")).toContainText("gold");
  for (const name of ["modify_versioning_settings", "modify_namespace", "versioning"]) {
    await expect(form(page, name)).toHaveCount(0);
  }
  // Whether a monitor has the compliance role as well is not told to the console: the store decides.
  const compliance = "modify_compliance_settings";
  const before = await field(page, compliance, "retentionDefault").inputValue();
  await field(page, compliance, "retentionDefault").fill("A+7y");
  await form(page, compliance).getByTestId("save").click();
  await expect(form(page, compliance).getByTestId("error-summary")).toBeVisible();
  page.once("dialog", (leaving) => leaving.accept());
  await reload(page);
  await expect(field(page, compliance, "retentionDefault")).toHaveValue(before);
});

test("SET-1 in front of another store, versioning is what S3 has of it", async ({ browser }) => {
  test.setTimeout(180_000);
  const behind = await Hako.start();
  const hako = await Hako.before(behind);
  const context = await browser.newContext({ baseURL: hako.console });
  try {
    await api(context, hako, "/session", {
      data: {
        username: Buffer.from("demo/demo").toString("base64"),
        password: createHash("md5").update("demo-demo").digest("hex"),
      },
    });
    const bucket = "foreign";
    await api(context, hako, "/buckets", { data: { bucket } });
    const page = await context.newPage();
    await open(page, `/buckets/${bucket}/settings`);
    await expect(page.getByTestId("only-s3")).toContainText("by S3");
    await expect(page.getByTestId("namespace-link")).toHaveCount(0);
    const state = form(page, "versioning");
    await expect(state).toHaveAttribute("data-state", "off");
    await expect(state.getByTestId("one-way")).toContainText("cannot be undone");
    await expect(state.getByTestId("versioning-switch")).toHaveAttribute("aria-disabled", "true");
    await state.getByTestId("one-way-confirm").check();
    await state.getByTestId("versioning-switch").click();
    await expect(state).toHaveAttribute("data-state", "on");
    await reload(page);
    await expect(state).toHaveAttribute("data-state", "on");
    expect(await versioning(context, hako, bucket)).toBe("Enabled");
  } finally {
    await context.close();
    await hako.stop();
    await behind.stop();
  }
});

test("SET-1 a bucket is emptied once its name is typed, and deleted from here as from the list", async ({ page, context, hako, bucket }) => {
  await keepVersions(context, hako, bucket);
  await store(context, hako, bucket, "a", "12345");
  await store(context, hako, bucket, "a", "1234567");
  await store(context, hako, bucket, "folder/b", "123");
  await api(context, hako, `/buckets/${bucket}/objects/delete`, { data: { keys: ["folder/b"] } });
  await api(context, hako, `/buckets/${bucket}/multipart/half`, {});
  await open(page, `/buckets/${bucket}/settings`);
  await page.getByTestId("empty-bucket").click();
  await expect(page.getByTestId("empty-plan")).toContainText("Versions: 3. Delete markers: 1. Together 15 B.");
  await checkOpened(page, "empty-dialog");
  const button = dialog(page).getByTestId("confirm-submit");
  for (const typed of ["", bucket.slice(1), bucket.toUpperCase(), `${bucket} `]) {
    await page.getByTestId("confirm-input").fill(typed);
    await expect(button).toHaveAttribute("aria-disabled", "true");
  }
  await page.getByTestId("confirm-input").fill(bucket);
  await button.click();
  await expect(page.getByTestId("toast")).toContainText("The bucket is empty");
  await expect(dialog(page)).toHaveCount(0);
  const left = await (await context.request.get(`${hako.console}/api/v1/buckets/${bucket}/versions`)).json();
  expect([left.versions, left.delete_markers]).toEqual([[], []]);
  // It is still there, with its settings and its unfinished upload, and can be filled again.
  expect(await versioning(context, hako, bucket)).toBe("Enabled");
  await store(context, hako, bucket, "again", "x");
  expect(await keys(context, hako, bucket)).toEqual(["again"]);

  await reload(page);
  await page.getByTestId("delete-bucket").click();
  const plan = page.getByTestId("delete-plan");
  await expect(plan).toContainText("1 object or version");
  await expect(plan).toContainText("1 unfinished upload");
  await page.getByTestId("confirm-input").fill(bucket.slice(1));
  await expect(button).toHaveAttribute("aria-disabled", "true");
  await page.getByTestId("confirm-input").fill(bucket);
  await button.click();
  await expect(page.locator(`[data-testid="row"][data-key="${bucket}"]`)).toHaveCount(0);
  const there = async () => (await context.request.head(`${hako.console}/api/v1/buckets/${bucket}`)).status();
  await expect.poll(there).toBe(404);
});

test("SET-1 what is retained stays when a bucket is emptied, keeps the bucket, and is named", async ({ page, context, hako, bucket }) => {
  await store(context, hako, bucket, "goes.txt", "x");
  const settings = `/tenants/${DEMO.tenant}/namespaces/${bucket}/complianceSettings`;
  await manage(hako, DEMO, "POST", settings, { retentionDefault: "-1" });
  await store(context, hako, bucket, "forever.txt", "x");
  await open(page, `/buckets/${bucket}/settings?ask=empty`);
  await expect(page.getByTestId("empty-plan")).toBeVisible();
  await expect(page.getByTestId("empty-kept")).toContainText("1 of them");
  await page.getByTestId("confirm-input").fill(bucket);
  await dialog(page).getByTestId("confirm-submit").click();
  await expect(page.getByTestId("empty-stayed")).toContainText("1 stayed");
  await page.getByTestId("empty-stayed").getByRole("link").click();
  await expect(page.getByRole("main")).toContainText("forever.txt");
  expect(await keys(context, hako, bucket)).toEqual(["forever.txt"]);
  await open(page, `/buckets/${bucket}/settings`);
  await page.getByTestId("delete-bucket").click();
  await expect(page.getByTestId("delete-kept")).toContainText("forever.txt");
  await expect(dialog(page).getByTestId("confirm-submit")).toHaveCount(0);
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("SET-1 settings are changed and a bucket is emptied by plain forms", async ({ page, context, hako, bucket, faults }) => {
    faults.expectStatus(422);
    await signInByApi(context, hako);
    for (const key of ["a", "b/c"]) await store(context, hako, bucket, key, key);
    await page.goto(`/buckets/${bucket}/settings`);
    await field(page, "modify_namespace", "multipartUploadAutoAbortDays").fill("9");
    await form(page, "modify_namespace").getByTestId("save").click();
    await expect(page).toHaveURL(new RegExp(`/buckets/${bucket}/settings$`));
    await expect(field(page, "modify_namespace", "multipartUploadAutoAbortDays")).toHaveValue("9");
    await page.getByTestId("empty-bucket").click();
    // The browser's own check stops a wrong name; so does the server.
    await page.getByTestId("confirm-input").evaluate((input) => input.removeAttribute("pattern"));
    await page.getByTestId("confirm-input").fill("wrong");
    await dialog(page).getByTestId("confirm-submit").click();
    await expect(page.getByTestId("error-summary")).toContainText(`Type ${bucket} to confirm`);
    expect(await keys(context, hako, bucket)).toEqual(["a", "b/c"]);
    await page.getByTestId("confirm-input").fill(bucket);
    await dialog(page).getByTestId("confirm-submit").click();
    await expect(page).toHaveURL(/\/jobs$/);
    await expect.poll(() => keys(context, hako, bucket)).toEqual([]);
  });
});
