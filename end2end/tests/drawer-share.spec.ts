// Giving an object to others, in the drawer: what the dialog has, and the links that were made before.

import { checkAccessibility, checkNarrow, checkOpened } from "../support/looks";
import { type Page, api, expect, fileRow, open, openBucket, store, test } from "../support/test";

const links = (page: Page) => page.getByTestId("drawer-link");

/** The ids that stand in the page more than once. */
function idsTwice(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
    return ids.filter((id, at) => ids.indexOf(id) !== at);
  });
}

test("SHR-1 the drawer has the ways of the dialog, and the links of its object, which are revoked there", async ({
  page,
  context,
  hako,
  bucket,
  browser,
}) => {
  for (const key of ["in/one.txt", "in/two.txt"]) await store(context, hako, bucket, key, `bytes of ${key}`);
  const make = (key: string) => api(context, hako, "/links", { data: { kind: "download", bucket, key, uses: 3 } });
  const made = (await make("in/one.txt")) as { url: string };
  await make("in/two.txt");
  await openBucket(page, bucket, "in/");
  await fileRow(page, "one.txt").getByRole("link").click();
  await page.getByTestId("drawer-tab-share").click();
  // Those of this object, and no others.
  await expect(links(page)).toHaveCount(1);
  await expect(links(page)).toContainText("0 of 3");
  const part = page.getByTestId("drawer-share");
  await part.getByTestId("share-create").click();
  const direct = await part.getByTestId("share-url").inputValue();
  const clean = await browser.newContext();
  expect(await (await clean.request.get(direct)).text()).toBe("bytes of in/one.txt");
  // One that is made here stands in the list at once.
  await part.getByTestId("link-create").click();
  const url = await part.getByTestId("link-url").inputValue();
  await expect(links(page)).toHaveCount(2);
  const opens = async (url: string) => (await clean.request.get(`${url}/download`)).status();
  expect(await opens(url)).toBe(200);
  await checkAccessibility(page);
  await checkNarrow(page);
  await page.setViewportSize({ width: 1280, height: 800 });

  await links(page).last().getByTestId("link-revoke").click();
  await expect(links(page).last()).toHaveAttribute("data-state", "revoked");
  expect(await opens(made.url)).toBe(404);
  expect(await opens(url)).toBe(200);
  // The next object in the list has its own.
  await page.getByTestId("drawer-next").click();
  await expect(page.getByTestId("drawer-title")).toHaveText("two.txt");
  await expect(links(page)).toHaveCount(1);
  await expect(part.getByTestId("share-url")).toHaveCount(0);
  await clean.close();
});

test("the dialog over the drawer has fields of its own, and what is wrong leads to the right one", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  await store(context, hako, bucket, "one.txt", "one");
  await open(page, `/buckets/${bucket}?o=one.txt&tab=share&sel=one.txt`);
  await expect(page.locator(".drawer-plain")).toHaveCount(0);
  const part = page.getByTestId("drawer-share");
  await part.getByText("Limits: uses, addresses, password").click();
  await part.getByLabel("How often it may be used").fill("many");
  await part.getByTestId("link-create").click();
  await part.getByTestId("error-summary").getByRole("link").click();
  await expect(part.getByLabel("How often it may be used")).toBeFocused();
  await page.getByTestId("cmd-share").click();
  const dialog = page.getByTestId("share-dialog");
  await expect(dialog).toBeVisible();
  expect(await idsTwice(page)).toEqual([]);
  await checkOpened(page, "share-dialog");
});

test("a folder that is stored has links by which others look into it or send files", async ({ page, context, hako, bucket }) => {
  await api(context, hako, `/buckets/${bucket}/objects/folder`, { data: { folder_name: "inbox" } });
  await api(context, hako, "/links", { data: { kind: "request", bucket, prefix: "inbox/" } });
  await open(page, `/buckets/${bucket}?o=${encodeURIComponent("inbox/")}&tab=share&sel=${encodeURIComponent("inbox/")}`);
  const part = page.getByTestId("drawer-share");
  await expect(part.getByTestId("link-kind-folder")).toBeChecked();
  await part.getByTestId("link-kind-request").check();
  await page.getByTestId("cmd-share").click();
  await expect(page.getByTestId("share-dialog").getByTestId("link-kind-folder")).toBeChecked();
  expect(await idsTwice(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await expect(part.getByRole("heading", { name: "Upload link" })).toBeVisible();
  await expect(links(page)).toHaveCount(1);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("links of an object are told and revoked by plain forms", async ({ page, context, hako, bucket }) => {
    await store(context, hako, bucket, "one.txt", "one");
    await api(context, hako, "/links", { data: { kind: "download", bucket, key: "one.txt" } });
    await page.goto(`/buckets/${bucket}?o=one.txt&tab=share`);
    await expect(page.getByTestId("drawer-share")).toContainText("Creating links needs JavaScript.");
    await links(page).getByTestId("link-revoke").click();
    await page.goto(`/buckets/${bucket}?o=one.txt&tab=share`);
    await expect(links(page)).toHaveAttribute("data-state", "revoked");
  });
});
