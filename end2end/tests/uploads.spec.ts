// Uploads that meet trouble: nothing is lost, nothing stored is sent again, and the page says what is up.

import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { copyFile, mkdir, open as openFile, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { BrowserContext, Page } from "@playwright/test";
import { MB, choose, drop, randomFile, sha256, withFolder } from "../support/files";
import { gate, letGo, partsSent } from "../support/gate";
import { withProxy } from "../support/proxy";
import type { Hako } from "../support/server";
import { DEMO, api, expect, fileRow, hydrated, keys, openBucket, signInByApi, test, uploadRow, uploadState } from "../support/test";

const SIZE = 300 * MB;
const PARTS = 12;

test.describe.configure({ timeout: 240_000 });

/** The SHA-256 of an object, read from the store piece by piece. */
async function stored(page: Page, hako: Hako, bucket: string, key: string): Promise<string> {
  const { url } = (await api(page.context(), hako, "/presign", { data: { bucket, key } })) as { url: string };
  const answer = await fetch(url);
  expect(answer.status).toBe(200);
  const hash = createHash("sha256");
  for await (const piece of answer.body!) hash.update(piece);
  return hash.digest("hex");
}

async function openUploads(context: BrowserContext, hako: Hako, bucket: string): Promise<unknown[]> {
  const answer = await context.request.get(`${hako.console}/api/v1/buckets/${bucket}/uploads`);
  expect(answer.ok()).toBe(true);
  return (await answer.json()).uploads;
}

/** Uploads a file and stops in the middle: so many parts are stored, the others are held back. */
async function halfway(page: Page, bucket: string, file: string, key: string, parts: number): Promise<void> {
  await openBucket(page, bucket);
  await drop(page, file);
  await expect(uploadRow(page, key).getByTestId("upload-parts")).toHaveText(`${parts} of ${PARTS} parts`, {
    timeout: 60_000,
  });
}

test("after a reload the file is chosen again, and only what is missing is sent", async ({ page, context, hako, bucket }) => {
  await withFolder(async (folder) => {
    const file = join(folder, "scan.bin");
    const sum = await randomFile(file, SIZE);
    await gate(context, 6);
    await halfway(page, bucket, file, "scan.bin", 6);
    page.on("dialog", (dialog) => void dialog.accept());
    await page.reload();
    await uploadState(page, "scan.bin", "file-needed");
    await expect(page.getByTestId("resume-banner")).toContainText("1 upload can go on");
    await page.getByTestId("resume-pick").setInputFiles(file);
    await expect(uploadRow(page, "scan.bin").getByTestId("upload-parts")).toHaveText(`12 of 12 parts`, { timeout: 60_000 });
    await uploadState(page, "scan.bin", "done", 60_000);
    const sent = await partsSent(page);
    expect(sent.length, "parts sent after the reload").toBe(PARTS - 6);
    expect(new Set(sent).size).toBe(PARTS - 6);
    expect(await stored(page, hako, bucket, "scan.bin")).toBe(sum);
    expect(await openUploads(context, hako, bucket)).toEqual([]);
    // Nothing is left to be taken up.
    await page.reload();
    await expect(fileRow(page, "scan.bin")).toBeVisible();
    await expect(page.getByTestId("resume-banner")).toHaveCount(0);
  });
});

test("a file of equal size and other bytes is found out, and the right one goes on", async ({ page, context, hako, bucket }) => {
  await withFolder(async (folder) => {
    const file = join(folder, "scan.bin");
    const sum = await randomFile(file, SIZE);
    await gate(context, 6);
    await halfway(page, bucket, file, "scan.bin", 6);
    page.on("dialog", (dialog) => void dialog.accept());
    await page.reload();
    await uploadState(page, "scan.bin", "file-needed");
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
    expect(await stored(page, hako, bucket, "scan.bin")).toBe(sum);
  });
});

test("pause keeps what is stored, resume finishes, cancel leaves nothing behind", async ({ page, context, hako, bucket }) => {
  await withFolder(async (folder) => {
    const file = join(folder, "scan.bin");
    const sum = await randomFile(file, SIZE);
    await gate(context, 4);
    await halfway(page, bucket, file, "scan.bin", 4);
    const row = uploadRow(page, "scan.bin");
    await row.getByTestId("upload-pause").click();
    await letGo(page);
    await uploadState(page, "scan.bin", "paused");
    // What was under way comes to its end, and nothing new begins.
    await expect(row.getByTestId("upload-parts")).toHaveText("10 of 12 parts", { timeout: 30_000 });
    expect((await partsSent(page)).length).toBe(10);
    await row.getByTestId("upload-resume").click();
    await uploadState(page, "scan.bin", "done", 60_000);
    expect(await stored(page, hako, bucket, "scan.bin")).toBe(sum);

    await page.evaluate(() => (window.gate.left = 2));
    const second = join(folder, "second.bin");
    await randomFile(second, SIZE);
    await drop(page, second);
    await expect(uploadRow(page, "second.bin").getByTestId("upload-parts")).toHaveText("2 of 12 parts", { timeout: 60_000 });
    await uploadRow(page, "second.bin").getByTestId("upload-cancel").click();
    await uploadState(page, "second.bin", "cancelled");
    await expect.poll(() => openUploads(context, hako, bucket)).toEqual([]);
  });
});

test("without network uploads wait and go on by themselves", async ({ page, context, hako, bucket, faults }) => {
  faults.expectMessage(/ERR_INTERNET_DISCONNECTED/);
  faults.expectStatus(403); // of the look at the store itself
  await withFolder(async (folder) => {
    const file = join(folder, "scan.bin");
    const sum = await randomFile(file, SIZE);
    await gate(context, 5);
    await halfway(page, bucket, file, "scan.bin", 5);
    await context.setOffline(true);
    await letGo(page);
    await uploadState(page, "scan.bin", "offline", 30_000);
    await expect(page.getByTestId("banner-offline")).toBeVisible();
    await context.setOffline(false);
    await uploadState(page, "scan.bin", "done", 60_000);
    expect(await stored(page, hako, bucket, "scan.bin")).toBe(sum);
    const sent = await partsSent(page);
    // Those that the network cut off are sent again, and none that was stored.
    expect(sent.slice(0, 5).every((part) => sent.filter((other) => other === part).length === 1)).toBe(true);
  });
});

test("a session that ends asks for the password in place", async ({ page, context, hako, bucket, faults }) => {
  faults.expectStatus(401);
  await withFolder(async (folder) => {
    const file = join(folder, "scan.bin");
    const sum = await randomFile(file, SIZE);
    await gate(context, 3);
    await halfway(page, bucket, file, "scan.bin", 3);
    const gone = await context.request.delete(`${hako.console}/api/v1/session`, { headers: { Origin: hako.console } });
    expect(gone.ok()).toBe(true);
    await letGo(page);
    await uploadState(page, "scan.bin", "signed-out", 60_000);
    await page.getByTestId("upload-sign-in").click();
    const form = page.getByTestId("upload-sign-in-form");
    await form.getByLabel("Password").fill(DEMO.password);
    await form.getByTestId("upload-sign-in-submit").click();
    await uploadState(page, "scan.bin", "done", 60_000);
    expect(await stored(page, hako, bucket, "scan.bin")).toBe(sum);
  });
});

test("a killed and restarted store costs nothing that was stored", async ({ page, context, hako, bucket, faults }) => {
  faults.expectMessage(/ERR_CONNECTION_(REFUSED|RESET)|ERR_EMPTY_RESPONSE|ERR_SOCKET_NOT_CONNECTED/);
  faults.expectStatus(403); // of the look at the store itself
  await withFolder(async (folder) => {
    const file = join(folder, "scan.bin");
    const sum = await randomFile(file, SIZE);
    await gate(context, 5);
    await halfway(page, bucket, file, "scan.bin", 5);
    await hako.crash();
    await letGo(page);
    await expect(uploadRow(page, "scan.bin")).toHaveAttribute("data-state", /retrying|offline/, { timeout: 60_000 });
    await hako.revive();
    await uploadState(page, "scan.bin", "done", 90_000);
    expect(await stored(page, hako, bucket, "scan.bin")).toBe(sum);
  });
});

test("another tab sees an upload, and does not begin it twice", async ({ page, context, hako, bucket }) => {
  await withFolder(async (folder) => {
    const file = join(folder, "scan.bin");
    await randomFile(file, SIZE);
    await gate(context, 4);
    await halfway(page, bucket, file, "scan.bin", 4);
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

test("a receipt tells what was stored", async ({ page, bucket }) => {
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

test("a bucket that does not let the page in is opened by one click", async ({ page, context, hako, bucket, faults }) => {
  faults.expectStatus(403);
  faults.expectMessage(/CORS policy|ERR_FAILED|foreign origin/);
  const other = { AllowedMethods: ["GET"], AllowedOrigins: ["https://elsewhere.example"] };
  const closed = await context.request.put(`${hako.console}/api/v1/buckets/${bucket}/cors`, {
    data: { CORSRules: [other] },
    headers: { Origin: hako.console },
  });
  expect(closed.ok(), await closed.text()).toBe(true);
  // The embedded store always lets the console in; under another port the page is a stranger to it.
  await withProxy(hako.console, async (origin) => {
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
      expect(await stored(page, hako, bucket, "scan.bin")).toBe(sum);
    });
  });
  const rules = await context.request.get(`${hako.console}/api/v1/buckets/${bucket}/cors`);
  const kept = (await rules.json()).cors_rules ?? (await rules.json()).CORSRules;
  expect(kept).toHaveLength(2);
  expect(kept[0].AllowedOrigins).toEqual(other.AllowedOrigins);
});

test("without a rule the bytes can go through Hako", async ({ page, context, hako, bucket, faults }) => {
  faults.expectStatus(403);
  faults.expectMessage(/CORS policy|ERR_FAILED|foreign origin/);
  await withProxy(hako.console, async (origin) => {
    await signInByApi(context, hako);
    await page.goto(`${origin}/buckets/${bucket}`);
    await hydrated(page);
    await withFolder(async (folder) => {
      const file = join(folder, "scan.bin");
      const sum = await randomFile(file, 130 * MB);
      await drop(page, file);
      await page.getByTestId("cors-proxy").click({ timeout: 60_000 });
      await uploadState(page, "scan.bin", "done", 90_000);
      await expect(uploadRow(page, "scan.bin").getByTestId("route-badge")).toHaveAttribute("data-route", "hako");
      expect(await stored(page, hako, bucket, "scan.bin")).toBe(sum);
    });
  });
});

test("2 GiB arrive unchanged", async ({ page, hako, bucket }) => {
  const size = 2048 * MB;
  await withFolder(async (folder) => {
    const path = join(folder, "large.bin");
    // Mostly holes, and in every part some bytes that no other part has.
    const file = await openFile(path, "w");
    await file.truncate(size);
    for (let at = 0; at < size; at += 10 * MB) await file.write(randomBytes(64), 0, 64, at);
    await file.close();
    const sum = await sha256(path);
    await openBucket(page, bucket);
    await drop(page, path);
    await uploadState(page, "large.bin", "done", 200_000);
    expect(await stored(page, hako, bucket, "large.bin")).toBe(sum);
  });
});
