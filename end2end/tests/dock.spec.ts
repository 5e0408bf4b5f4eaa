// The dock with much in it: only what is in view is drawn, all of it can be reached, and what was stored is noted
// at once.

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { BrowserContext, Page } from "@playwright/test";
import { MB, choose, drop, randomFile, withFolder } from "../support/files";
import { gate, letGo } from "../support/gate";
import { checkAccessibility, checkNarrow, checkOpened } from "../support/looks";
import {
  api,
  expect,
  type Hako,
  keys,
  openBucket,
  reload,
  store,
  test,
  uploadRow,
  uploadState,
} from "../support/test";

const text = (name: string, content: string) => ({
  name,
  mimeType: "text/plain",
  buffer: Buffer.from(content),
});

const texts = (number: number, prefix = "f") =>
  Array.from({ length: number }, (_, n) => text(`${prefix}${String(n).padStart(4, "0")}.txt`, `${n}`));

/** All keys of a bucket, page by page. */
async function allKeys(context: BrowserContext, hako: Hako, bucket: string): Promise<string[]> {
  const found: string[] = [];
  for (let token: string | undefined; ; ) {
    const query = token ? `?continuation_token=${encodeURIComponent(token)}` : "";
    const answer = await context.request.get(`${hako.console}/api/v1/buckets/${bucket}/objects${query}`);
    expect(answer.ok()).toBe(true);
    const page = await answer.json();
    found.push(...page.objects.map((entry: { key: string }) => entry.key));
    if (!page.is_truncated) return found;
    token = page.next_continuation_token;
  }
}

/** No bytes leave the page until they are let go. */
async function holdBack(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const held: (() => void)[] = [];
    let holds = true;
    const { open, send, abort } = XMLHttpRequest.prototype;
    const puts = new WeakSet<XMLHttpRequest>();
    const ended = new WeakSet<XMLHttpRequest>();
    XMLHttpRequest.prototype.abort = function () {
      ended.add(this);
      return abort.call(this);
    };
    XMLHttpRequest.prototype.open = function (this: XMLHttpRequest, ...rest: unknown[]) {
      if (rest[0] === "PUT") puts.add(this);
      return open.apply(this, rest as Parameters<typeof open>);
    };
    XMLHttpRequest.prototype.send = function (body) {
      if (!holds || !puts.has(this)) return send.call(this, body);
      held.push(() => {
        if (!ended.has(this)) send.call(this, body);
      });
    };
    Object.assign(window, {
      goOn() {
        holds = false;
        for (const go of held.splice(0)) go();
      },
    });
  });
}

async function goOn(page: Page): Promise<void> {
  await page.evaluate(() => (window as unknown as { goOn(): void }).goOn());
}

const rows = (page: Page) => page.getByTestId("upload-row");
const list = (page: Page) => page.getByTestId("upload-list");

test("UPL-3 thousands of files are sent while the page answers, and few are drawn", async ({ page, context, hako, bucket }) => {
  test.setTimeout(900_000);
  const FILES = 5_000;
  await withFolder(async (folder) => {
    for (let n = 0; n < FILES; n += 1) {
      const place = join(folder, "scans", `year-${n % 5}`, `box-${n % 50}`);
      if (n < 250) await mkdir(place, { recursive: true });
      await writeFile(join(place, `page-${n}.txt`), `page ${n}`);
    }
    await openBucket(page, bucket);
    await drop(page, join(folder, "scans"));
    await expect(page.getByTestId("plan-start")).toHaveText("Upload 5,000 files", { timeout: 120_000 });
    await page.getByTestId("plan-start").click();
    await expect(page.getByTestId("dock-summary")).toContainText(/of 5,000 files/, { timeout: 120_000 });
    // The page answers meanwhile, and draws what is in view.
    for (let round = 0; round < 3; round += 1) {
      await page.getByTestId("dock-toggle").click({ timeout: 5_000 });
      await expect(list(page)).toBeHidden({ timeout: 5_000 });
      await page.getByTestId("dock-toggle").click({ timeout: 5_000 });
      await expect(list(page)).toBeVisible({ timeout: 5_000 });
      expect(await rows(page).count()).toBeLessThan(120);
    }
    await expect(list(page)).toHaveAttribute("aria-rowcount", String(FILES + 1));
    // The last one can be seen, by the keyboard too.
    await page.locator('.uploads-line[tabindex="0"]').focus();
    await page.keyboard.press("End");
    await expect(page.locator(`.uploads-line[aria-rowindex="${FILES + 1}"]`)).toBeFocused();
    expect(await rows(page).count()).toBeLessThan(120);
    await expect(page.getByTestId("dock-summary")).toHaveText("5,000 files uploaded", { timeout: 800_000 });
    const stored = await allKeys(context, hako, bucket);
    expect(stored).toHaveLength(FILES);
    expect(new Set(stored).size).toBe(FILES);
  });
});

test("sections, batches and keys lead to every file", async ({ page, bucket }) => {
  await holdBack(page);
  await openBucket(page, bucket);
  await choose(page, texts(150));
  await expect(page.getByTestId("dock-summary")).toContainText("0 of 150 files");
  await choose(page, [text("alone.txt", "1")]);
  await expect(list(page)).toHaveAttribute("aria-rowcount", "152");
  expect(await rows(page).count()).toBeLessThan(120);
  await expect(page.getByTestId("transfers-active")).toHaveText("Active (151)");

  // From the head of the batch to its last file and beyond.
  const head = page.locator('.uploads-line[aria-level="1"]').first();
  await expect(head).toHaveAttribute("aria-expanded", "true");
  await head.focus();
  await page.keyboard.press("ArrowDown");
  await expect(page.locator('.uploads-line[aria-rowindex="2"]')).toBeFocused();
  await expect(page.locator(":focus")).toHaveAttribute("aria-posinset", "1");
  await expect(page.locator(":focus")).toHaveAttribute("aria-setsize", "150");
  await page.keyboard.press("End");
  await expect(uploadRow(page, "alone.txt")).toBeVisible();
  await expect(page.locator('.uploads-line[aria-rowindex="152"]')).toBeFocused();
  await page.keyboard.press("ArrowUp");
  await expect(uploadRow(page, "f0149.txt")).toBeInViewport();

  // The focus stays with its line when that is scrolled away, and leads back.
  await list(page).evaluate((list) => list.scrollTo(0, 0));
  await expect(uploadRow(page, "f0000.txt")).toBeInViewport();
  await expect(page.locator('.uploads-line[aria-rowindex="151"]')).toBeFocused();
  await page.keyboard.press("PageUp");
  await expect(page.locator(":focus")).toBeInViewport();

  // Tab goes into the buttons of the line, and Escape back to it.
  await page.keyboard.press("Home");
  await expect(head).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(page.locator('.uploads-line[aria-rowindex="2"]')).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(page.locator(":focus")).toHaveRole("button");
  await page.keyboard.press("Escape");
  await expect(page.locator('.uploads-line[aria-rowindex="2"]')).toBeFocused();

  // Out to the batch, which folds, and opens again.
  await page.keyboard.press("ArrowLeft");
  await expect(head).toBeFocused();
  await page.keyboard.press("ArrowLeft");
  await expect(list(page)).toHaveAttribute("aria-rowcount", "2");
  await expect(head).toHaveAttribute("aria-expanded", "false");
  await page.keyboard.press("ArrowRight");
  await expect(list(page)).toHaveAttribute("aria-rowcount", "152");

  // What is over leaves its section, and the focus goes to what came in its place.
  await page.getByTestId("transfers-active").click();
  await page.locator('.uploads-line[aria-rowindex="2"]').focus();
  await uploadRow(page, "f0000.txt").getByTestId("upload-cancel").click();
  await expect(page.getByTestId("transfers-done")).toHaveText("Done (1)");
  await expect(page.locator('.uploads-line[aria-rowindex="2"]')).toBeFocused();
  await page.getByTestId("transfers-done").click();
  await expect(uploadRow(page, "f0000.txt")).toHaveAttribute("data-state", "cancelled");
  await page.getByTestId("transfers-all").click();

  await goOn(page);
  await expect(page.getByTestId("dock-summary")).toHaveText("150 files uploaded", { timeout: 60_000 });
  await expect(page.getByTestId("upload-batch")).toContainText("149 files stored");
});

test("the dock is as high as somebody wants it, and remembers", async ({ page, bucket }) => {
  await holdBack(page);
  await openBucket(page, bucket);
  await choose(page, texts(30));
  const dock = page.getByTestId("dock");
  await expect(dock).toBeVisible();
  const height = async () => (await dock.boundingBox())!.height;
  const handle = page.getByTestId("dock-handle");
  await handle.focus();
  await page.keyboard.press("Home");
  await expect.poll(height).toBe(180);
  await page.keyboard.press("ArrowUp");
  await expect.poll(height).toBe(220);
  const box = (await handle.boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + 5);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y - 95, { steps: 4 });
  await page.mouse.up();
  await expect.poll(height).toBe(320);
  page.on("dialog", (dialog) => dialog.accept());
  await openBucket(page, bucket);
  await choose(page, texts(30, "g"));
  await expect.poll(height).toBe(320);
  await checkNarrow(page);
});

test("the list is free of faults in both themes and all widths", async ({ page, bucket }) => {
  test.setTimeout(300_000);
  await holdBack(page);
  await openBucket(page, bucket);
  await choose(page, texts(12));
  await choose(page, [text("alone.txt", "1")]);
  await uploadRow(page, "f0009.txt").getByTestId("upload-details").click();
  await expect(page.getByTestId("details-target")).toContainText(`${bucket}/f0009.txt`);
  await checkAccessibility(page);
  await checkNarrow(page);
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.getByTestId("nav-transfers").click();
  await expect(list(page)).toHaveAttribute("aria-rowcount", "14");
  await checkAccessibility(page);
  await checkNarrow(page);
});

test("a large file tells its parts, and how much is on its way", async ({ page, context, bucket }) => {
  await gate(context, 3);
  await withFolder(async (folder) => {
    const file = join(folder, "scan.bin");
    await randomFile(file, 120 * MB);
    await openBucket(page, bucket);
    await choose(page, [file]);
    const row = uploadRow(page, "scan.bin");
    await expect(row.getByTestId("upload-parts")).toHaveText("3 of 5 parts", { timeout: 60_000 });
    const bar = row.getByTestId("upload-bar");
    await expect(bar).toHaveAttribute("data-stored", String(75 * MB));
    await expect(page.getByTestId("dock-total")).toHaveAttribute("data-stored", String(75 * MB));
    await row.getByTestId("upload-details").click();
    await expect(row.getByTestId("details-parts")).toHaveText("3 of 5 parts");
    await expect(row.getByTestId("details-size")).toContainText("125,829,120");
    await expect(page).toHaveTitle(/^62 % · /);
    await letGo(page);
    await uploadState(page, "scan.bin", "done", 60_000);
    await expect(bar).toHaveAttribute("aria-valuenow", "100");
  });
});

test("UPL-30 what was stored is noted at once, and its checksum can be asked for later", async ({ page, bucket }) => {
  // As when the page is left before the file was read once more.
  await page.addInitScript(() => {
    const post = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (this: Worker, ...rest: unknown[]) {
      const job = rest[0] as { algorithm?: string } | undefined;
      const holds = sessionStorage.getItem("hold") === "yes" && job?.algorithm === "SHA256";
      if (!holds) post.apply(this, rest as Parameters<typeof post>);
    };
    if (sessionStorage.getItem("hold") === null) sessionStorage.setItem("hold", "yes");
  });
  await openBucket(page, bucket);
  await choose(page, [text("note.txt", "abc")]);
  await uploadState(page, "note.txt", "done");
  await page.getByTestId("nav-transfers").click();
  const entry = page.getByTestId("table-history").locator('[data-key="note.txt"]');
  await expect(entry).toContainText("Being computed");
  await expect(entry).toContainText("3 B");
  await page.evaluate(() => sessionStorage.setItem("hold", "no"));
  await reload(page);
  await expect(entry).toContainText("Not computed");
  await expect(entry).toContainText("3 B");

  // One whose file was read is completed.
  await openBucket(page, bucket);
  await choose(page, [text("second.txt", "abc")]);
  await uploadState(page, "second.txt", "done");
  await page.getByTestId("nav-transfers").click();
  const second = page.getByTestId("table-history").locator('[data-key="second.txt"]');
  await expect(second).toContainText("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  await reload(page);
  await expect(second).toContainText("ba7816bf8f01cfea");
});

test("a file that has not begun gets another key", async ({ page, context, hako, bucket }) => {
  await store(context, hako, bucket, "taken.txt", "older");
  await holdBack(page);
  await openBucket(page, bucket);
  await choose(page, texts(12));
  const row = uploadRow(page, "f0011.txt");
  await row.getByTestId("upload-details").click();
  const rename = async (key: string) => {
    await page.getByTestId("upload-key").fill(key);
    await page.getByTestId("upload-rename").click();
  };
  await rename("taken.txt");
  await expect(page.getByTestId("upload-key-error")).toContainText("has an object");
  await rename("f0010.txt");
  await expect(page.getByTestId("upload-key-error")).toContainText("Another upload");
  await rename("x".repeat(1_100));
  await expect(page.getByTestId("upload-key-error")).toContainText("1,100 bytes");
  await rename("elsewhere/renamed.txt");
  await expect(uploadRow(page, "elsewhere/renamed.txt")).toHaveAttribute("data-state", "waiting");
  await expect(row).toHaveCount(0);
  await goOn(page);
  await uploadState(page, "elsewhere/renamed.txt", "done", 30_000);
  await expect(page.getByTestId("upload-key")).toHaveCount(0);
  const stored = await keys(context, hako, bucket);
  expect(stored).toContain("elsewhere/renamed.txt");
  expect(stored).not.toContain("f0011.txt");
});

test("a protected object can be skipped or kept beside, and says until when", async ({ page, context, hako, bucket }) => {
  const retention = async (retentionDefault: string) => {
    const path = `/mapi/tenants/demo/namespaces/${bucket}/complianceSettings`;
    await api(context, hako, path, { data: { retentionDefault } });
  };
  await retention("2038-01-15T00:00:00+0000");
  await store(context, hako, bucket, "kept.txt", "kept");
  await retention("0");
  await store(context, hako, bucket, "free.txt", "free");
  await openBucket(page, bucket);
  await choose(page, [text("kept.txt", "newer"), text("free.txt", "newer")]);
  const dialog = page.getByTestId("conflict-dialog");
  await expect(dialog).toContainText("1 protected there");
  await page.getByText("Choose for each file").click();
  const kept = page.locator('[data-testid="conflict-row"][data-key="kept.txt"]');
  await expect(kept).toContainText("Protected until");
  await expect(kept).toContainText("2038");
  await expect(kept.locator("option")).toHaveText(["Skip", "Keep both"]);
  const free = page.locator('[data-testid="conflict-row"][data-key="free.txt"]');
  await expect(free.locator("option")).toHaveCount(4);
  await checkOpened(page, "conflict-dialog");
  await page.getByTestId("conflict-choice-overwrite").check();
  await kept.getByRole("combobox").selectOption("rename");
  await page.getByTestId("conflict-start").click();
  await uploadState(page, "kept (2).txt", "done");
  await uploadState(page, "free.txt", "done");
  expect((await keys(context, hako, bucket)).sort()).toEqual(["free.txt", "kept (2).txt", "kept.txt"]);
});

test("what cannot be read is tried again from the plan", async ({ page, context, hako, bucket }) => {
  await page.addInitScript(() => {
    // As a folder that was picked: by handles.
    DataTransferItem.prototype.webkitGetAsEntry = () => null;
    const { getFile } = FileSystemFileHandle.prototype;
    let refused = 0;
    FileSystemFileHandle.prototype.getFile = function () {
      // Twice at first: among its neighbours, and then alone.
      if (this.name === "locked.txt" && refused < 3) {
        refused += 1;
        return Promise.reject(new DOMException("no", "NotReadableError"));
      }
      return getFile.call(this);
    };
  });
  await withFolder(async (folder) => {
    await mkdir(join(folder, "in"));
    for (const name of ["locked.txt", "open.txt"]) await writeFile(join(folder, "in", name), name);
    await openBucket(page, bucket);
    await drop(page, join(folder, "in"));
    const finding = page.locator('[data-testid="plan-finding"][data-finding="unreadable"]');
    await expect(finding).toContainText("1 file or folder could not be read");
    await expect(page.getByTestId("plan-start")).toHaveText("Upload 1 file");
    await page.getByTestId("plan-again").click();
    await expect(finding).toContainText("1 file or folder could not be read");
    await page.getByTestId("plan-again").click();
    await expect(page.getByTestId("plan-start")).toHaveText("Upload 2 files");
    await expect(finding).toHaveCount(0);
    await page.getByTestId("plan-start").click();
    await uploadState(page, "in/locked.txt", "done");
    await uploadState(page, "in/open.txt", "done");
    expect((await keys(context, hako, bucket)).sort()).toEqual(["in/locked.txt", "in/open.txt"]);
  });
});

test("UPL-29 begin, quarters and end are said aloud, not more than one in two seconds", async ({ page, context, bucket }) => {
  await gate(context, 0);
  await page.addInitScript(() => {
    const said: { text: string; at: number }[] = [];
    Object.assign(window, { said });
    addEventListener("DOMContentLoaded", () => {
      const region = document.getElementById("live-polite")!;
      new MutationObserver(() => {
        const text = region.textContent ?? "";
        if (text.startsWith("Upload")) said.push({ text, at: performance.now() });
      }).observe(region, { childList: true, characterData: true, subtree: true });
    });
  });
  const said = () =>
    page.evaluate(() => (window as unknown as { said: { text: string; at: number }[] }).said);
  const texts = async () => (await said()).map((one) => one.text);
  await withFolder(async (folder) => {
    const file = join(folder, "scan.bin");
    await randomFile(file, 200 * MB);
    await openBucket(page, bucket);
    await choose(page, [file]);
    await expect.poll(texts).toEqual(["Upload of 1 file began"]);
    for (const percent of [25, 50, 75]) {
      await letGo(page, 2);
      await expect.poll(texts, { timeout: 30_000 }).toContainEqual(
        expect.stringMatching(new RegExp(`^Upload ${percent} percent, 0 of 1 file`)),
      );
    }
    await letGo(page);
    await expect.poll(texts, { timeout: 30_000 }).toContainEqual("Upload ended, 1 file stored");
    // A page that is busy shows the first a little late.
    const times = (await said()).map((one) => one.at);
    times.slice(1).forEach((at, n) => expect(at - times[n]).toBeGreaterThan(1_500));
  });
});
