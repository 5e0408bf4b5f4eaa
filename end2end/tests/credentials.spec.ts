// Credentials: the secret key, what sets tools up, the test of the connection, temporary keys.

import { createHash } from "node:crypto";
import { checkAccessibility, checkNarrow, checkOpened } from "../support/looks";
import { DEMO, Hako, type Page, api, expect, open, store, test } from "../support/test";

const SECRET = createHash("md5").update(DEMO.password).digest("hex");

/** The lines for a tool. */
function lines(page: Page, tool: string): Promise<string> {
  return page
    .getByTestId(`snippet-${tool}`)
    .getByTestId("snippet-text")
    .evaluateAll((all) => all.map((one) => one.textContent ?? "").join("\n"));
}

test("CRD-1 the secret key is not in the page before it is asked for, hides again, and is copied unseen", async ({
  page,
  context,
  bucket,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.clock.install();
  await open(page, `/credentials?bucket=${bucket}`);
  const shown = page.getByTestId("cred-secret");
  await expect(page.getByTestId("cred-access-key")).toHaveText(Buffer.from("demo/demo").toString("base64"));
  await page.getByTestId("cred-copy-secret").click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(SECRET);
  expect(await page.content()).not.toContain(SECRET);
  await page.getByTestId("cred-reveal").click();
  await expect(shown).toHaveText(SECRET);
  await page.clock.runFor(58_000);
  await expect(shown).toHaveText(SECRET);
  await page.clock.runFor(3_000);
  await expect(shown).not.toHaveText(SECRET);
  expect(await page.content()).not.toContain(SECRET);
  // Whoever hides it oneself does not wait, and the clock of the first showing hides no second one.
  await page.getByTestId("cred-reveal").click();
  await expect(shown).toHaveText(SECRET);
  await page.getByTestId("cred-reveal").click();
  await expect(shown).not.toHaveText(SECRET);
});

test("CRD-2 the choice of a bucket and the switch for the secret key change the lines of every tool", async ({
  page,
  bucket,
}) => {
  await open(page, `/credentials?bucket=${bucket}`);
  const tools = ["aws-cli", "boto3", "rclone", "s3cmd", "mc", "cyberduck", "duckdb", "terraform", "curl", "hako"];
  for (const tool of tools) expect(await lines(page, tool), tool).toContain(bucket);
  await page.getByLabel("Bucket", { exact: true }).first().fill("another-bucket");
  for (const tool of tools) {
    await expect.poll(() => lines(page, tool), tool).toContain("another-bucket");
    expect(await lines(page, tool), tool).not.toContain(SECRET);
  }
  await page.getByTestId("snippet-secret-toggle").check();
  for (const tool of tools.filter((tool) => tool !== "cyberduck")) {
    await expect.poll(() => lines(page, tool), tool).toContain(SECRET);
    expect(await lines(page, tool), tool).not.toContain("YOUR_SECRET_KEY");
  }
  await page.getByTestId("snippet-secret-toggle").uncheck();
  await expect.poll(() => lines(page, "curl")).toContain("YOUR_SECRET_KEY");
  expect(await page.content()).not.toContain(SECRET);
  await page.getByText("curl", { exact: true }).click();
  const [saved] = await Promise.all([
    page.waitForEvent("download"),
    page.getByTestId("snippet-curl").getByTestId("snippet-download").click(),
  ]);
  expect(saved.suggestedFilename()).toBe("hako-curl.sh");
  await checkAccessibility(page);
  await checkNarrow(page);
});

test("CRD-3 the test tells what came of each step", async ({ page, bucket }) => {
  await open(page, `/credentials?bucket=${bucket}`);
  const outcome = (step: string) => page.locator(`[data-testid="cred-test-step"][data-step="${step}"]`);
  await page.getByTestId("cred-test").click();
  await expect(page.getByTestId("cred-test-result")).toContainText("all is well");
  for (const step of ["name", "port", "clock", "signature", "answer"]) {
    await expect(outcome(step)).toHaveAttribute("data-outcome", "ok");
  }
  await expect(outcome("certificate")).toHaveAttribute("data-outcome", "skipped");
  await page.getByLabel("Bucket", { exact: true }).first().fill("no-such-bucket");
  await page.getByTestId("cred-test").click();
  await expect(outcome("answer")).toContainText("There is no such bucket.");
  await checkAccessibility(page);
  await page.getByLabel("Bucket", { exact: true }).first().fill("a b");
  await expect(page.getByTestId("error-bucket")).toBeVisible();
});

test("CRD-4 a temporary key is made for a folder, shown once, listed, and revoked after a question", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  await store(context, hako, bucket, "in/a.txt", "inside");
  await open(page, `/credentials?bucket=${bucket}`);
  await page.getByTestId("temp-key-create").click();
  const dialog = page.getByTestId("temp-key-dialog");
  await dialog.getByLabel("Only keys that begin with").fill("in/");
  await dialog.getByLabel("May").selectOption("read_write");
  await dialog.getByLabel("Ends after").selectOption("900");
  await checkOpened(page, "temp-key-dialog");
  await dialog.getByTestId("confirm-submit").click();
  const key = await dialog.getByTestId("temp-key-access").innerText();
  const secret = await dialog.getByTestId("temp-key-secret").innerText();
  await dialog.getByTestId("temp-key-done").click();
  const row = page.locator(`[data-testid="temp-key-row"][data-key="${key}"]`);
  await expect(row).toContainText(`${bucket}/in/`);
  await expect(row).toContainText("Never");
  expect(await page.content()).not.toContain(secret);
  await checkAccessibility(page);
  await checkNarrow(page);

  const other = await Hako.before(hako);
  try {
    const session = { data: { username: key, password: secret } };
    await api(context, other, "/session", session);
    await row.getByTestId("temp-key-revoke").click();
    await expect(page.getByTestId("temp-key-revoke-dialog")).toContainText("shut out at once");
    await checkOpened(page, "temp-key-revoke-dialog");
    await page.getByTestId("confirm-submit").click();
    await expect(row).toHaveCount(0);
    const refused = await context.request.post(`${other.console}/api/v1/session`, {
      ...session,
      headers: { Origin: other.console },
    });
    expect(refused.status()).toBe(401);
  } finally {
    await other.stop();
  }
});

test("SHR-3 a link that a temporary key signs is said to end with the key, and when", async ({
  context,
  browser,
  hako,
  bucket,
}) => {
  await store(context, hako, bucket, "in/a.txt", "inside");
  const lent = (await api(context, hako, "/credentials/temporary", {
    data: { bucket, prefix: "in/", duration: 900 },
  })) as { key: { access_key_id: string; expires_at: string }; secret_access_key: string };
  const other = await Hako.before(hako);
  const guests = await browser.newContext({ baseURL: other.console });
  try {
    await api(guests, other, "/session", {
      data: { username: lent.key.access_key_id, password: lent.secret_access_key },
    });
    const page = await guests.newPage();
    await open(page, `/buckets/${bucket}?prefix=in%2F&sel=a.txt`);
    await page.getByTestId("cmd-share").click();
    await page.getByTestId("share-create").click();
    const warning = page.locator('[data-testid="share-warning"][data-kind="ends_with_temporary_key"]');
    const [, hour, minute] = /T(\d\d):(\d\d)/.exec(lent.key.expires_at)!;
    await expect(warning).toContainText(`${hour}:${minute}`);
    await expect(page.locator('[data-kind="ends_with_key"]')).toHaveCount(0);
  } finally {
    await guests.close();
    await other.stop();
  }
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("the connection is tested and a temporary key revoked by plain forms", async ({ page, context, hako, bucket }) => {
    const lent = (await api(context, hako, "/credentials/temporary", { data: { bucket, duration: 900 } })) as {
      key: { access_key_id: string };
    };
    await page.goto(`/credentials?bucket=${bucket}`);
    await page.getByTestId("cred-test").click();
    await expect(page.getByTestId("cred-test-result")).toContainText("all is well");
    const row = page.locator(`[data-testid="temp-key-row"][data-key="${lent.key.access_key_id}"]`);
    await row.getByTestId("temp-key-revoke").click();
    await page.getByTestId("confirm-submit").click();
    await expect(row).toHaveCount(0);
  });
});
