// How the console looks in one browser.

import { checkAccessibility, checkNarrow } from "../support/looks";
import { expect, fileRow, open, openBucket, signInByApi, store, test } from "../support/test";

test("FRM-7 language, density, theme and clock are chosen once, and hold in the first HTML of a new browser", async ({
  page,
  context,
  browser,
  hako,
  bucket,
}) => {
  await store(context, hako, bucket, "x.txt", "x");
  await open(page, "/preferences");
  await page.locator('[name="theme"]:is(select)').selectOption("dark");
  await page.getByTestId("lang-select").selectOption("sv");
  await page.locator('[name="density"]').selectOption("compact");
  await page.locator('[name="time_zone"]').selectOption("utc");
  await page.locator('[name="start_page"]').selectOption("transfers");
  await page.getByTestId("save").click();
  await expect(page.getByTestId("preferences-saved")).toBeVisible();
  await expect(page.getByTestId("page-title")).toHaveText("Inställningar");
  await expect(page.locator("html")).toHaveAttribute("lang", "sv");

  const kept = (await context.cookies(hako.console)).filter(({ name }) => name.startsWith("hako_"));
  const fresh = await browser.newContext({ baseURL: hako.console, timezoneId: "America/New_York" });
  await fresh.addCookies(kept);
  const html = await (await fresh.request.get(`${hako.console}/preferences`)).text();
  expect(html).toMatch(/<html[^>]* lang="sv"/);
  expect(html).toMatch(/<html[^>]* data-theme="dark"/);
  expect(html).toMatch(/<html[^>]* data-density="compact"/);
  expect(html).toContain("Inställningar");
  const other = await fresh.newPage();
  await openBucket(other, bucket);
  const row = fileRow(other, "x.txt");
  await expect(row.locator("time")).toHaveAttribute("title", /UTC$/);
  expect((await row.boundingBox())!.height).toBeLessThanOrEqual(34);
  await other.goto("/");
  await expect(other).toHaveURL(/\/transfers$/);
  await fresh.close();
});

test("a change of the theme leaves the rest as it was", async ({ page, context, hako }) => {
  await signInByApi(context, hako);
  await open(page, "/preferences");
  await page.locator('[name="density"]').selectOption("compact");
  await page.getByTestId("save").click();
  await page.locator('[name="navigation"]:is(select)').selectOption("icons");
  await page.getByTestId("save").click();
  await expect(page.locator("html")).toHaveAttribute("data-navigation", "icons");
  // What stands around the page follows.
  await expect(page.getByTestId("nav-fold")).toHaveAttribute("value", "words");
  await expect(page.getByTestId("toast").last()).toContainText("Your preferences are saved.");
  await page.getByRole("button", { name: /session menu/ }).click();
  const set = page.waitForResponse((answer) => answer.url().endsWith("/preferences") && answer.request().method() === "PUT");
  await page.getByTestId("theme-select").getByRole("button", { name: "Dark" }).click();
  await set;
  await open(page, "/buckets");
  await expect(page.locator("html")).toHaveAttribute("data-density", "compact");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
});

test("the page is accessible and narrow enough in both languages", async ({ page, context, hako }) => {
  await signInByApi(context, hako);
  for (const language of ["sv", "en"]) {
    await open(page, "/preferences");
    await page.getByTestId("lang-select").selectOption(language);
    await page.getByTestId("save").click();
    await expect(page.locator("html")).toHaveAttribute("lang", language);
    await checkAccessibility(page);
    await checkNarrow(page);
  }
});

test("ALL-12 a malformed query is no error of the server, and a wrong path is 404 with a way on", async ({ context, hako, bucket }) => {
  const strange = ["%", "%zz", "prefix=%ff%fe", "as=", "missing=//x", "refused=https://x", "next=%00", "saved", "&&=&", "sort=\u0001", "page=-1"];
  for (const page of ["/", "/buckets", `/buckets/${bucket}`, "/sessions", "/preferences", "/password", "/sign-in", "/transfers"]) {
    for (const query of strange) {
      const answer = await context.request.get(`${hako.console}${page}?${query}`, { maxRedirects: 0 });
      expect(answer.status(), `${page}?${query}`).toBeLessThan(500);
    }
  }
  const answer = await context.request.get(`${hako.console}/no/such/page`);
  expect(answer.status()).toBe(404);
  expect(await answer.text()).toContain('href="/buckets"');
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("preferences are a plain form", async ({ page, context, hako }) => {
    await signInByApi(context, hako);
    await page.goto("/preferences");
    await page.getByTestId("lang-select").selectOption("sv");
    await page.getByTestId("save").click();
    await expect(page.getByTestId("preferences-saved")).toBeVisible();
    await expect(page.locator("html")).toHaveAttribute("lang", "sv");
  });
});
