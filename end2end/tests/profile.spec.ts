// A browser that is killed: its profile on the disk is all that the next one has.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { BrowserContext, Page } from "@playwright/test";
import { chromium } from "@playwright/test";
import { MB, choose, randomFile, withFolder } from "../support/files";
import { gate, partsSent } from "../support/gate";
import { type Hako, expect, hydrated, keys, signInByApi, test, uploadRow, uploadState } from "../support/test";
import { SMALL_PARTS, openUploads, partsStored, stored } from "../support/uploads";

test.use({ settings: SMALL_PARTS });
test.describe.configure({ timeout: 120_000 });

/**
 * The browser's picker of files cannot be driven: in its place one that gives a file of the page's own file
 * system, whose handle is of the same kind and needs nobody's consent.
 */
async function pickOwnFile(page: Page, name: string, size: number): Promise<void> {
  await page.evaluate(
    async ({ name, size }) => {
      const root = await navigator.storage.getDirectory();
      const handle = await root.getFileHandle(name, { create: true });
      const file = await handle.createWritable();
      for (let left = size; left > 0; left -= 64 * 1024) {
        await file.write(crypto.getRandomValues(new Uint8Array(Math.min(left, 64 * 1024))));
      }
      await file.close();
      Object.assign(window, { showOpenFilePicker: async () => [handle] });
    },
    { name, size },
  );
  await page.getByTestId("cmd-upload").click();
}

/** The SHA-256 of a file of the page's own file system. */
function sumOfOwnFile(page: Page, name: string): Promise<string> {
  return page.evaluate(async (name) => {
    const root = await navigator.storage.getDirectory();
    const file = await (await root.getFileHandle(name)).getFile();
    const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }, name);
}

async function kill(context: BrowserContext): Promise<void> {
  const session = await context.browser()!.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  const gone = new Promise((done) => context.once("close", done));
  process.kill(processInfo.find(({ type }) => type === "browser")!.id, "SIGKILL");
  await gone;
}

test("UPL-10 a killed browser's uploads go on in the next one: by the file's handle, or by the file chosen again", async ({
  context: _own,
  hako,
  bucket,
}, { project }) => {
  const { launchOptions } = project.use;
  await withFolder(async (folder) => {
    const profile = join(folder, "profile");
    await mkdir(profile);
    const file = join(folder, "chosen.bin");
    const sum = await randomFile(file, 30 * MB);
    const visit = async (): Promise<[BrowserContext, Page]> => {
      const context = await chromium.launchPersistentContext(profile, launchOptions);
      await signInByApi(context, hako);
      await gate(context, 4);
      const page = context.pages()[0] ?? (await context.newPage());
      await page.goto(`${hako.console}/buckets/${bucket}`);
      await hydrated(page);
      return [context, page];
    };

    const [first, before] = await visit();
    await pickOwnFile(before, "own.bin", 30 * MB);
    await partsStored(before, "own.bin", "4 of 6 parts");
    const ownSum = await sumOfOwnFile(before, "own.bin");
    await uploadRow(before, "own.bin").getByTestId("upload-pause").click();
    await before.evaluate(() => (window.gate.left = 2));
    await choose(before, [file]);
    await partsStored(before, "chosen.bin", "2 of 6 parts");
    await kill(first);

    const [second, page] = await visit();
    try {
      await page.evaluate(() => (window.gate.left = Number.MAX_SAFE_INTEGER));
      await uploadState(page, "own.bin", "file-needed");
      await uploadState(page, "chosen.bin", "file-needed");
      await expect(page.getByTestId("dock-summary")).toHaveText("2 uploads can go on");
      await expect(page.getByTestId("resume-banner")).toContainText("2 uploads can go on");
      await expect(uploadRow(page, "chosen.bin").getByTestId("upload-reopen")).toHaveCount(0);
      await uploadRow(page, "own.bin").getByTestId("upload-reopen").click();
      await uploadState(page, "own.bin", "done", 30_000);
      expect((await partsSent(page)).length, "parts of the first").toBe(2);
      await uploadRow(page, "chosen.bin").getByTestId("upload-pick").setInputFiles(file);
      await uploadState(page, "chosen.bin", "done", 30_000);
      expect((await partsSent(page)).length, "parts of both").toBe(2 + 4);
      expect(await stored(second, hako, bucket, "own.bin")).toBe(ownSum);
      expect(await stored(second, hako, bucket, "chosen.bin")).toBe(sum);
      expect((await keys(second, hako, bucket)).sort()).toEqual(["chosen.bin", "own.bin"]);
      expect(await openUploads(second, hako, bucket)).toEqual([]);
    } finally {
      await second.close();
    }
  });
});
