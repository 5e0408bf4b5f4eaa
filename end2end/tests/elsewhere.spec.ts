// Uploads in progress: what the store holds of them, and going on with one on another machine.

import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, BrowserContext, Locator, Page } from "@playwright/test";
import { MB, drop, randomFile, withFolder } from "../support/files";
import { Faults } from "../support/faults";
import { gate, partsSent } from "../support/gate";
import { checkAccessibility, checkNarrow, checkOpened } from "../support/looks";
import { Hako } from "../support/server";
import {
  api,
  DEMO,
  expect,
  keys,
  open,
  openBucket,
  reload,
  signInByApi,
  test,
  uploadRow,
  uploadState,
} from "../support/test";

const SIZE = 300 * MB;
const PARTS = 12;

test.describe.configure({ timeout: 240_000 });

/** The page's line of an unfinished upload. */
function row(page: Page, key: string): Locator {
  return page.locator(`[data-testid="mpu-row"][data-key=${JSON.stringify(key)}]`);
}

async function openUploadsPage(page: Page, bucket: string, query = ""): Promise<void> {
  await open(page, `/buckets/${bucket}/uploads${query}`);
}

async function openUploads(context: BrowserContext, hako: Hako, bucket: string): Promise<{ key: string }[]> {
  const answer = await context.request.get(`${hako.console}/api/v1/buckets/${bucket}/uploads`);
  expect(answer.ok()).toBe(true);
  return (await answer.json()).uploads;
}

/** Begins an upload and stores parts of it, as a machine elsewhere would. */
async function begin(
  context: BrowserContext,
  hako: Hako,
  bucket: string,
  key: string,
  parts: [number, Buffer][] = [],
): Promise<string> {
  const at = `/buckets/${bucket}/object/multipart`;
  const name = encodeURIComponent(key);
  const begun = (await api(context, hako, `${at}?key=${name}`, { data: {} })) as { upload_id: string };
  for (const [number, bytes] of parts) {
    const path = `${at}?key=${name}&upload_id=${begun.upload_id}&part_number=${number}`;
    const answer = await context.request.put(`${hako.console}/api/v1${path}`, {
      data: bytes,
      headers: { Origin: hako.console, "Content-Type": "application/octet-stream" },
    });
    expect(answer.ok(), await answer.text()).toBe(true);
  }
  return begun.upload_id;
}

/** The SHA-256 of an object, read from the store piece by piece. */
async function stored(context: BrowserContext, hako: Hako, bucket: string, key: string): Promise<string> {
  const { url } = (await api(context, hako, "/presign", { data: { bucket, key } })) as { url: string };
  const answer = await fetch(url);
  expect(answer.status).toBe(200);
  const hash = createHash("sha256");
  for await (const piece of answer.body!) hash.update(piece);
  return hash.digest("hex");
}

/** Another machine: a browser profile that knows nothing. */
async function withProfile(
  browser: Browser,
  hako: Hako,
  use: (page: Page, context: BrowserContext, faults: Faults) => Promise<void>,
  signIn: (context: BrowserContext) => Promise<void> = (context) => signInByApi(context, hako),
): Promise<void> {
  const context = await browser.newContext({ baseURL: hako.console });
  const faults = new Faults();
  faults.watch(context, hako);
  await signIn(context);
  await gate(context, Number.MAX_SAFE_INTEGER);
  try {
    await use(await context.newPage(), context, faults);
  } finally {
    await context.close();
  }
  faults.check();
}

/** Uploads half of a file here, and closes the page. */
async function leaveHalf(page: Page, context: BrowserContext, bucket: string, file: string, key: string): Promise<void> {
  await gate(context, PARTS / 2);
  await openBucket(page, bucket);
  await drop(page, file);
  await expect(uploadRow(page, key).getByTestId("upload-parts")).toHaveText(`${PARTS / 2} of ${PARTS} parts`, {
    timeout: 60_000,
  });
  await page.close();
}

async function resume(page: Page, key: string, file: string): Promise<void> {
  const picking = page.waitForEvent("filechooser");
  await row(page, key).getByTestId("mpu-resume").click();
  await (await picking).setFiles(file);
}

test("UPL-13 what another machine began goes on here: only what is missing is sent", async ({ page, context, hako, bucket, browser }) => {
  await withFolder(async (folder) => {
    const file = join(folder, "scan.bin");
    const sum = await randomFile(file, SIZE);
    await leaveHalf(page, context, bucket, file, "scan.bin");
    await withProfile(browser, hako, async (page, context) => {
      await openUploadsPage(page, bucket);
      const begun = row(page, "scan.bin");
      await expect(begun).toContainText("6 parts · 150 MB");
      await expect(begun).toContainText("elsewhere");
      await expect(begun).toContainText(DEMO.username);
      await resume(page, "scan.bin", file);
      await uploadState(page, "scan.bin", "done", 90_000);
      const sent = await partsSent(page);
      expect(sent.length, "parts sent").toBe(PARTS / 2);
      expect(new Set(sent).size).toBe(PARTS / 2);
      expect(await stored(context, hako, bucket, "scan.bin")).toBe(sum);
      await expect(page.getByTestId("state-empty")).toContainText("Nothing is using hidden space");
      // Nothing is left to be taken up at the next visit.
      await reload(page);
      await expect(page.getByTestId("resume-banner")).toHaveCount(0);
    });
  });
});

test("what was taken up is this browser's: it goes on after a reload, and another tab keeps off", async ({ page, context, hako, bucket, browser }) => {
  await withFolder(async (folder) => {
    const file = join(folder, "scan.bin");
    const sum = await randomFile(file, SIZE);
    await leaveHalf(page, context, bucket, file, "scan.bin");
    const other = await browser.newContext({ baseURL: hako.console });
    await signInByApi(other, hako);
    await gate(other, 2);
    const first = await other.newPage();
    await openUploadsPage(first, bucket);
    await resume(first, "scan.bin", file);
    await expect(uploadRow(first, "scan.bin").getByTestId("upload-parts")).toHaveText("8 of 12 parts", { timeout: 60_000 });
    const second = await other.newPage();
    await openUploadsPage(second, bucket);
    await expect(row(second, "scan.bin").getByRole("link", { name: "this browser" })).toBeVisible();
    await resume(second, "scan.bin", file);
    await expect(second.getByTestId("toast")).toContainText("Another tab of this browser has this upload");
    await second.close();
    first.on("dialog", (dialog) => void dialog.accept());
    await first.reload();
    await uploadState(first, "scan.bin", "file-needed");
    await first.evaluate(() => (window.gate.left = Number.MAX_SAFE_INTEGER));
    await uploadRow(first, "scan.bin").getByTestId("upload-pick").setInputFiles(file);
    await uploadState(first, "scan.bin", "done", 90_000);
    expect((await partsSent(first)).length).toBe(PARTS - 8);
    expect(await stored(other, hako, bucket, "scan.bin")).toBe(sum);
    await other.close();
  });
});

test("a wrong file is found out, nothing is sent or given up, and the right one goes on", async ({ page, context, hako, bucket }) => {
  await withFolder(async (folder) => {
    const [right, equal, short] = ["right.bin", "equal.bin", "short.bin"].map((name) => join(folder, name));
    const sum = await randomFile(right, 22 * MB);
    await randomFile(equal, 22 * MB);
    await randomFile(short, 4 * MB);
    const bytes = await (await import("node:fs/promises")).readFile(right);
    await begin(context, hako, bucket, "in/scan.bin", [
      [1, bytes.subarray(0, 5 * MB)],
      [3, bytes.subarray(10 * MB, 15 * MB)],
    ]);
    await gate(context, Number.MAX_SAFE_INTEGER);
    await openUploadsPage(page, bucket);
    await expect(row(page, "in/scan.bin")).toContainText("2 parts · 10 MB");
    await resume(page, "in/scan.bin", short);
    await expect(page.getByTestId("toast").last()).toContainText("is not the file that this upload was begun with");
    await resume(page, "in/scan.bin", equal);
    await uploadState(page, "in/scan.bin", "changed", 30_000);
    expect(await partsSent(page)).toEqual([]);
    // Discarding it lets go of the upload, which stays for whoever has the file.
    // The dock opens by itself for what runs long enough to be seen.
    const toggle = page.getByTestId("dock-toggle");
    if ((await toggle.getAttribute("aria-expanded")) === "false") await toggle.click();
    await uploadRow(page, "in/scan.bin").getByTestId("upload-cancel").click();
    await uploadState(page, "in/scan.bin", "cancelled");
    expect((await openUploads(context, hako, bucket)).length).toBe(1);
    expect(await keys(context, hako, bucket)).toEqual([]);
    await resume(page, "in/scan.bin", right);
    await expect.poll(() => keys(context, hako, bucket), { timeout: 60_000 }).toEqual(["in/scan.bin"]);
    expect((await partsSent(page)).sort()).toEqual([2, 4, 5]);
    expect(await stored(context, hako, bucket, "in/scan.bin")).toBe(sum);
  });
});

test("parts that fit no file are only aborted", async ({ page, context, hako, bucket }) => {
  const part = Buffer.alloc(6 * MB, 1);
  await begin(context, hako, bucket, "odd.bin", [
    [1, part],
    [2, part.subarray(0, 5 * MB)],
    [3, part],
  ]);
  await openUploadsPage(page, bucket);
  const odd = row(page, "odd.bin");
  await expect(odd).toContainText("Its parts differ in size");
  await expect(odd.getByTestId("mpu-resume")).toHaveAttribute("aria-disabled", "true");
  await odd.getByTestId("mpu-abort").click();
  const dialog = page.getByTestId("dialog");
  await expect(dialog).toContainText("odd.bin");
  await dialog.getByTestId("confirm-submit").click();
  await expect(page.getByTestId("toast")).toContainText("The upload of odd.bin was aborted");
  await expect(page.getByTestId("state-empty")).toBeVisible();
  expect(await openUploads(context, hako, bucket)).toEqual([]);
});

test("MPU-2 an upload of this browser is marked, and giving it up takes one step more", async ({ page, context, hako, bucket, faults }) => {
  faults.expectStatus(404); // the page and the transfer both give it up, and the second is told that it is gone
  await withFolder(async (folder) => {
    const file = join(folder, "scan.bin");
    await randomFile(file, SIZE);
    await gate(context, 2);
    await openBucket(page, bucket);
    await drop(page, file);
    await expect(uploadRow(page, "scan.bin").getByTestId("upload-parts")).toHaveText("2 of 12 parts", { timeout: 60_000 });
    await page.getByTestId("tab-uploads").click();
    await expect(row(page, "scan.bin").getByRole("link", { name: "this browser" })).toBeVisible();
    await row(page, "scan.bin").getByTestId("mpu-abort").click();
    const submit = page.getByTestId("confirm-submit");
    await expect(submit).toHaveAttribute("aria-disabled", "true");
    await page.getByTestId("mpu-own").check();
    await submit.click();
    await expect(page.getByTestId("state-empty")).toBeVisible();
    await uploadState(page, "scan.bin", "cancelled");
    await expect.poll(() => openUploads(context, hako, bucket)).toEqual([]);
  });
});

test("MPU-2 all that is old goes after it was counted over all pages and typed", async ({ page, context, hako, bucket, faults }) => {
  const part = Buffer.alloc(MB, 1);
  for (let number = 0; number < 60; number += 1) {
    await begin(context, hako, bucket, `old/${String(number).padStart(3, "0")}`, number < 3 ? [[1, part]] : []);
  }
  await openUploadsPage(page, bucket);
  await expect(page.getByTestId("mpu-row")).toHaveCount(50);
  await page.getByTestId("mpu-abort-older").click();
  const dialog = page.getByTestId("dialog");
  // All were begun just now.
  await dialog.getByTestId("confirm-submit").click();
  await expect(dialog.getByTestId("older-plan")).toContainText("0 uploads begun more than 7 days ago");
  await page.keyboard.press("Escape");
  await page.getByTestId("mpu-abort-older").click();
  await dialog.getByTestId("field-days").fill("0");
  await dialog.getByTestId("confirm-submit").click();
  await expect(dialog.getByTestId("older-plan")).toContainText("60 uploads of this bucket, with 3 MB in parts");
  const submit = dialog.getByTestId("confirm-submit");
  await expect(submit).toHaveAttribute("aria-disabled", "true");
  await dialog.getByTestId("confirm-input").fill("abort 60 uploads");
  // One of them cannot be given up, and is told.
  faults.expectStatus(503);
  await page.route(/object\/multipart\/abort\?key=old%2F007/, (route) =>
    route.fulfill({ status: 503, json: { detail: "The store is busy.", code: "store_busy" } }),
  );
  await submit.click();
  await expect(dialog.getByTestId("error-summary")).toContainText("1 upload stayed, 59 gone");
  await expect(dialog.getByTestId("error-summary")).toContainText("old/007");
  await dialog.getByRole("button", { name: "Close" }).last().click();
  await expect(page.getByTestId("mpu-row")).toHaveCount(1);
  expect((await openUploads(context, hako, bucket)).map((upload) => upload.key)).toEqual(["old/007"]);
});

test("what is whole is completed by hand by somebody who knows its size", async ({ page, context, hako, bucket }) => {
  const part = Buffer.alloc(5 * MB, 7);
  const end = Buffer.alloc(1_000, 8);
  const whole = Buffer.concat([part, end]);
  await begin(context, hako, bucket, "whole.bin", [[1, part], [2, end]]);
  await begin(context, hako, bucket, "gap.bin", [[1, part], [3, end]]);
  await openUploadsPage(page, bucket);
  await expect(row(page, "gap.bin")).toContainText("2 parts");
  await row(page, "gap.bin").getByTestId("row-menu").click();
  await expect(row(page, "gap.bin").getByTestId("mpu-complete")).toHaveAttribute("aria-disabled", "true");
  await expect(row(page, "whole.bin")).toContainText("2 parts");
  await row(page, "whole.bin").getByTestId("row-menu").click();
  await row(page, "whole.bin").getByTestId("mpu-complete").click();
  const dialog = page.getByTestId("dialog");
  await dialog.getByTestId("field-bytes").fill("5 MB");
  await dialog.getByTestId("confirm-submit").click();
  await expect(dialog.getByTestId("error-bytes")).toContainText("whole number");
  await dialog.getByTestId("field-bytes").fill(String(whole.length + 1));
  await dialog.getByTestId("confirm-submit").click();
  await expect(dialog.getByTestId("error-bytes")).toContainText("Nothing was completed");
  expect(await keys(context, hako, bucket)).toEqual([]);
  await dialog.getByTestId("field-bytes").fill(String(whole.length));
  await dialog.getByTestId("confirm-submit").click();
  await expect(page.getByTestId("toast")).toContainText("whole.bin was completed");
  await expect(row(page, "whole.bin")).toHaveCount(0);
  const sum = createHash("sha256").update(whole).digest("hex");
  expect(await stored(context, hako, bucket, "whole.bin")).toBe(sum);
});

test("pages follow each other by links, and the folder of a key is one", async ({ page, context, hako, bucket }) => {
  const names = Array.from({ length: 103 }, (_, number) => `a b&c/ö ${String(number).padStart(3, "0")}`);
  for (const name of names) await begin(context, hako, bucket, name);
  await openUploadsPage(page, bucket);
  const seen: string[] = [];
  for (const rows of [50, 50, 3]) {
    await expect(page.getByTestId("mpu-row")).toHaveCount(rows);
    await expect(page.getByTestId("mpu-row").first()).toHaveAttribute("data-key", names[seen.length]);
    seen.push(...(await page.getByTestId("mpu-row").evaluateAll((all) => all.map((one) => one.getAttribute("data-key")!))));
    const next = page.getByRole("link", { name: "Next page" });
    if (rows === 50) await next.click();
    else await expect(next).toHaveCount(0);
  }
  expect(seen).toEqual(names);
  await page.getByRole("link", { name: "First page" }).click();
  await expect(page.getByTestId("count-line")).toContainText("First 50");
  await page.getByRole("link", { name: names[0] }).click();
  await expect(page).toHaveURL(new RegExp(`/buckets/${bucket}\\?prefix=a%20b%26c%2F`));
});

test("MPU-1 more than a thousand unfinished uploads are listed page by page, with what the store has of each", async ({ page, context, hako, bucket }) => {
  const names = Array.from({ length: 1_060 }, (_, number) => `scans/${String(number).padStart(4, "0")}.bin`);
  const parted = new Map([names[0], names[999], names[1_000], names[1_059]].map((name, number) => [name, number + 1]));
  const left = names.values();
  const lane = async () => {
    for (const name of left) {
      const size = parted.get(name);
      await begin(context, hako, bucket, name, size ? [[1, Buffer.alloc(5 * MB, 1)], [2, Buffer.alloc(size * 1_000, 2)]] : []);
    }
  };
  await Promise.all(Array.from({ length: 12 }, lane));

  await openUploadsPage(page, bucket);
  await expect(page.getByTestId("bucket-tabs")).toContainText("Uploads in progress (50+)");
  const seen: string[] = [];
  for (;;) {
    await expect(page.getByTestId("mpu-row").first()).toHaveAttribute("data-key", names[seen.length]);
    const rows = await page.getByTestId("mpu-row").evaluateAll((all) => all.map((one) => ({ key: one.getAttribute("data-key")!, upload: one.getAttribute("data-upload")! })));
    for (const { key, upload } of rows.filter(({ key }) => parted.has(key) || key === names[1_001])) {
      const at = `/buckets/${bucket}/object/multipart/parts?key=${encodeURIComponent(key)}&upload_id=${encodeURIComponent(upload)}`;
      const answer = await context.request.get(`${hako.console}/api/v1${at}`);
      expect(answer.ok(), await answer.text()).toBe(true);
      const told = await answer.json();
      const bytes = (told.parts as { size: number }[]).reduce((sum, part) => sum + part.size, 0);
      expect(bytes, key).toBe(parted.has(key) ? 5 * MB + parted.get(key)! * 1_000 : 0);
      const cells = row(page, key).locator("td");
      await expect(cells.nth(1), key).toContainText(parted.has(key) ? "2 parts" : "0 parts");
      await expect(cells.nth(1).locator("[title]"), key).toHaveAttribute("title", new RegExp(`^${bytes.toLocaleString("en")} `));
      // Its age, and when the store gives it up.
      const begun = Date.parse((await cells.nth(0).locator("time").getAttribute("datetime"))!);
      expect(Math.abs(Date.now() - begun), key).toBeLessThan(600_000);
      await expect(cells.nth(3).locator("time"), key).toHaveCount(1);
      const aborts = Date.parse((await cells.nth(3).locator("time").getAttribute("datetime"))!);
      expect(aborts, key).toBeGreaterThan(begun + 86_400_000);
    }
    seen.push(...rows.map(({ key }) => key));
    const next = page.getByRole("link", { name: "Next page" });
    if (seen.length >= names.length) {
      await expect(next).toHaveCount(0);
      break;
    }
    await next.click();
  }
  expect(seen).toEqual(names);
});

test("UPL-13 where only the initiator may add parts, others are told so", async ({ browser }) => {
  const hako = await Hako.start({ HAKO_LOCAL_PROFILE: "hcp" });
  try {
    let owned = "";
    await withProfile(browser, hako, async (page, context) => {
      owned = `e2e-${Date.now().toString(36)}`;
      await api(context, hako, "/buckets", { data: { bucket: owned } });
      await begin(context, hako, owned, "mine.bin");
      await addReader(context, hako, owned);
      await openUploadsPage(page, owned);
      await expect(row(page, "mine.bin").getByTestId("mpu-resume")).not.toHaveAttribute("aria-disabled", "true");
      await expect(row(page, "mine.bin")).toContainText("0 parts");
    });
    const signIn = async (context: BrowserContext) => {
      await api(context, hako, "/session", { data: { tenant: DEMO.tenant, username: "eve", password: "Eve-eve-eve-1" } });
    };
    await withProfile(
      browser,
      hako,
      async (page, _context, faults) => {
        faults.expectStatus(403); // only the initiator and the owner may look at the parts
        await openUploadsPage(page, owned);
        const mine = row(page, "mine.bin");
        await expect(mine.getByTestId("mpu-resume")).toHaveAttribute("aria-disabled", "true");
        await expect(mine).toContainText("only the account that began an upload may add parts to it");
      },
      signIn,
    );
  } finally {
    await hako.stop();
  }
});

/** Another account of the tenant that may use the bucket. */
async function addReader(context: BrowserContext, hako: Hako, bucket: string): Promise<void> {
  const put = async (path: string, data: unknown) => {
    const answer = await context.request.put(`${hako.console}/api/v1/mapi/tenants/${DEMO.tenant}${path}`, {
      data,
      headers: { Origin: hako.console },
    });
    expect(answer.ok(), `${path}: ${answer.status()} ${await answer.text()}`).toBe(true);
  };
  await put("/userAccounts", {
    username: "eve",
    fullName: "Eve",
    localAuthentication: true,
    enabled: true,
    forcePasswordChange: false,
    roles: { role: ["MONITOR"] },
    password: "Eve-eve-eve-1",
  });
  await api(context, hako, `/mapi/tenants/${DEMO.tenant}/userAccounts/eve/dataAccessPermissions`, {
    data: { namespacePermission: [{ namespaceName: bucket, permissions: { permission: ["BROWSE", "READ", "WRITE"] } }] },
  });
}

test("without scripts uploads are listed, paged and aborted", async ({ context, hako, bucket, browser }) => {
  for (let number = 0; number < 51; number += 1) await begin(context, hako, bucket, `k-${String(number).padStart(2, "0")}`);
  const plain = await browser.newContext({ baseURL: hako.console, javaScriptEnabled: false });
  await signInByApi(plain, hako);
  const page = await plain.newPage();
  await page.goto(`/buckets/${bucket}`);
  await page.getByRole("link", { name: "Uploads in progress" }).click();
  await expect(page.getByTestId("mpu-row")).toHaveCount(50);
  await page.getByRole("link", { name: "Next page" }).click();
  await expect(page.getByTestId("mpu-row")).toHaveCount(1);
  await row(page, "k-50").getByTestId("mpu-abort").click();
  await expect(page.getByTestId("dialog")).toContainText("k-50");
  // Meanwhile somebody else does it: the refusal is shown, with the page.
  await page.getByTestId("confirm-submit").click();
  await expect(page.getByTestId("mpu-row")).toHaveCount(0);
  expect((await openUploads(context, hako, bucket)).length).toBe(50);
  await page.goto(`/buckets/${bucket}/uploads?ask=abort&key=k-50&upload=1`);
  await page.getByTestId("confirm-submit").click();
  await expect(page.getByTestId("error-summary")).toBeVisible();
  await plain.close();
});

test("a bucket that is not there, and one without uploads", async ({ page, bucket, faults }) => {
  faults.expectStatus(404);
  await openUploadsPage(page, "there-is-none");
  await expect(page.getByTestId("state-not-found")).toContainText("There is no bucket there-is-none");
  await openUploadsPage(page, bucket);
  await expect(page.getByTestId("state-empty")).toContainText("Nothing is using hidden space.");
  await expect(page).toHaveTitle(`${bucket} · Uploads in progress · Hako`);
});

test("the page and its dialogs are accessible and fit a phone", async ({ page, context, hako, bucket }) => {
  const long = `${"a-rather-long-folder-name/".repeat(4)}a-file-whose-name-is-long-as-well-0001.tif`;
  await begin(context, hako, bucket, long, [[1, Buffer.alloc(5 * MB, 1)]]);
  await begin(context, hako, bucket, "short.bin", [[2, Buffer.alloc(MB, 1)], [3, Buffer.alloc(2 * MB, 1)]]);
  await openUploadsPage(page, bucket);
  await expect(row(page, long)).toContainText("1 part · 5 MB");
  await expect(row(page, "short.bin")).toContainText("Its parts differ in size");
  await row(page, "short.bin").getByTestId("row-menu").click();
  await shoot(page, "list");
  await checkAccessibility(page);
  await checkNarrow(page);
  const dialogs: [string, () => Promise<void>, () => Promise<void>][] = [
    ["abort", () => row(page, long).getByTestId("mpu-abort").click(), () => checkOpened(page, "abort-upload-dialog")],
    ["older", () => page.getByTestId("mpu-abort-older").click(), () => checkOpened(page, "abort-older-dialog")],
    ["complete", async () => {
      await row(page, long).getByTestId("row-menu").click();
      await row(page, long).getByTestId("mpu-complete").click();
    }, () => checkOpened(page, "complete-upload-dialog")],
  ];
  for (const [name, openDialog, look] of dialogs) {
    await openDialog();
    await shoot(page, name);
    if (name === "older") {
      await page.getByTestId("field-days").fill("0");
      await page.getByTestId("confirm-submit").click();
      await expect(page.getByTestId("older-plan")).toBeVisible();
      await shoot(page, "older-plan");
    }
    await look();
    await checkNarrow(page);
    await page.keyboard.press("Escape");
    await expect(page.getByTestId("dialog")).toHaveCount(0);
  }
});

/** Pictures to be looked at by a person: where SHOTS names a folder. */
async function shoot(page: Page, name: string): Promise<void> {
  const folder = process.env.SHOTS;
  if (!folder) return;
  for (const colorScheme of ["light", "dark"] as const) {
    for (const width of [1280, 320]) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.setViewportSize({ width, height: 800 });
      await page.screenshot({ path: join(folder, `${name}-${colorScheme}-${width}.png`), fullPage: width === 320 });
    }
  }
}
