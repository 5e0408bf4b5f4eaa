// What holds for every page: accessible, narrow enough, and safely framed.

import { join } from "node:path";
import { MB, drop, randomFile, withFolder } from "../support/files";
import { gate } from "../support/gate";
import { checkAccessibility, checkNarrow } from "../support/looks";
import { expect, fileRow, open, openBucket, signInByApi, store, test, uploadRow, uploadState } from "../support/test";

// Six looks at each state of each page.
test.describe.configure({ timeout: 180_000 });

test("sign-in is accessible", async ({ page, faults }) => {
  faults.expectStatus(401);
  await open(page, "/sign-in");
  await checkAccessibility(page);
  await checkNarrow(page);
  await page.getByTestId("signin-username").fill("nobody");
  await page.getByTestId("signin-password").fill("nothing");
  await page.getByTestId("signin-submit").click();
  await expect(page.getByTestId("signin-error")).toBeVisible();
  await checkAccessibility(page);
  await checkNarrow(page);
});

test("the list of buckets and its dialog are accessible", async ({ page, bucket }) => {
  await open(page, "/buckets");
  await expect(page.getByText(bucket).first()).toBeVisible();
  await checkAccessibility(page);
  await checkNarrow(page);
  await page.setViewportSize({ width: 1440, height: 800 });
  await page.getByRole("button", { name: /session menu/ }).click();
  await checkAccessibility(page);
  await page.keyboard.press("Escape");
  await page.setViewportSize({ width: 1440, height: 800 });
  await page.getByTestId("bucket-create").click();
  await expect(page.getByTestId("bucket-create-dialog")).toBeVisible();
  await checkAccessibility(page);
  await checkNarrow(page);
});

test("transfers are accessible, with what waits for its file and what was stored", async ({ page, context, bucket }) => {
  await withFolder(async (folder) => {
    const [large, small] = [join(folder, "large.bin"), join(folder, "small.bin")];
    await randomFile(large, 110 * MB);
    await randomFile(small, 1_000);
    await gate(context, 2);
    await openBucket(page, bucket);
    await drop(page, large, small);
    await uploadState(page, "small.bin", "done");
    await expect(uploadRow(page, "large.bin").getByTestId("upload-parts")).toHaveText("2 of 5 parts", { timeout: 30_000 });
    page.on("dialog", (dialog) => void dialog.accept());
    await open(page, "/transfers");
    await uploadState(page, "large.bin", "file-needed");
    await expect(page.getByTestId("table-history")).toContainText("small.bin");
    await checkAccessibility(page);
    await checkNarrow(page);
  });
});

test("files, their dialogs and the dock are accessible", async ({ page, context, hako, bucket }) => {
  await openBucket(page, bucket);
  await expect(page.getByTestId("state-empty")).toBeVisible();
  await checkAccessibility(page);
  const long = `a-very-long-name-${"x".repeat(120)}.txt`;
  await store(context, hako, bucket, long, "x");
  await store(context, hako, bucket, "folder/x", "x");
  await openBucket(page, bucket);
  await checkAccessibility(page);
  await checkNarrow(page);

  await page.setViewportSize({ width: 1440, height: 800 });
  await page.getByTestId("cmd-new-folder").click();
  await expect(page.getByTestId("dialog")).toBeVisible();
  await checkAccessibility(page);
  await page.keyboard.press("Escape");

  await page.setViewportSize({ width: 1440, height: 800 });
  await fileRow(page, long).getByTestId("row-check").check();
  await page.getByTestId("cmd-delete").click();
  await expect(page.getByTestId("confirm-submit")).toBeVisible();
  await checkAccessibility(page);
  await checkNarrow(page);
});

test("a page that does not exist says so", async ({ page, context, hako, faults }) => {
  faults.expectStatus(404);
  await signInByApi(context, hako);
  for (const path of ["/no/such/page", "/buckets/no-such-bucket"]) {
    const answer = await page.goto(path);
    expect(answer?.status(), path).toBe(404);
    await expect(page.getByTestId("state-not-found")).toBeVisible();
  }
});

test("every page has one heading, one main region and a title of its own", async ({ page, bucket }) => {
  const titles = new Set<string>();
  const pages = ["/buckets", `/buckets/${bucket}`, `/buckets/${bucket}?prefix=a%2F`];
  for (const path of pages) {
    await open(page, path);
    await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
    await expect(page.getByRole("main")).toHaveCount(1);
    await expect(page.getByRole("banner")).toHaveCount(1);
    await expect(page.getByRole("navigation", { name: "Main" })).toHaveCount(1);
    titles.add(await page.title());
  }
  expect(titles.size).toBe(pages.length);
});

test("answers carry the security headers, each with a nonce of its own", async ({ context, hako, bucket }) => {
  const nonces = new Set<string>();
  for (const path of ["/sign-in", "/buckets", `/buckets/${bucket}`]) {
    const answer = await context.request.get(hako.console + path);
    expect(answer.status()).toBe(200);
    const headers = answer.headers();
    const policy = headers["content-security-policy"];
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain("'unsafe-inline'");
    expect(policy).not.toContain("'unsafe-eval'");
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(headers["referrer-policy"]).toBeTruthy();
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1];
    expect(nonce, policy).toBeTruthy();
    nonces.add(nonce!);
    const html = await answer.text();
    expect(html).not.toMatch(/<[^>]+\son[a-z]+=/i);
    expect(html).not.toMatch(/<[^>]+\sstyle=/i);
  }
  expect(nonces.size).toBe(3);
});
