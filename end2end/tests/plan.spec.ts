// What is asked before files are sent: the plan of a batch, and objects that are in the way.

import { mkdir, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { BrowserContext, Locator, Page } from "@playwright/test";
import { choose, drop, withFolder } from "../support/files";
import { checkNarrow, checkOpened } from "../support/looks";
import { type Hako, expect, keys, openBucket, store, test, uploadState } from "../support/test";

const text = (name: string, content: string) => ({
  name,
  mimeType: "text/plain",
  buffer: Buffer.from(content),
});

/** Writes files below a folder, by their paths. */
async function write(folder: string, files: Record<string, string>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

async function content(context: BrowserContext, hako: Hako, bucket: string, key: string): Promise<string> {
  const path = `/api/v1/buckets/${bucket}/object?key=${encodeURIComponent(key)}`;
  const answer = await context.request.get(hako.console + path);
  expect(answer.ok(), `${key}: ${answer.status()}`).toBe(true);
  return answer.text();
}

function finding(page: Page, name: string): Locator {
  return page.locator(`[data-testid="plan-finding"][data-finding="${name}"]`);
}

/** Answers for the bucket in place of the server, which knows no quota here. */
async function target(page: Page, facts: Record<string, unknown>): Promise<void> {
  await page.route("**/upload-target", (route) =>
    route.fulfill({
      json: {
        versioning: "off",
        overwrites: "replaced",
        quota_bytes: null,
        used_bytes: null,
        as_of: null,
        multipart_expires_days: null,
        ...facts,
      },
    }),
  );
}

test("UPL-26 ten files without findings start at once", async ({ page, context, hako, bucket }) => {
  await openBucket(page, bucket);
  const names = Array.from({ length: 10 }, (_, n) => `file-${n}.txt`);
  await choose(page, names.map((name) => text(name, name)));
  for (const name of names) await uploadState(page, name, "done");
  await expect(page.getByTestId("plan-panel")).toHaveCount(0);
  await expect(page.getByTestId("conflict-dialog")).toHaveCount(0);
  expect((await keys(context, hako, bucket)).sort()).toEqual(names);
});

test("UPL-26 junk stays here without a question, and is told", async ({ page, context, hako, bucket }) => {
  await openBucket(page, bucket);
  await choose(page, [text("a.txt", "a"), text(".DS_Store", "x"), text(".hidden", "h")]);
  await uploadState(page, "a.txt", "done");
  await uploadState(page, ".hidden", "done");
  await expect(page.getByTestId("toast")).toContainText("1 file that the system keeps");
  expect((await keys(context, hako, bucket)).sort()).toEqual([".hidden", "a.txt"]);
});

test("UPL-26 the plan shows what stands out, and what is chosen is done", async ({ page, context, hako, bucket }) => {
  await withFolder(async (folder) => {
    await write(folder, {
      "scans/a.txt": "lower",
      "scans/A.txt": "upper",
      "scans/caf\u00e9.txt": "composed",
      "scans/cafe\u0301.txt": "decomposed",
      "scans/.DS_Store": "junk",
      "scans/.directory-metadata": "reserved",
      [`scans/${"d/".repeat(20)}deep.txt`]: "deep",
    });
    await openBucket(page, bucket, "in/");
    await drop(page, join(folder, "scans"));
    const panel = page.getByTestId("plan-panel");
    await expect(panel).toBeVisible();
    await expect(panel).toContainText(`${bucket}/in/`);
    await expect(finding(page, "alike")).toContainText("2 files differ");
    await expect(finding(page, "junk")).toContainText("1 file");
    await expect(finding(page, "deep")).toContainText("1 file lies below");
    await expect(finding(page, "key")).toContainText(".directory-metadata");
    await checkOpened(page, "plan-panel");
    await checkNarrow(page);

    const start = page.getByTestId("plan-start");
    await expect(start).toHaveText("Upload 5 files");
    await finding(page, "junk").getByLabel("Upload", { exact: true }).check();
    await expect(start).toHaveText("Upload 6 files");
    await finding(page, "key").getByLabel(/name that the store takes/).check();
    await start.click();
    await expect(panel).toHaveCount(0);

    await uploadState(page, "in/scans/.DS_Store", "done");
    await uploadState(page, "in/scans/directory-metadata", "done");
    const stored = await keys(context, hako, bucket);
    expect(stored.filter((key) => /\/a( \(2\))?\.txt$/i.test(key))).toHaveLength(2);
    expect(stored.filter((key) => / \(2\)\.txt$/.test(key))).toHaveLength(2);
    expect(new Set(stored.map((key) => key.normalize("NFC").toLowerCase())).size).toBe(stored.length);
  });
});

test("UPL-26 a key that is longer than the store takes is left here", async ({ page, context, hako, bucket }) => {
  await withFolder(async (folder) => {
    // Five names of 220 bytes are more than the 1,024 of a key.
    const long = Array.from({ length: 5 }, (_, n) => `${n}`.repeat(220)).join("/");
    await write(folder, { [`deep/${long}`]: "too long", "deep/short.txt": "short" });
    await openBucket(page, bucket);
    await drop(page, join(folder, "deep"));
    await expect(finding(page, "key")).toContainText("1 file has a name that the store does not take");
    const start = page.getByTestId("plan-start");
    await expect(start).toHaveText("Upload 1 file");
    await start.click();
    await uploadState(page, "deep/short.txt", "done");
    expect(await keys(context, hako, bucket)).toEqual(["deep/short.txt"]);
  });
});

test("UPL-26 a plan can be turned down, and nothing is sent", async ({ page, context, hako, bucket }) => {
  await target(page, { quota_bytes: 100, used_bytes: 95 });
  await openBucket(page, bucket);
  await choose(page, [text("large.txt", "123456789"), text("small.txt", "1")]);
  const panel = page.getByTestId("plan-panel");
  await expect(finding(page, "no-room")).toContainText("5 B more");
  await page.keyboard.press("Escape");
  await expect(panel).toHaveCount(0);
  await expect(page.getByTestId("dock")).toHaveCount(0);
  expect(await keys(context, hako, bucket)).toEqual([]);

  await choose(page, [text("large.txt", "123456789"), text("small.txt", "1")]);
  await panel.getByLabel(/largest/).check();
  await expect(page.getByTestId("plan-start")).toHaveText("Upload 1 file");
  await page.getByTestId("plan-start").click();
  await uploadState(page, "small.txt", "done");
  expect(await keys(context, hako, bucket)).toEqual(["small.txt"]);
});

test("UPL-26 a list of checksums is compared with what was uploaded", async ({ page, bucket }) => {
  const sums = [
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  right.txt",
    `${"0".repeat(64)} *wrong.txt`,
  ];
  await openBucket(page, bucket);
  const files = [text("right.txt", "abc"), text("wrong.txt", "abc")];
  await choose(page, [...files, text("SHA256SUMS", `${sums.join("\n")}\n`)]);
  const toasts = page.getByTestId("toast");
  await expect(toasts.filter({ hasText: "wrong.txt" })).toContainText("does not agree");
  await expect(toasts.filter({ hasText: "1 uploaded file agrees" })).toContainText("1 does not");
});

test.describe("objects that are in the way", () => {
  test.beforeEach(async ({ context, hako, bucket }) => {
    await store(context, hako, bucket, "same.txt", "12345");
    await store(context, hako, bucket, "other.txt", "old");
  });

  const files = () => [text("new.txt", "new"), text("same.txt", "54321"), text("other.txt", "changed")];

  async function meet(page: Page, bucket: string): Promise<Locator> {
    await openBucket(page, bucket);
    await choose(page, files());
    const dialog = page.getByTestId("conflict-dialog");
    await expect(dialog).toContainText("1 new, 1 of the same size, 1 different.");
    return dialog;
  }

  test("UPL-14 they are counted once per batch, and skipped when asked", async ({ page, context, hako, bucket }) => {
    const dialog = await meet(page, bucket);
    await expect(dialog.getByRole("heading")).toHaveText("2 files exist already");
    await dialog.getByText("Choose for each file").click();
    await checkOpened(page, "conflict-dialog");
    await checkNarrow(page);
    await expect(page.getByTestId("conflict-choice-skip")).toBeChecked();
    await page.getByTestId("conflict-start").click();
    await uploadState(page, "new.txt", "done");
    expect(await content(context, hako, bucket, "other.txt")).toBe("old");
    expect((await keys(context, hako, bucket)).sort()).toEqual(["new.txt", "other.txt", "same.txt"]);
  });

  test("UPL-14 they are overwritten, which says what is lost", async ({ page, context, hako, bucket }) => {
    await meet(page, bucket);
    await page.getByTestId("conflict-choice-overwrite").check();
    const start = page.getByTestId("conflict-start");
    await expect(start).toHaveText("Upload 3 files, replace 2 objects");
    await start.click();
    await uploadState(page, "other.txt", "done");
    await uploadState(page, "same.txt", "done");
    expect(await content(context, hako, bucket, "other.txt")).toBe("changed");
    expect(await content(context, hako, bucket, "same.txt")).toBe("54321");
  });

  test("UPL-14 in a bucket with versions nothing is lost", async ({ page, context, hako, bucket }) => {
    const answer = await context.request.put(`${hako.console}/api/v1/buckets/${bucket}/versioning`, {
      data: { status: "Enabled" },
      headers: { Origin: hako.console },
    });
    expect(answer.ok()).toBe(true);
    await meet(page, bucket);
    await page.getByTestId("conflict-choice-overwrite").check();
    await expect(page.getByTestId("conflict-outcome")).toContainText("2 as new versions");
    await page.getByTestId("conflict-start").click();
    await uploadState(page, "other.txt", "done");
    expect(await content(context, hako, bucket, "other.txt")).toBe("changed");
  });

  test("UPL-14 where nothing can be overwritten, the object goes when the file has arrived", async ({
    page,
    context,
    hako,
    bucket,
  }) => {
    await target(page, { overwrites: "refused" });
    await meet(page, bucket);
    await page.getByTestId("conflict-choice-overwrite").check();
    const parts = page.waitForRequest((request) => request.url().includes("partNumber="));
    await page.getByTestId("conflict-start").click();
    await parts;
    await uploadState(page, "other.txt", "done");
    expect(await content(context, hako, bucket, "other.txt")).toBe("changed");
  });

  test("UPL-14 both are kept under the next free name", async ({ page, context, hako, bucket }) => {
    await store(context, hako, bucket, "other (2).txt", "taken");
    await meet(page, bucket);
    await page.getByTestId("conflict-choice-rename").check();
    await page.getByTestId("conflict-start").click();
    await uploadState(page, "other (3).txt", "done");
    await uploadState(page, "same (2).txt", "done");
    expect(await content(context, hako, bucket, "other.txt")).toBe("old");
    expect(await content(context, hako, bucket, "other (2).txt")).toBe("taken");
    expect(await content(context, hako, bucket, "other (3).txt")).toBe("changed");
  });

  test("UPL-14 only what changed is sent", async ({ page, context, hako, bucket }) => {
    await openBucket(page, bucket);
    await withFolder(async (folder) => {
      const before = new Date("2020-01-01T00:00:00Z");
      const paths = [];
      for (const file of files()) {
        const path = join(folder, file.name);
        await writeFile(path, file.buffer);
        await utimes(path, before, before);
        paths.push(path);
      }
      await choose(page, paths);
      await expect(page.getByTestId("conflict-dialog")).toContainText("1 newer in the bucket");
      await page.getByTestId("conflict-choice-changed").check();
      await expect(page.getByTestId("conflict-start")).toHaveText("Upload 2 files, replace 1 object");
      await page.getByTestId("conflict-start").click();
      await uploadState(page, "other.txt", "done");
      expect(await content(context, hako, bucket, "other.txt")).toBe("changed");
      expect(await content(context, hako, bucket, "same.txt")).toBe("12345");
    });
  });

  test("each file can be decided apart, by keyboard", async ({ page, context, hako, bucket }) => {
    const dialog = await meet(page, bucket);
    await expect(page.getByTestId("conflict-choice-skip")).toBeFocused();
    await dialog.getByText("Choose for each file").press("Enter");
    const row = page.locator('[data-testid="conflict-row"][data-key="other.txt"]');
    await row.getByRole("combobox").selectOption("overwrite");
    await page.getByTestId("conflict-start").press("Enter");
    await uploadState(page, "other.txt", "done");
    expect(await content(context, hako, bucket, "other.txt")).toBe("changed");
    expect(await content(context, hako, bucket, "same.txt")).toBe("12345");
  });

  test("what is remembered is not asked again", async ({ page, context, hako, bucket }) => {
    const dialog = await meet(page, bucket);
    await dialog.getByLabel(/Always do this/).check();
    await page.getByTestId("conflict-start").click();
    await uploadState(page, "new.txt", "done");
    await choose(page, [text("other.txt", "changed"), text("fresh.txt", "fresh")]);
    await uploadState(page, "fresh.txt", "done");
    await expect(page.getByTestId("toast").last()).toContainText("has it already");
    expect(await content(context, hako, bucket, "other.txt")).toBe("old");
  });

  test("turning the question down sends nothing and gives the focus back", async ({
    page,
    context,
    hako,
    bucket,
  }) => {
    await meet(page, bucket);
    await page.keyboard.press("Escape");
    await expect(page.getByTestId("conflict-dialog")).toHaveCount(0);
    await expect(page.getByTestId("cmd-upload")).toBeFocused();
    expect((await keys(context, hako, bucket)).sort()).toEqual(["other.txt", "same.txt"]);
  });

  test("UPL-14 who may not list does not know, and uploads", async ({ page, context, hako, bucket, faults }) => {
    faults.expectStatus(403);
    await openBucket(page, bucket);
    await page.route(/\/objects\?prefix=[^&]*&delimiter=[^&]*&max_keys=100$/, (route) =>
      route.fulfill({ status: 403, json: { detail: "no", code: "access_denied" } }),
    );
    await choose(page, [text("fresh.txt", "fresh")]);
    await uploadState(page, "fresh.txt", "done");
    await expect(page.getByTestId("conflict-dialog")).toHaveCount(0);
    expect(await content(context, hako, bucket, "fresh.txt")).toBe("fresh");
  });
});
