// The page of a bucket's CORS rules: cards and XML in step, the doctor, and the rule that helps.

import type { BrowserContext } from "@playwright/test";
import { checkAccessibility, checkNarrow, checkOpened } from "../support/looks";
import { withProxy } from "../support/proxy";
import { expect, type Hako, hydrated, open, type Page, reload, test } from "../support/test";

type Rule = Record<string, unknown>;

const PAGE = "https://app.example.com";

/** Sets a document of the bucket, or of the tenant by `path`. */
async function put(context: BrowserContext, hako: Hako, path: string, data: unknown): Promise<void> {
  const answer = await context.request.put(`${hako.console}/api/v1${path}`, {
    data,
    headers: { Origin: hako.console },
  });
  expect(answer.ok(), await answer.text()).toBe(true);
}

async function setRules(context: BrowserContext, hako: Hako, bucket: string, rules: Rule[]): Promise<void> {
  await put(context, hako, `/buckets/${bucket}/cors`, { CORSRules: rules });
}

async function forget(context: BrowserContext, hako: Hako, path: string): Promise<void> {
  await context.request.delete(`${hako.console}/api/v1${path}`, { headers: { Origin: hako.console } });
}

/** The rules that the store has. */
async function rules(context: BrowserContext, hako: Hako, bucket: string): Promise<Rule[]> {
  const answer = await context.request.get(`${hako.console}/api/v1/buckets/${bucket}/cors`);
  return answer.ok() ? (await answer.json()).cors_rules : [];
}

function rule(origin: string, method = "GET", more: Rule = {}): Rule {
  return { AllowedOrigins: [origin], AllowedMethods: [method], ...more };
}

const cards = (page: Page) => page.getByTestId("cors-rule");
const xml = (page: Page) => page.getByTestId("cors-xml");

/** Asks the doctor, in the page. */
async function ask(page: Page, origin: string, method: string, headers: string): Promise<void> {
  const doctor = page.getByTestId("cors-doctor");
  await doctor.getByTestId("field-origin").fill(origin);
  await doctor.locator("#field-method").selectOption(method);
  await doctor.getByTestId("field-headers").fill(headers);
  await page.getByTestId("cors-check").click();
}

test("COR-1 rules are added, edited, moved and deleted, and the XML stays in step", async ({
  page,
  context,
  hako,
  bucket,
  faults,
}) => {
  await open(page, `/buckets/${bucket}/cors`);
  await expect(page.getByTestId("state-empty")).toContainText("browsers may not use this bucket directly");
  await expect(page.getByTestId("cors-source")).toHaveAttribute("data-source", "none");

  await page.getByTestId("cors-add").click();
  const dialog = page.getByTestId("dialog");
  await dialog.getByTestId("field-origins").fill("https://*.*");
  await dialog.getByTestId("confirm-submit").click();
  await expect(dialog.getByTestId("error-origins")).toContainText("at most one *");
  await dialog.getByTestId("field-origins").fill("https://a.example\nhttps://*.b.example");
  await dialog.getByTestId("field-allowed").fill("x-*");
  await dialog.getByTestId("confirm-submit").click();
  await expect(cards(page)).toHaveCount(1);
  await expect(xml(page)).toHaveValue(/<AllowedOrigin>https:\/\/\*\.b\.example<\/AllowedOrigin>/);
  // Nothing is saved before it is seen.
  await expect(page.getByTestId("cors-diff")).toContainText("+ ");
  expect(await rules(context, hako, bucket)).toEqual([]);
  await page.getByTestId("save").click();
  await expect(page.getByTestId("save-bar")).toHaveCount(0);
  expect(await rules(context, hako, bucket)).toHaveLength(1);

  // From the XML to the cards.
  const both = (await xml(page).inputValue()).replace(
    "</CORSConfiguration>",
    "<CORSRule><AllowedOrigin>*</AllowedOrigin>\n<AllowedMethod>PUT</AllowedMethod></CORSRule>\n</CORSConfiguration>",
  );
  await xml(page).fill(both);
  await expect(cards(page)).toHaveCount(2);
  await expect(cards(page).nth(1)).toContainText("PUT");
  // What cannot be read is marked in its line, and changes nothing.
  await xml(page).fill(both.replace("<AllowedMethod>PUT</AllowedMethod>", "<AllowedMethod>PUT</AllowedMethods>"));
  const line = both.split("\n").findIndex((text) => text.includes("<AllowedMethod>PUT")) + 1;
  await expect(page.locator("p[data-testid=error-xml]")).toHaveAttribute("data-line", String(line));
  await expect(page.locator(".code-lines .is-wrong")).toHaveText(String(line));
  await expect(cards(page)).toHaveCount(2);
  expect(await rules(context, hako, bucket)).toHaveLength(1);
  await xml(page).fill(both);
  await expect(page.locator("p[data-testid=error-xml]")).toHaveCount(0);

  await cards(page).nth(1).getByRole("button", { name: "Move rule 2 up" }).click();
  await expect(cards(page).nth(0)).toContainText("PUT");
  await expect(page.locator("#rule-1")).toBeFocused();
  await cards(page).nth(0).getByRole("link", { name: "Duplicate rule 1" }).click();
  await dialog.getByTestId("field-id").fill("copy");
  await dialog.getByTestId("confirm-submit").click();
  await expect(cards(page)).toHaveCount(3);
  await cards(page).nth(2).getByRole("link", { name: "Edit rule 3" }).click();
  await dialog.getByTestId("field-max_age").fill("60");
  await dialog.getByTestId("confirm-submit").click();
  await cards(page).nth(0).getByRole("link", { name: "Delete rule 1" }).click();
  await expect(cards(page)).toHaveCount(2);
  await expect(xml(page)).toHaveValue(/<ID>copy<\/ID>[^]*<MaxAgeSeconds>60<\/MaxAgeSeconds>/);
  await page.getByTestId("save").click();
  await expect(page.getByTestId("save-bar")).toHaveCount(0);
  const stored = await rules(context, hako, bucket);
  expect(stored.map((one) => one.ID)).toEqual(["copy", undefined]);
  expect(stored[1]).toMatchObject({ AllowedOrigins: ["https://a.example", "https://*.b.example"], MaxAgeSeconds: 60 });

  // What somebody else saved meanwhile is not lost.
  faults.expectStatus(409);
  await cards(page).nth(0).getByRole("link", { name: "Delete rule 1" }).click();
  await setRules(context, hako, bucket, [rule("https://theirs.example")]);
  await page.getByTestId("save").click();
  await expect(page.getByTestId("error-summary")).toContainText("Somebody else has changed the rules");
  expect((await rules(context, hako, bucket))[0]).toMatchObject(rule("https://theirs.example"));
  await page.getByTestId("reset").click();
});

test("COR-2 the doctor names the cause, and the rule that it offers helps", async ({ page, context, hako, bucket, faults }) => {
  faults.expectStatus(404);
  const full = { AllowedHeaders: ["*"], ExposeHeaders: ["ETag"] };
  const verdict = page.getByTestId("cors-verdict");
  await open(page, `/buckets/${bucket}/cors`);
  for (const [cause, set, words] of [
    ["no_rule", [], "There is no rule"],
    ["origin", [rule("https://other.example", "PUT", full)], "No rule is for the origin"],
    ["method", [rule(PAGE, "GET", full)], "none of them allows PUT"],
    ["header", [rule(PAGE, "PUT", { AllowedHeaders: ["x-b"] })], "do not allow these headers: x-a"],
    ["shadowed", [rule("*", "PUT", { AllowedHeaders: ["*"] }), rule(PAGE, "PUT", full)], "Rule 1 stands before rule 2"],
  ] as [string, Rule[], string][]) {
    await forget(context, hako, `/buckets/${bucket}/cors`);
    if (set.length > 0) await setRules(context, hako, bucket, set);
    await reload(page);
    await ask(page, PAGE, "PUT", "x-a");
    await expect(verdict).toHaveAttribute("data-cause", cause);
    await expect(page.getByTestId("cors-cause")).toContainText(words);
    await expect(verdict).toHaveAttribute("data-good", "false");
    await expect(page.getByTestId("cors-browser")).toContainText("another page");
  }
  // One click, with the difference shown, and the others stay.
  await page.getByTestId("cors-fix").click();
  const dialog = page.getByTestId("dialog");
  await expect(dialog.getByTestId("cors-diff")).toContainText(`+     <AllowedOrigin>${PAGE}</AllowedOrigin>`);
  await checkOpened(page, "cors-fix-dialog");
  await dialog.getByTestId("confirm-submit").click();
  await expect(cards(page)).toHaveCount(3);
  expect(await rules(context, hako, bucket)).toHaveLength(3);
  await ask(page, PAGE, "PUT", "x-a");
  await expect(verdict).toHaveAttribute("data-cause", "allowed");
  await expect(verdict).toContainText(`Uploads from ${PAGE} work`);
  await expect(page.getByTestId("cors-preflight")).toContainText("lets them in");

  // The tenant's default alone.
  await forget(context, hako, `/buckets/${bucket}/cors`);
  const document =
    `<CORSConfiguration><CORSRule><AllowedOrigin>${PAGE}</AllowedOrigin><AllowedMethod>PUT</AllowedMethod>` +
    "<AllowedHeader>*</AllowedHeader><ExposeHeader>ETag</ExposeHeader></CORSRule></CORSConfiguration>";
  await put(context, hako, "/mapi/tenants/demo/cors", { cors: document });
  await reload(page);
  await ask(page, PAGE, "PUT", "x-a");
  await expect(verdict).toHaveAttribute("data-cause", "tenant_only");
  await expect(page.getByTestId("cors-cause")).toContainText("Only the tenant’s rules let them in");
  await forget(context, hako, "/mapi/tenants/demo/cors");
});

test("COR-2 this browser tries by itself, and says the same as the store", async ({ page, context, hako, bucket, faults }) => {
  faults.expectStatus(403, 404);
  faults.expectMessage(/CORS policy|ERR_FAILED|foreign origin/);
  await withProxy(page, hako.console, async (origin) => {
    await page.goto(`${origin}/buckets/${bucket}/cors`);
    await hydrated(page);
    await expect(page.getByTestId("field-origin")).toHaveValue(origin);
    await page.getByTestId("cors-check").click();
    await expect(page.getByTestId("cors-browser")).toContainText("was kept out");
    await expect(page.getByTestId("cors-preflight")).toContainText("keeps them out");
    await page.getByTestId("cors-configure").click();
    await page.getByTestId("dialog").getByTestId("confirm-submit").click();
    await expect(cards(page)).toHaveCount(1);
    await page.getByTestId("cors-check").click();
    await expect(page.getByTestId("cors-browser")).toContainText("was let in");
    await expect(page.getByTestId("cors-verdict")).toContainText(`Uploads from ${origin} work`);
  });
  const listed = await context.request.get(`${hako.console}/api/v1/buckets/${bucket}/uploads`);
  expect((await listed.json()).uploads).toEqual([]);
});

test("COR-3 the first rule of a bucket takes the tenant's rules along", async ({ page, context, hako, bucket }) => {
  const document =
    "<CORSConfiguration><CORSRule><AllowedOrigin>https://tenant.example</AllowedOrigin>" +
    "<AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>";
  await put(context, hako, "/mapi/tenants/demo/cors", { cors: document });
  await open(page, `/buckets/${bucket}/cors`);
  await expect(page.getByTestId("cors-source")).toHaveAttribute("data-source", "tenant");
  await expect(page.getByTestId("cors-tenant")).toContainText("https://tenant.example");
  await page.getByTestId("cors-add").click();
  const dialog = page.getByTestId("dialog");
  await expect(dialog.getByTestId("cors-with-tenant")).toBeChecked();
  await dialog.getByTestId("field-origins").fill("https://a.example");
  await dialog.getByTestId("confirm-submit").click();
  await expect(cards(page)).toHaveCount(2);
  await expect(cards(page).nth(0)).toContainText("https://tenant.example");
  await page.getByTestId("save").click();
  await expect(page.getByTestId("cors-source")).toHaveAttribute("data-source", "bucket");
  const stored = await rules(context, hako, bucket);
  expect(stored.map((one) => one.AllowedOrigins)).toEqual([["https://tenant.example"], ["https://a.example"]]);
  await forget(context, hako, "/mapi/tenants/demo/cors");
});

test("CORS works without JavaScript", async ({ browser, context, hako, bucket }) => {
  const plain = await browser.newContext({ javaScriptEnabled: false, storageState: await context.storageState() });
  const page = await plain.newPage();
  await page.goto(`${hako.console}/buckets/${bucket}/cors`);
  await page.getByTestId("cors-add").click();
  await page.getByTestId("field-origins").fill("https://*.*");
  await page.getByTestId("confirm-submit").click();
  await expect(page.getByTestId("error-summary")).toContainText("at most one *");
  await expect(page.getByTestId("field-origins")).toHaveValue("https://*.*");
  await page.getByTestId("field-origins").fill("https://a.example");
  await page.getByTestId("confirm-submit").click();
  await expect(cards(page)).toHaveCount(1);
  await page.getByRole("link", { name: "Duplicate rule 1" }).click();
  await page.getByTestId("field-origins").fill("https://b.example");
  await page.getByTestId("confirm-submit").click();
  await page.getByRole("button", { name: "Move rule 2 up" }).click();
  await expect(cards(page).nth(0)).toContainText("https://b.example");
  await page.getByRole("link", { name: "Delete rule 1" }).click();
  await page.getByTestId("confirm-submit").click();
  await expect(cards(page)).toHaveCount(1);
  const document = await xml(page).inputValue();
  await xml(page).fill(document.replace("</CORSRule>", "</CORSRules>"));
  await page.getByRole("button", { name: "Save this document" }).click();
  await expect(page.getByTestId("error-summary")).toContainText("Line ");
  await xml(page).fill(document.replace("a.example", "c.example"));
  await page.getByRole("button", { name: "Save this document" }).click();
  await expect(cards(page)).toContainText("https://c.example");
  await page.getByTestId("field-origin").fill(PAGE);
  await page.getByTestId("cors-check").click();
  await expect(page.getByTestId("cors-verdict")).toHaveAttribute("data-cause", "origin");
  await page.getByTestId("cors-fix").click();
  await page.getByTestId("confirm-submit").click();
  await expect(cards(page)).toHaveCount(2);
  expect(await rules(context, hako, bucket)).toHaveLength(2);
  await plain.close();
});

test("the page of CORS rules looks right in every width and theme", async ({ page, context, hako, bucket }, info) => {
  await setRules(context, hako, bucket, [
    rule("https://app.example.com", "PUT", { ID: "console", AllowedHeaders: ["content-type", "x-amz-*"], ExposeHeaders: ["ETag"], MaxAgeSeconds: 3600 }),
    rule("https://a-very-long-origin-that-does-not-fit.of-some-department.example.com/"),
  ]);
  await open(page, `/buckets/${bucket}/cors?origin=${encodeURIComponent(PAGE)}&method=PUT`);
  await expect(page.getByTestId("cors-verdict")).toBeVisible();
  await xml(page).fill(`${await xml(page).inputValue()}x`);
  await expect(page.locator("p[data-testid=error-xml]")).toBeVisible();
  await checkAccessibility(page);
  await checkNarrow(page);
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    for (const width of [1280, 320]) {
      await page.setViewportSize({ width, height: 900 });
      await page.screenshot({ path: info.outputPath(`cors-${colorScheme}-${width}.png`), fullPage: true });
    }
  }
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.getByTestId("cors-add").click();
  await checkOpened(page, "cors-rule-dialog");
  await checkNarrow(page);
  await page.screenshot({ path: info.outputPath("cors-rule-320.png") });
  await open(page, `/buckets/${bucket}/cors?ask=remove&rule=1`);
  await checkOpened(page, "cors-remove-dialog");
});
