// Uploads that meet trouble: nothing is lost, nothing stored is sent again, and the page says what is up.

import { execFileSync } from "node:child_process";
import { copyFile, mkdir, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { MB, choose, drop, randomFile, withFolder } from "../support/files";
import { letGo, partsSent } from "../support/gate";
import { checkOpened } from "../support/looks";
import { withProxy } from "../support/proxy";
import {
  api,
  DEMO,
  expect,
  fileRow,
  hydrated,
  keys,
  openBucket,
  reload,
  signInByApi,
  test,
  uploadRow,
  uploadState,
} from "../support/test";
import { SMALL_PARTS, account, halfway, interrupted, openUploads, partsStored, stored, watchLoads } from "../support/uploads";

const SIZE = 60 * MB;
const PARTS = 12;

test.use({ settings: SMALL_PARTS });
test.describe.configure({ timeout: 240_000 });

test("UPL-9 after a reload the file is chosen again, and only what is missing is sent", async ({ page, context, hako, bucket }) => {
  await withFolder(async (folder) => {
    const file = join(folder, "scan.bin");
    const sum = await randomFile(file, SIZE);
    await interrupted(page, bucket, file, "scan.bin", 6, PARTS);
    await expect(page.getByTestId("resume-banner")).toContainText("1 upload can go on");
    await page.getByTestId("resume-pick").setInputFiles(file);
    await partsStored(page, "scan.bin", "12 of 12 parts");
    await uploadState(page, "scan.bin", "done", 60_000);
    const sent = await partsSent(page);
    expect(sent.length, "parts sent after the reload").toBe(PARTS - 6);
    expect(new Set(sent).size).toBe(PARTS - 6);
    expect(await stored(context, hako, bucket, "scan.bin")).toBe(sum);
    expect(await openUploads(context, hako, bucket)).toEqual([]);
    // Nothing is left to be taken up.
    await reload(page);
    await expect(fileRow(page, "scan.bin")).toBeVisible();
    await expect(page.getByTestId("resume-banner")).toHaveCount(0);
  });
});

test("UPL-11 a file of equal size and other bytes is found out, and the right one goes on", async ({ page, context, hako, bucket }) => {
  await withFolder(async (folder) => {
    const file = join(folder, "scan.bin");
    const sum = await randomFile(file, SIZE);
    await interrupted(page, bucket, file, "scan.bin", 6, PARTS);
    await mkdir(join(folder, "other"));
    const other = join(folder, "other", "scan.bin");
    await randomFile(other, SIZE);
    await uploadRow(page, "scan.bin").getByTestId("upload-pick").setInputFiles(other);
    await uploadState(page, "scan.bin", "changed", 60_000);
    expect(await keys(context, hako, bucket)).toEqual([]);
    // The right bytes under another name and time are compared, and taken.
    const copy = join(folder, "copy.bin");
    await copyFile(file, copy);
    await utimes(copy, 1, 1);
    await uploadRow(page, "scan.bin").getByTestId("upload-pick").setInputFiles(copy);
    await uploadState(page, "scan.bin", "done", 60_000);
    expect(await stored(context, hako, bucket, "scan.bin")).toBe(sum);
  });
});

test("UPL-5 pause keeps what is stored, resume finishes, cancel leaves nothing behind", async ({ page, context, hako, bucket }) => {
  await withFolder(async (folder) => {
    const file = join(folder, "scan.bin");
    const sum = await randomFile(file, SIZE);
    await halfway(page, bucket, file, "scan.bin", 4, PARTS);
    const row = uploadRow(page, "scan.bin");
    await row.getByTestId("upload-pause").click();
    await letGo(page);
    await uploadState(page, "scan.bin", "paused");
    // What was under way comes to its end, and nothing new begins.
    await partsStored(page, "scan.bin", "10 of 12 parts");
    expect((await partsSent(page)).length).toBe(10);
    await row.getByTestId("upload-resume").click();
    await uploadState(page, "scan.bin", "done", 60_000);
    expect(await stored(context, hako, bucket, "scan.bin")).toBe(sum);

    await page.evaluate(() => (window.gate.left = 2));
    const second = join(folder, "second.bin");
    await randomFile(second, SIZE);
    await drop(page, second);
    await partsStored(page, "second.bin", "2 of 12 parts");
    await uploadRow(page, "second.bin").getByTestId("upload-cancel").click();
    await uploadState(page, "second.bin", "cancelled");
    await expect.poll(() => openUploads(context, hako, bucket)).toEqual([]);
  });
});

test("UPL-7 without network uploads wait and go on by themselves", async ({ page, context, hako, bucket, faults }) => {
  faults.expectMessage(/ERR_INTERNET_DISCONNECTED/);
  faults.expectStatus(403); // of the look at the store itself
  await withFolder(async (folder) => {
    const file = join(folder, "scan.bin");
    const sum = await randomFile(file, SIZE);
    const taken: number[] = [];
    page.on("response", (answer) => {
      const part = new URL(answer.url()).searchParams.get("partNumber");
      if (part !== null && answer.request().method() === "PUT" && answer.ok()) taken.push(Number(part));
    });
    await halfway(page, bucket, file, "scan.bin", 5, PARTS);
    // Without network for twenty seconds, in which three parts come to nothing and three do not begin.
    await context.setOffline(true);
    await letGo(page, 3);
    const over = Date.now() + 20_000;
    await uploadState(page, "scan.bin", "offline", 30_000);
    await expect(page.getByTestId("banner-offline")).toBeVisible();
    await page.waitForFunction((over) => Date.now() > over, over, { timeout: 40_000, polling: 500 });
    await uploadState(page, "scan.bin", "offline");

    await letGo(page);
    await context.setOffline(false);
    await uploadState(page, "scan.bin", "done", 60_000);
    expect(await stored(context, hako, bucket, "scan.bin")).toBe(sum);
    // Those that came to nothing are sent again, and none that was stored.
    expect(taken.sort((a, b) => a - b)).toEqual(Array.from({ length: PARTS }, (_, n) => n + 1));
    expect((await partsSent(page)).length, "with those that came to nothing").toBeGreaterThanOrEqual(PARTS + 3);
  });
});

test("UPL-5 what is cancelled without network is given up at the store as soon as there is one", async ({
  page,
  context,
  hako,
  bucket,
  faults,
}) => {
  faults.expectMessage(/ERR_INTERNET_DISCONNECTED/);
  await withFolder(async (folder) => {
    const file = join(folder, "scan.bin");
    await randomFile(file, SIZE);
    await halfway(page, bucket, file, "scan.bin", 3, PARTS);
    await context.setOffline(true);
    await uploadState(page, "scan.bin", "offline", 30_000);
    await uploadRow(page, "scan.bin").getByTestId("upload-cancel").click();
    await uploadState(page, "scan.bin", "cancelled");
    expect(await openUploads(context, hako, bucket)).toHaveLength(1);
    await context.setOffline(false);
    await expect.poll(() => openUploads(context, hako, bucket), { timeout: 30_000 }).toEqual([]);
    expect(await keys(context, hako, bucket)).toEqual([]);
  });
});

test("UPL-21 a session that ends asks for the password in place, and takes nobody else's", async ({
  page,
  context,
  hako,
  bucket,
  faults,
}) => {
  faults.expectStatus(401, 403, 409);
  const other = await account(context, hako, "other");
  await withFolder(async (folder) => {
    const file = join(folder, "scan.bin");
    const sum = await randomFile(file, SIZE);
    await halfway(page, bucket, file, "scan.bin", 3, PARTS);
    const loads = watchLoads(page);
    const gone = await context.request.delete(`${hako.console}/api/v1/session`, { headers: { Origin: hako.console } });
    expect(gone.ok()).toBe(true);
    await letGo(page);
    await uploadState(page, "scan.bin", "signed-out", 60_000);
    const signIn = async (username: string, password: string) => {
      await page.getByTestId("upload-sign-in").click();
      const form = page.getByTestId("upload-sign-in-form");
      await expect(form.getByLabel("Tenant")).toHaveValue(DEMO.tenant);
      await expect(form.getByLabel("User name")).toHaveValue(DEMO.username);
      await checkOpened(page, "upload-sign-in-dialog");
      await form.getByLabel("User name").fill(username);
      await form.getByLabel("Password").fill(password);
      await form.getByTestId("upload-sign-in-submit").click();
    };
    // Somebody else: the queue waits, says for whom, and goes on for nobody else by any button.
    await signIn(other.username, other.password);
    const banner = page.getByTestId("banner-session");
    await expect(banner).toContainText(`${DEMO.username} at ${DEMO.tenant}`);
    await expect(banner).toContainText(other.username);
    await uploadState(page, "scan.bin", "signed-out");
    const asked: string[] = [];
    page.on("request", (request) => {
      if (request.url().includes("multipart")) asked.push(request.url());
    });
    await uploadRow(page, "scan.bin").getByTestId("upload-retry").click();
    await expect(page.getByTestId("toast").last()).toContainText(DEMO.username);
    await uploadState(page, "scan.bin", "signed-out");
    expect(asked).toEqual([]);

    await signIn(DEMO.username, DEMO.password);
    await uploadState(page, "scan.bin", "done", 60_000);
    await expect(banner).toHaveCount(0);
    expect(await stored(context, hako, bucket, "scan.bin")).toBe(sum);
    expect(loads()).toBe(0);
  });
});

test("UPL-25 a killed and restarted store costs nothing that was stored", async ({ page, context, hako, bucket, faults }) => {
  faults.expectMessage(/ERR_CONNECTION_(REFUSED|RESET)|ERR_EMPTY_RESPONSE|ERR_SOCKET_NOT_CONNECTED/);
  faults.expectStatus(403); // of the look at the store itself
  await withFolder(async (folder) => {
    const file = join(folder, "scan.bin");
    const sum = await randomFile(file, SIZE);
    await halfway(page, bucket, file, "scan.bin", 5, PARTS);
    await hako.crash();
    await letGo(page);
    await expect(uploadRow(page, "scan.bin")).toHaveAttribute("data-state", /retrying|offline/, { timeout: 60_000 });
    await hako.revive();
    await uploadState(page, "scan.bin", "done", 90_000);
    expect(await stored(context, hako, bucket, "scan.bin")).toBe(sum);
  });
});

test("UPL-23 another tab sees an upload, and does not begin it twice", async ({ page, context, hako, bucket }) => {
  await withFolder(async (folder) => {
    const file = join(folder, "scan.bin");
    await randomFile(file, SIZE);
    await halfway(page, bucket, file, "scan.bin", 4, PARTS);
    const second = await context.newPage();
    await openBucket(second, bucket);
    await expect(second.getByTestId("elsewhere-row")).toHaveAttribute("data-key", "scan.bin", { timeout: 20_000 });
    await drop(second, file);
    await expect(second.getByTestId("toast").first()).toContainText("another tab");
    await expect(uploadRow(second, "scan.bin")).toHaveCount(0);
    await second.close();
    await letGo(page);
    await uploadState(page, "scan.bin", "done", 60_000);
    expect((await partsSent(page)).length).toBe(PARTS);
  });
});

test("UPL-30 a receipt tells what was stored", async ({ page, bucket }) => {
  await withFolder(async (folder) => {
    const file = join(folder, "small.bin");
    const sum = await randomFile(file, 3 * MB);
    await openBucket(page, bucket);
    await choose(page, [file]);
    await uploadState(page, "small.bin", "done", 30_000);
    const empty = join(folder, "empty.bin");
    await writeFile(empty, "");
    await choose(page, [empty]);
    await uploadState(page, "empty.bin", "done", 30_000);
    await page.getByTestId("nav-transfers").click();
    const row = page.getByTestId("table-history").locator('[data-key="small.bin"]');
    await expect(row).toContainText(sum);
    const download = page.waitForEvent("download");
    await page.getByTestId("receipt-sums").click();
    const saved = join(folder, "SHA256SUMS");
    await (await download).saveAs(saved);
    expect((await stat(saved)).size).toBeGreaterThan(0);
    execFileSync("sha256sum", ["--check", "--strict", "SHA256SUMS"], { cwd: folder });
  });
});

test("UPL-18 a bucket that does not let the page in is opened by one click", async ({ page, context, hako, bucket, faults }) => {
  faults.expectStatus(403);
  faults.expectMessage(/CORS policy|ERR_FAILED|foreign origin/);
  const other = { AllowedMethods: ["GET"], AllowedOrigins: ["https://elsewhere.example"] };
  const closed = await context.request.put(`${hako.console}/api/v1/buckets/${bucket}/cors`, {
    data: { CORSRules: [other] },
    headers: { Origin: hako.console },
  });
  expect(closed.ok(), await closed.text()).toBe(true);
  // The embedded store always lets the console in; under another port the page is a stranger to it.
  await withProxy(page, hako.console, async (origin) => {
    await page.goto(`${origin}/buckets/${bucket}`);
    await hydrated(page);
    await withFolder(async (folder) => {
      const file = join(folder, "scan.bin");
      const sum = await randomFile(file, 2 * MB);
      await drop(page, file);
      const card = page.getByTestId("cors-card");
      await expect(card).toContainText("None of its CORS rules is for this page", { timeout: 60_000 });
      await expect(card).toContainText("The 1 rule that is there");
      await uploadState(page, "scan.bin", "needs-decision");
      await card.getByTestId("cors-fix").click();
      await uploadState(page, "scan.bin", "done", 60_000);
      await expect(card).toHaveCount(0);
      expect(await stored(context, hako, bucket, "scan.bin")).toBe(sum);
    });
  });
  const rules = await context.request.get(`${hako.console}/api/v1/buckets/${bucket}/cors`);
  const kept = (await rules.json()).cors_rules ?? (await rules.json()).CORSRules;
  expect(kept).toHaveLength(2);
  expect(kept[0].AllowedOrigins).toEqual(other.AllowedOrigins);
});

test("UPL-18 who may not set rules gets a text for who may, and sends through Hako", async ({
  page,
  context,
  hako,
  bucket,
  faults,
}) => {
  faults.expectStatus(403);
  faults.expectMessage(/CORS policy|ERR_FAILED|foreign origin/);
  const writer = await account(context, hako, "writer", bucket);
  await withProxy(page, hako.console, async (origin) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin });
    await context.clearCookies();
    await api(context, hako, "/session", { data: writer });
    await page.goto(`${origin}/buckets/${bucket}`);
    await hydrated(page);
    await withFolder(async (folder) => {
      const file = join(folder, "scan.bin");
      const sum = await randomFile(file, 30 * MB);
      await drop(page, file);
      const card = page.getByTestId("cors-card");
      await expect(card).toBeVisible({ timeout: 60_000 });
      await expect(card.getByTestId("cors-fix")).toHaveCount(0);
      await card.getByTestId("cors-copy").click();
      const text = () => page.evaluate(() => navigator.clipboard.readText());
      await expect.poll(text).toContain(`The bucket ${bucket} needs this CORS rule, so that ${origin} can upload to it:`);
      expect(await text()).toContain('"PUT"');
      await card.getByTestId("cors-proxy").click();
      await uploadState(page, "scan.bin", "done", 90_000);
      await expect(uploadRow(page, "scan.bin").getByTestId("route-badge")).toHaveAttribute("data-route", "hako");
      expect(await stored(context, hako, bucket, "scan.bin")).toBe(sum);
    });
  });
});

test("UPL-20 a rule that does not let the page read entity tags is enough", async ({ page, context, hako, bucket, faults }) => {
  faults.expectMessage(/foreign origin/);
  await withProxy(page, hako.console, async (origin) => {
    const blind = {
      AllowedMethods: ["PUT"],
      AllowedOrigins: [origin],
      AllowedHeaders: ["x-amz-checksum-crc32c", "content-type", "if-none-match"],
    };
    const set = await context.request.put(`${hako.console}/api/v1/buckets/${bucket}/cors`, {
      data: { CORSRules: [blind] },
      headers: { Origin: hako.console },
    });
    expect(set.ok(), await set.text()).toBe(true);
    await page.goto(`${origin}/buckets/${bucket}`);
    await hydrated(page);
    await withFolder(async (folder) => {
      const [file, small] = [join(folder, "scan.bin"), join(folder, "small.bin")];
      const sums = [await randomFile(file, 30 * MB), await randomFile(small, 1_000)];
      const part = page.waitForResponse((answer) => answer.url().includes("partNumber="));
      await drop(page, file, small);
      expect((await part).headers()["access-control-expose-headers"]).toBeUndefined();
      await uploadState(page, "scan.bin", "done", 60_000);
      await uploadState(page, "small.bin", "done");
      await expect(page.getByTestId("cors-card")).toHaveCount(0);
      await expect(uploadRow(page, "scan.bin").getByTestId("route-badge")).toHaveAttribute("data-route", "direct");
      expect(await stored(context, hako, bucket, "scan.bin")).toBe(sums[0]);
      expect(await stored(context, hako, bucket, "small.bin")).toBe(sums[1]);
    });
  });
});

test("UPL-18 without a rule the bytes can go through Hako", async ({ page, context, hako, bucket, faults }) => {
  faults.expectStatus(403);
  faults.expectMessage(/CORS policy|ERR_FAILED|foreign origin/);
  await withProxy(page, hako.console, async (origin) => {
    await signInByApi(context, hako);
    await page.goto(`${origin}/buckets/${bucket}`);
    await hydrated(page);
    await withFolder(async (folder) => {
      const file = join(folder, "scan.bin");
      const sum = await randomFile(file, 30 * MB);
      await drop(page, file);
      await page.getByTestId("cors-proxy").click({ timeout: 60_000 });
      await uploadState(page, "scan.bin", "done", 90_000);
      await expect(uploadRow(page, "scan.bin").getByTestId("route-badge")).toHaveAttribute("data-route", "hako");
      expect(await stored(context, hako, bucket, "scan.bin")).toBe(sum);
    });
  });
});
