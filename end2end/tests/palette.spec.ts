// The palette, and the keys that do something on every page.

import type { Page } from "@playwright/test";
import { checkNarrow, checkOpened } from "../support/looks";
import { SYSTEM, api, expect, fileRow, open, openBucket, signInByApi, store, test } from "../support/test";

const field = (page: Page) => page.getByTestId("palette-input");
const options = (page: Page) => page.getByTestId("palette-option");
const active = (page: Page) => page.locator('[data-testid="palette-option"][aria-selected="true"]');

async function openPalette(page: Page): Promise<void> {
  await page.keyboard.press("Control+k");
  await expect(field(page)).toBeFocused();
}

test.describe.configure({ timeout: 120_000 });

test("FRM-2 Ctrl K opens the palette, a bucket's name and Enter open it, and Esc gives the focus back", async ({ page, context, hako, bucket }) => {
  await store(context, hako, bucket, "in-the-bucket.txt", "x");
  await open(page, "/preferences");
  await page.getByTestId("lang-select").focus();
  await openPalette(page);
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("palette")).toHaveCount(0);
  await expect(page.getByTestId("lang-select")).toBeFocused();

  // From within a field, and by the header's own.
  await openPalette(page);
  await page.keyboard.press("Control+k");
  await expect(page.getByTestId("palette")).toHaveCount(0);
  await page.getByTestId("palette-open").click();
  await field(page).fill(bucket);
  await expect(active(page)).toContainText(bucket);
  await expect(active(page)).toHaveAttribute("data-kind", "bucket");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/buckets/${bucket}$`));
  await expect(fileRow(page, "in-the-bucket.txt")).toBeVisible();
  await expect(page.getByTestId("page-title")).toBeFocused();

  // What was chosen stands first next time, as long as the session lasts.
  await openPalette(page);
  await expect(options(page).first()).toContainText(bucket);
  await page.keyboard.press("Escape");
  await page.reload();
  await page.goto("/sign-out");
  await page.getByRole("main").getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByTestId("signin-form")).toBeVisible();
  await expect.poll(() => page.evaluate(() => sessionStorage.length)).toBe(0);
});

test("FRM-2 the palette is a combobox: the focus stays in the field, keys move through the list", async ({ page, context, hako }) => {
  await signInByApi(context, hako);
  await open(page, "/buckets");
  await openPalette(page);
  const combobox = page.getByRole("combobox", { name: "Search or go to…" });
  await expect(combobox).toHaveAttribute("aria-expanded", "true");
  await field(page).fill("theme");
  await expect(options(page)).toHaveCount(3);
  const ids = await options(page).evaluateAll((lines) => lines.map((line) => line.id));
  for (const [key, at] of [["ArrowDown", 1], ["ArrowDown", 2], ["ArrowDown", 0], ["ArrowUp", 2], ["PageUp", 0]] as const) {
    await page.keyboard.press(key);
    await expect(combobox).toHaveAttribute("aria-activedescendant", ids[at]);
    await expect(active(page)).toHaveId(ids[at]);
    await expect(combobox).toBeFocused();
  }
  await field(page).fill("no such thing at all");
  await expect(combobox).toHaveAttribute("aria-expanded", "false");
  await expect(page.locator(".palette-none")).toHaveText("Nothing matches “no such thing at all”.");
  await field(page).fill("dark");
  await page.keyboard.press("Enter");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
});

test("FRM-3 a path goes to its folder, a command opens its dialog, a name opens its user", async ({ page, context, hako, bucket }) => {
  await store(context, hako, bucket, "2025/march/one.txt", "x");
  await store(context, hako, bucket, "a b/#?%.txt", "x");
  await open(page, "/transfers");
  await openPalette(page);
  await field(page).fill(`/${bucket}/2025/`);
  await expect(active(page)).toContainText(`/${bucket}/2025/`);
  await expect(options(page).filter({ hasText: "march" })).toHaveCount(1);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/buckets/${bucket}\\?prefix=2025%2F$`));
  await expect(fileRow(page, "march")).toBeVisible();

  // Step by step: what is found is taken into the field.
  await openPalette(page);
  await field(page).fill(`/${bucket.slice(0, -1)}`);
  await expect(options(page).filter({ hasText: bucket })).toHaveCount(1);
  await page.keyboard.press("ArrowRight");
  await expect(field(page)).toHaveValue(`/${bucket}/`);
  await expect(options(page).filter({ hasText: "a b/" })).toHaveCount(1);
  await field(page).fill(`/${bucket}/a`);
  await expect(options(page).filter({ hasText: "a b/" })).toHaveCount(1);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(fileRow(page, "#?%.txt")).toBeVisible();

  await openPalette(page);
  await field(page).fill(">new bucket");
  await expect(active(page)).toContainText("New bucket");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("bucket-create-dialog")).toBeVisible();
  await page.keyboard.press("Escape");
  await openPalette(page);
  await field(page).fill(">nb");
  await expect(active(page)).toContainText("New bucket");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("bucket-create-dialog")).toBeVisible();
  await page.keyboard.press("Escape");

  await openPalette(page);
  await field(page).fill("@demo");
  await expect(active(page)).toHaveAttribute("data-kind", "person");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/people\/users\/demo$/);
});

test("the palette offers what the page can do, with its keys, and asks before unsaved changes are left", async ({ page, context, hako, bucket }) => {
  await store(context, hako, bucket, "x.txt", "x");
  await openBucket(page, bucket);
  await openPalette(page);
  await field(page).fill(">new folder");
  await expect(active(page).locator("kbd")).toHaveText("N");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("dialog")).toBeVisible();
  await page.keyboard.press("Escape");

  await open(page, `/namespaces/${bucket}/general`);
  await page.locator('textarea[name="description"]').fill("something else");
  const asked: string[] = [];
  page.on("dialog", (dialog) => {
    asked.push(dialog.message());
    void dialog.dismiss();
  });
  await openPalette(page);
  await field(page).fill("buckets");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("palette")).toHaveCount(0);
  await expect.poll(() => asked.length).toBe(1);
  await expect(page).toHaveURL(/\/general$/);
});

test("the palette has only what the session may use", async ({ page, context, hako, bucket }) => {
  const reader = { tenant: "demo", username: `reader${Date.now().toString(36)}`, password: "Reader-reader-1" };
  await api(context, hako, "/jobs", { data: { kind: "copy", bucket, prefixes: ["a/"], target: { prefix: "b/" } } });
  const made = await context.request.put(`${hako.console}/api/v1/mapi/tenants/demo/userAccounts`, {
    data: { username: reader.username, fullName: "Reader", localAuthentication: true, enabled: true, forcePasswordChange: false, password: reader.password },
    headers: { Origin: hako.console },
  });
  expect(made.ok(), await made.text()).toBe(true);
  await context.clearCookies();
  await api(context, hako, "/session", { data: reader });
  await open(page, "/buckets");
  await openPalette(page);
  await field(page).fill("namespaces");
  await expect(page.locator(".palette-none")).toBeVisible();
  await field(page).fill("@demo");
  await expect(page.locator(".palette-none")).toBeVisible();
  await field(page).fill("#");
  await expect(page.locator(".palette-none")).toBeVisible();
  await page.keyboard.press("Escape");

  await context.clearCookies();
  await api(context, hako, "/session", { data: SYSTEM });
  await open(page, "/system/tenants");
  await openPalette(page);
  await field(page).fill("demo");
  await expect(active(page)).toHaveAttribute("data-kind", "tenant");
  await field(page).fill("buckets");
  await expect(page.locator(".palette-none")).toBeVisible();
});

test("FRM-4 ? lists the keys, none of them acts while somebody writes, and single keys can be switched off", async ({ page, context, hako, bucket }) => {
  await store(context, hako, bucket, "x.txt", "x");
  await store(context, hako, bucket, "yonder.txt", "y");
  await openBucket(page, bucket);
  await page.keyboard.press("?");
  const list = page.getByTestId("shortcuts");
  await expect(list).toBeVisible();
  for (const line of ["New folder", "Go to Buckets", "Filter the page"]) await expect(list).toContainText(line);
  await page.keyboard.press("Escape");
  await expect(list).toHaveCount(0);

  await page.keyboard.press("n");
  await expect(page.getByTestId("dialog")).toBeVisible();
  // In its field all of these are letters.
  await page.keyboard.type("n?/[gb");
  await expect(page.getByTestId("dialog")).toHaveCount(1);
  await expect(page.getByTestId("dialog").locator("input:not([type=hidden])").first()).toHaveValue("n?/[gb");
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("dialog")).toHaveCount(0);
  await page.keyboard.press("/");
  await expect(page.getByTestId("filter-input")).toBeFocused();
  await page.keyboard.type("n?");
  await expect(page.getByTestId("filter-input")).toHaveValue("n?");
  await expect(page.getByTestId("dialog")).toHaveCount(0);
  await expect(list).toHaveCount(0);
  await page.getByTestId("filter-input").fill("");
  await page.getByTestId("page-title").focus();

  await page.keyboard.press("g");
  await page.keyboard.press("2");
  await expect(page).toHaveURL(new RegExp(`/buckets/${bucket}/versions`));
  await page.keyboard.press("g");
  await page.keyboard.press("b");
  await expect(page).toHaveURL(/\/buckets$/);
  await page.keyboard.press("g");
  await page.keyboard.press("j");
  await expect(page).toHaveURL(/\/jobs$/);

  await open(page, "/preferences");
  await page.getByTestId("field-single_keys").selectOption("off");
  await page.getByTestId("save").click();
  await expect(page.getByTestId("toast").last()).toContainText("Your preferences are saved.");
  await openBucket(page, bucket);
  for (const key of ["n", "?", "/", "g", "b", "["]) await page.keyboard.press(key);
  await openPalette(page);
  await expect(page.getByTestId("dialog")).toHaveCount(0);
  await expect(list).toHaveCount(0);
  await expect(page).toHaveURL(new RegExp(`/buckets/${bucket}$`));
  await expect(page.locator("html")).toHaveAttribute("data-navigation", "words");
  await field(page).fill(">keyboard");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("single-keys-off")).toBeVisible();
  await page.keyboard.press("Escape");
  // In the list, letters are then those of names.
  await page.locator('.files-body [tabindex="0"]').first().focus();
  await page.keyboard.press("y");
  await expect(page.locator(".files-row:focus-within, .files-row :focus").first()).toContainText("yonder.txt");
});

test("Ctrl Enter sends the form that somebody writes in", async ({ page, context, hako, bucket }) => {
  await signInByApi(context, hako);
  await open(page, `/namespaces/${bucket}/general`);
  await page.locator('textarea[name="description"]').fill("by the keyboard");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByTestId("toast")).toContainText("saved");
});

test("palette and list of keys are accessible, narrow enough, and speak Swedish", async ({ page, bucket }) => {
  test.setTimeout(240_000);
  await openBucket(page, bucket);
  await openPalette(page);
  // Without a word it names a few of the buckets.
  await field(page).fill(bucket);
  await expect(options(page).filter({ hasText: bucket }).first()).toBeVisible();
  await checkOpened(page, "palette");
  await checkNarrow(page);
  await field(page).fill("no such thing");
  await expect(page.locator(".palette-none")).toBeVisible();
  await checkOpened(page, "palette");
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await expect(page.getByTestId("shortcuts")).toBeVisible();
  await checkOpened(page, "shortcuts");
  await checkNarrow(page);
  await page.keyboard.press("Escape");
  await page.setViewportSize({ width: 1280, height: 800 });
  await open(page, "/preferences");
  await page.getByTestId("lang-select").selectOption("sv");
  await page.getByTestId("save").click();
  await expect(page.locator("html")).toHaveAttribute("lang", "sv");
  await open(page, "/preferences");
  await openPalette(page);
  await field(page).fill(">ny bucket");
  await expect(active(page)).toContainText("Ny bucket");
});
