// What the objects of a batch are stored with: metadata, tags, type, retention, hold, access, target path.

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { BrowserContext, Page, Request } from "@playwright/test";
import { MB, choose, randomFile, withFolder } from "../support/files";
import { gate } from "../support/gate";
import { checkNarrow, checkOpened } from "../support/looks";
import { Hako } from "../support/server";
import { api, expect, keys, openBucket, reload, signInByApi, test, uploadState } from "../support/test";

/** A little more than goes as a whole. */
const LARGE = 101 * MB;
const DAY_MS = 86_400_000;

test.describe.configure({ timeout: 180_000 });

const text = (name: string, content: string) => ({
  name,
  mimeType: "text/plain",
  buffer: Buffer.from(content),
});

/** Chooses files by the menu that shows the plan in any case. */
async function chooseWithOptions(page: Page, files: Parameters<typeof choose>[1]): Promise<void> {
  await page.evaluate(() => delete (window as { showOpenFilePicker?: unknown }).showOpenFilePicker);
  await page.getByTestId("cmd-upload-options").click();
  const chooser = page.waitForEvent("filechooser");
  await page.getByTestId("cmd-upload-files-options").click();
  await (await chooser).setFiles(files as string[]);
  await expect(page.getByTestId("plan-panel")).toBeVisible();
}

async function pair(page: Page, field: "metadata" | "tags", name: string, value: string): Promise<void> {
  await page.getByTestId(`add-${field}`).click();
  const row = page.getByTestId(`${field}-row`).last();
  await expect(row.getByPlaceholder("Name")).toBeFocused();
  await row.getByPlaceholder("Name").fill(name);
  await row.getByPlaceholder("Value").fill(value);
}

/** The headers of an object as the store tells them. */
async function head(context: BrowserContext, hako: Hako, bucket: string, key: string): Promise<Headers> {
  const { url } = (await api(context, hako, "/presign", { data: { bucket, key } })) as { url: string };
  const answer = await fetch(url);
  expect(answer.status, key).toBe(200);
  await answer.body?.cancel();
  return answer.headers;
}

async function read(context: BrowserContext, hako: Hako, path: string): Promise<unknown> {
  const answer = await context.request.get(`${hako.console}/api/v1${path}`);
  expect(answer.ok(), `${path}: ${answer.status()}`).toBe(true);
  return answer.json();
}

/** What goes to the store, with its headers. */
function putsToStore(page: Page, hako: Hako): Request[] {
  const puts: Request[] = [];
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (request.method() === "PUT" && url.port === hako.s3Port) puts.push(request);
  });
  return puts;
}

test("UPL-27 what is chosen for a batch is on its objects, in parts and whole", async ({ page, context, hako, bucket }) => {
  await withFolder(async (folder) => {
    await randomFile(join(folder, "large.bin"), LARGE);
    await writeFile(join(folder, "small.txt"), "small");
    await writeFile(join(folder, "empty.txt"), "");
    await openBucket(page, bucket);
    await chooseWithOptions(page, ["large.bin", "small.txt", "empty.txt"].map((name) => join(folder, name)));
    await pair(page, "metadata", "Project", "A  7");
    await pair(page, "tags", "cost centre", "4&2");
    const retention = page.getByLabel("Retention", { exact: true });
    await retention.fill("A+2d");
    await expect(page.getByTestId("retention-sentence")).toHaveText("Objects can be deleted 2 days after they were stored.");
    await page.getByLabel(/^On hold/).check();
    await page.getByLabel("Who may use them").selectOption("authenticated-read");
    await expect(page.getByTestId("acl-warning")).toBeEmpty();
    await page.getByLabel("Who may use them").selectOption("public-read");
    await expect(page.getByTestId("acl-warning")).toContainText("without signing in");
    await page.getByTestId("plan-start").click();
    await expect(page.getByTestId("plan-panel")).toHaveCount(0);
    for (const key of ["large.bin", "small.txt", "empty.txt"]) {
      await uploadState(page, key, "done", 90_000);
      const headers = await head(context, hako, bucket, key);
      expect(headers.get("x-amz-meta-project"), key).toBe("A  7");
      expect(headers.get("x-hcp-retentionhold"), key).toBe("true");
      const until = Number(headers.get("x-hcp-retention")) * 1_000;
      expect(Math.abs(until - Date.now() - 2 * DAY_MS), key).toBeLessThan(180_000);
      const object = `/buckets/${bucket}/object`;
      expect(await read(context, hako, `${object}/tags?key=${key}`)).toEqual({ tags: { "cost centre": "4&2" } });
      const acl = JSON.stringify(await read(context, hako, `${object}/acl?key=${key}`));
      expect(acl, key).toContain("groups/global/AllUsers");
    }
  });
});

test("UPL-28 parts carry no type, the object has the file's, another wins, and no cookie goes to the store", async ({ page, context, hako, bucket }) => {
  await withFolder(async (folder) => {
    const names = ["scan.mp4", "note.txt"];
    await randomFile(join(folder, names[0]), LARGE);
    await writeFile(join(folder, names[1]), "note");
    await openBucket(page, bucket);
    const puts = putsToStore(page, hako);
    await choose(page, names.map((name) => join(folder, name)));
    for (const name of names) await uploadState(page, name, "done", 90_000);
    expect((await head(context, hako, bucket, "scan.mp4")).get("content-type")).toBe("video/mp4");
    expect((await head(context, hako, bucket, "note.txt")).get("content-type")).toBe("text/plain");

    await openBucket(page, bucket, "typed/");
    await chooseWithOptions(page, names.map((name) => join(folder, name)));
    await page.getByLabel("Content type").fill("application/x-hako");
    await page.getByTestId("plan-start").click();
    for (const name of names) {
      await uploadState(page, `typed/${name}`, "done", 90_000);
      const headers = await head(context, hako, bucket, `typed/${name}`);
      expect(headers.get("content-type"), name).toBe("application/x-hako");
    }

    const parts = puts.filter((put) => put.url().includes("partNumber="));
    expect(parts).toHaveLength(10);
    expect(puts.length).toBe(12);
    for (const put of puts) {
      const headers = await put.allHeaders();
      expect(headers.cookie).toBeUndefined();
      expect(headers.authorization).toBeUndefined();
      const type = parts.includes(put) ? undefined : expect.stringMatching(/^(text\/plain|application\/x-hako)$/);
      expect(headers["content-type"]).toEqual(type);
    }
  });
});

test("a reload in mid-upload keeps the options", async ({ page, context, hako, bucket, faults }) => {
  faults.expectStatus(404);
  await withFolder(async (folder) => {
    const file = join(folder, "scan.bin");
    await randomFile(file, LARGE);
    await gate(context, 2);
    await openBucket(page, bucket);
    await chooseWithOptions(page, [file]);
    await page.getByLabel("Target path").fill("kept/renamed-{name}");
    await pair(page, "metadata", "project", "A 7");
    await page.getByLabel("Retention", { exact: true }).fill("A+3d");
    await page.getByTestId("plan-start").click();
    const key = "kept/renamed-scan.bin";
    await expect(page.getByTestId("upload-parts")).toHaveText("2 of 5 parts", { timeout: 60_000 });
    // The store loses the upload: it begins anew, and has them all the same.
    const { uploads } = (await read(context, hako, `/buckets/${bucket}/uploads`)) as { uploads: { upload_id: string }[] };
    page.on("dialog", (dialog) => void dialog.accept());
    await reload(page);
    await uploadState(page, key, "file-needed");
    await api(context, hako, `/buckets/${bucket}/object/multipart/abort?key=${encodeURIComponent(key)}`, {
      data: { upload_id: uploads[0].upload_id },
    });
    await page.evaluate(() => (window.gate.left = 100));
    // It is asked for by the file's own name.
    await page.getByTestId("resume-pick").setInputFiles(file);
    await uploadState(page, key, "done", 90_000);
    const headers = await head(context, hako, bucket, key);
    expect(headers.get("x-amz-meta-project")).toBe("A 7");
    const until = Number(headers.get("x-hcp-retention")) * 1_000;
    expect(Math.abs(until - Date.now() - 3 * DAY_MS)).toBeLessThan(180_000);
  });
});

test("what cannot be is told at its field, and nothing begins", async ({ page, context, hako, bucket }) => {
  await openBucket(page, bucket);
  await chooseWithOptions(page, [text("a.txt", "a")]);
  await page.getByLabel("Target path").fill("{size}");
  await page.getByLabel("Content type").fill("tiff");
  await pair(page, "metadata", "pro ject", "x");
  await pair(page, "metadata", "empty", "");
  await pair(page, "tags", "aws:x", "");
  await page.getByLabel("Retention", { exact: true }).fill("2001-01-01T00:00:00Z");
  await page.getByTestId("plan-start").click();
  await expect(page.getByTestId("error-pattern")).toContainText("{size} stands for nothing");
  await expect(page.getByTestId("error-content_type")).toContainText("image/tiff");
  await expect(page.getByTestId("error-metadata-0")).toContainText("project-code");
  await expect(page.getByTestId("error-metadata-1")).toContainText("Give empty a value");
  await expect(page.getByTestId("error-tags-0")).toContainText("aws:");
  await expect(page.getByTestId("error-retention")).toContainText("is over already");
  await expect(page.getByLabel("Target path")).toBeFocused();
  await expect(page.getByTestId("plan-panel")).toBeVisible();
  await expect(page.getByTestId("dock")).toHaveCount(0);
  await checkOpened(page, "plan-panel");
  await checkNarrow(page);
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("plan-panel")).toHaveCount(0);
  expect(await keys(context, hako, bucket)).toEqual([]);
});

test("a target path is previewed, and files that meet under it are found", async ({ page, context, hako, bucket }) => {
  await withFolder(async (folder) => {
    for (const path of ["a/scan.txt", "b/scan.txt", "b/other.txt"]) {
      await mkdir(join(folder, "in", path, ".."), { recursive: true });
      await writeFile(join(folder, "in", path), path);
    }
    await openBucket(page, bucket, "out/");
    await page.evaluate(() => delete (window as { showDirectoryPicker?: unknown }).showDirectoryPicker);
    await page.getByTestId("cmd-upload-options").click();
    const chooser = page.waitForEvent("filechooser");
    await page.getByTestId("cmd-upload-folder-options").click();
    await (await chooser).setFiles(join(folder, "in"));
    const panel = page.getByTestId("plan-panel");
    await expect(panel).toBeVisible();
    await expect(page.getByTestId("plan-finding")).toHaveCount(0);
    await page.getByLabel("Target path").fill("{date}/{name}");
    const day = await page.evaluate(() => {
      const now = new Date();
      const two = (n: number) => String(n).padStart(2, "0");
      return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
    });
    await expect(page.getByTestId("pattern-preview")).toContainText(`becomes ${bucket}/out/${day}/`);
    await expect(page.locator('[data-finding="same-key"]')).toContainText("1 file would get the name of another");
    await page.getByTestId("plan-start").click();
    const expected = ["other.txt", "scan (2).txt", "scan.txt"].map((name) => `out/${day}/${name}`);
    for (const key of expected) await uploadState(page, key, "done");
    expect((await keys(context, hako, bucket)).sort()).toEqual(expected);
  });
});

test("on HCP's habits there are no tags, and the rest is there", async ({ browser, faults }) => {
  const hako = await Hako.start({ HAKO_LOCAL_PROFILE: "hcp" });
  // Of its own: the usual one may speak to the usual server alone.
  const context = await browser.newContext();
  try {
    faults.watch(context, hako);
    const page = await context.newPage();
    await signInByApi(context, hako);
    await page.goto(`${hako.console}/buckets/datasets`);
    await page.locator('[data-hydrated="true"]').first().waitFor({ state: "attached" });
    await chooseWithOptions(page, [text("hcp.txt", "x")]);
    await expect(page.getByTestId("plan-metadata")).toBeVisible();
    await expect(page.getByTestId("plan-tags")).toHaveCount(0);
    await pair(page, "metadata", "project", "A 7");
    await page.getByLabel("Retention", { exact: true }).fill("-2");
    await page.getByTestId("plan-start").click();
    await uploadState(page, "hcp.txt", "done");
    const headers = await head(context, hako, "datasets", "hcp.txt");
    expect(headers.get("x-amz-meta-project")).toBe("A 7");
    expect(headers.get("x-hcp-retention")).toBe("-2");
  } finally {
    await context.close();
    await hako.stop();
  }
});

test("the plan with options looks right", async ({ page, bucket }) => {
  await openBucket(page, bucket);
  const menu = page.getByTestId("cmd-upload-options");
  await menu.click();
  await checkOpened(page, "upload-menu");
  await page.keyboard.press("Escape");
  await page.setViewportSize({ width: 1280, height: 900 });
  await chooseWithOptions(page, [text("scan.txt", "x")]);
  await pair(page, "metadata", "project", "A 7");
  await pair(page, "tags", "year", "2026");
  await page.getByLabel("Retention", { exact: true }).fill("A+7y");
  await page.getByLabel("Who may use them").selectOption("public-read");
  await checkOpened(page, "plan-panel");
  await checkNarrow(page);
});
