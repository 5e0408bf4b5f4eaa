// Files to upload, and what browsers do with files.

import { createHash, randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";

export const MB = 1024 * 1024;

/** A folder that goes away after the block. */
export async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "hako-files-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Writes random bytes, in pieces; returns their SHA-256. */
export async function randomFile(path: string, size: number): Promise<string> {
  const hash = createHash("sha256");
  const file = await open(path, "w");
  for (let left = size; left > 0; ) {
    const piece = randomBytes(Math.min(left, 4 * MB));
    hash.update(piece);
    await file.write(piece);
    left -= piece.length;
  }
  await file.close();
  return hash.digest("hex");
}

export async function sha256(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(path)) hash.update(piece);
  return hash.digest("hex");
}

/**
 * Drops files of the disk on the files page, as from a file manager. A `DataTransfer` made by a
 * script has no real files, so this goes through the browser's own input.
 */
export async function drop(page: Page, ...files: string[]): Promise<void> {
  const box = await page.getByTestId("drop-zone").boundingBox();
  if (!box) throw new Error("there is no drop zone");
  const at = { x: box.x + box.width / 2, y: box.y + Math.min(box.height / 2, 100) };
  const data = { items: [], files, dragOperationsMask: 1 };
  const browser = await page.context().newCDPSession(page);
  for (const type of ["dragEnter", "dragOver", "drop"] as const) {
    await browser.send("Input.dispatchDragEvent", { type, ...at, data });
  }
  await browser.detach();
}

/** Chooses files by the upload button. */
export async function choose(
  page: Page,
  files: string[] | { name: string; mimeType: string; buffer: Buffer }[],
): Promise<void> {
  // The browser's own picker cannot be driven; without it the page opens that of an input.
  await page.evaluate(() => delete (window as { showOpenFilePicker?: unknown }).showOpenFilePicker);
  const chooser = page.waitForEvent("filechooser");
  await page.getByTestId("cmd-upload").click();
  await (await chooser).setFiles(files as string[]);
}
