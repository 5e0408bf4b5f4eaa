// Folders that are shared by a Hako link, and what visitors are shown of files.

import { readFileSync } from "node:fs";
import type { BrowserContext } from "@playwright/test";
import { checkAccessibility, checkNarrow } from "../support/looks";
import { pagesOfVisitor } from "../support/pages";
import { type Hako, api, expect, open, store, test } from "../support/test";

/** A picture of 2 by 2 pixels. */
const PICTURE = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGM4EaABRAwQCgAljgUBqTNxyAAAAABJRU5ErkJggg==",
  "base64",
);

async function fill(context: BrowserContext, hako: Hako, bucket: string): Promise<void> {
  await store(context, hako, bucket, "beside.txt", "not for them");
  await store(context, hako, bucket, "give/notes.txt", "first line\n<script>document.title = 'run'</script>\n");
  await store(context, hako, bucket, "give/photo.png", PICTURE);
  await store(context, hako, bucket, "give/sub/deep.txt", "deep");
}

async function link(context: BrowserContext, hako: Hako, bucket: string, limits: object = {}): Promise<string> {
  await fill(context, hako, bucket);
  const data = { kind: "folder", bucket, prefix: "give/", ...limits };
  return ((await api(context, hako, "/links", { data })) as { url: string }).url;
}

test("LNK-1 a folder is shared so that others look into it and take what they need, without scripts", async ({
  page,
  context,
  browser,
  hako,
  bucket,
}) => {
  await fill(context, hako, bucket);
  await open(page, `/buckets/${bucket}?sel=${encodeURIComponent("give/")}`);
  await page.getByTestId("cmd-share").click();
  await expect(page.getByTestId("link-kind-folder")).toBeChecked();
  await page.getByTestId("link-create").click();
  const url = await page.getByTestId("link-url").inputValue();
  await checkAccessibility(page);
  await checkNarrow(page);

  const clean = await browser.newContext({ javaScriptEnabled: false });
  const visitor = await clean.newPage();
  await visitor.goto(url);
  await expect(visitor.getByTestId("page-title")).toHaveText("give");
  await expect(visitor.getByTestId("shared-row")).toHaveCount(3);
  await expect(visitor.getByText("beside.txt")).toHaveCount(0);
  await visitor.getByRole("link", { name: "sub" }).click();
  await expect(visitor.getByTestId("page-title")).toHaveText("sub");
  const take = async (press: () => Promise<void>) => {
    const [download] = await Promise.all([visitor.waitForEvent("download"), press()]);
    return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
  };
  const deep = await take(() => visitor.getByRole("link", { name: "Download deep.txt" }).click());
  expect(deep.bytes.toString()).toBe("deep");
  await visitor.getByTestId("shared-trail").getByRole("link", { name: "give" }).click();
  const all = await take(() => visitor.getByTestId("shared-archive").click());
  expect(all.name).toBe("give.zip");
  expect(all.bytes.subarray(0, 2).toString()).toBe("PK");
  await clean.close();

  await open(page, "/links");
  const row = page.getByTestId("row").first();
  await expect(row).toHaveAttribute("data-kind", "folder");
  await expect(row).toContainText("Folder");
  await expect(row).toContainText(`${bucket}/give/`);
});

test("visitors are shown pictures and text, and nothing of them runs", async ({ page, context, hako, bucket }) => {
  const url = await link(context, hako, bucket);
  await page.goto(url);
  await page.getByRole("link", { name: "notes.txt", exact: true }).click();
  await expect(page.getByTestId("shared-text")).toHaveCount(0);
  await page.getByTestId("shared-show").click();
  await expect(page.getByTestId("shared-text")).toContainText("<script>document.title = 'run'</script>");
  await expect(page).toHaveTitle("notes.txt · Hako");
  await page.getByTestId("shared-trail").getByRole("link", { name: "give" }).click();
  await page.getByRole("link", { name: "photo.png", exact: true }).click();
  await page.getByTestId("shared-show").click();
  const width = () => page.getByTestId("shared-picture").evaluate((image: HTMLImageElement) => image.naturalWidth);
  await expect.poll(width).toBe(2);
});

test("the pages of visitors are readable in both themes and never wider than a phone", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  await store(context, hako, bucket, `give/${"a very long name ".repeat(8)}without_a_break_${"x".repeat(80)}.txt`, "x");
  const url = await link(context, hako, bucket);
  for (const at of pagesOfVisitor(url)) {
    await page.goto(at);
    await expect(page.locator("script")).toHaveCount(0);
    await checkNarrow(page);
    await checkAccessibility(page);
  }
});

test("a folder behind a password asks for it on each of its pages", async ({ page, context, hako, bucket, faults }) => {
  faults.expectStatus(403);
  const url = await link(context, hako, bucket, { password: "correct horse" });
  await page.goto(`${url}?at=sub%2F`);
  await expect(page.getByText("deep.txt")).toHaveCount(0);
  await page.getByLabel("Password").fill("wrong horse");
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByTestId("error-password")).toHaveText("This password is wrong.");
  await page.getByLabel("Password").fill("correct horse");
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByTestId("shared-row")).toHaveCount(3);
  await page.goto(`${url}?at=sub%2F`);
  await expect(page.getByText("deep.txt")).toBeVisible();
});
