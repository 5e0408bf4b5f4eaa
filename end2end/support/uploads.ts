// Uploads that are watched, interrupted, and read back.

import { createHash } from "node:crypto";
import { expect, type BrowserContext, type CDPSession, type Page } from "@playwright/test";
import { drop } from "./files";
import { gate } from "./gate";
import type { Hako } from "./server";
import { DEMO, api, openBucket, uploadRow, uploadState } from "./test";

/** Settings of a server whose parts are as small as stores take them, so that many of them are few bytes. */
export const SMALL_PARTS = { HAKO_UPLOAD_THRESHOLD_MB: "5", HAKO_UPLOAD_PART_MB: "5" };

/** The SHA-256 of an object, read from the store piece by piece. */
export async function stored(context: BrowserContext, hako: Hako, bucket: string, key: string): Promise<string> {
  const { url } = (await api(context, hako, "/presign", { data: { bucket, key } })) as { url: string };
  const answer = await fetch(url);
  expect(answer.status).toBe(200);
  const hash = createHash("sha256");
  for await (const piece of answer.body!) hash.update(piece);
  return hash.digest("hex");
}

/** The multipart uploads that the store holds. */
export async function openUploads(
  context: BrowserContext,
  hako: Hako,
  bucket: string,
): Promise<{ key: string; upload_id: string }[]> {
  const answer = await context.request.get(`${hako.console}/api/v1/buckets/${bucket}/uploads`);
  expect(answer.ok()).toBe(true);
  return (await answer.json()).uploads;
}

/** Waits until the dock says so of an upload's parts. */
export async function partsStored(page: Page, key: string, words: string, timeout = 60_000): Promise<void> {
  await expect(uploadRow(page, key).getByTestId("upload-parts")).toHaveText(words, { timeout });
}

/** Uploads a file and stops in the middle: so many parts are stored, the others are held back. */
export async function halfway(page: Page, bucket: string, file: string, key: string, parts: number, of: number) {
  await gate(page.context(), parts);
  await openBucket(page, bucket);
  await drop(page, file);
  await partsStored(page, key, `${parts} of ${of} parts`);
}

/** As `halfway`, and then the page is loaded again: the upload waits for its file. */
export async function interrupted(page: Page, bucket: string, file: string, key: string, parts: number, of: number) {
  await halfway(page, bucket, file, key, parts, of);
  page.on("dialog", (dialog) => void dialog.accept());
  await page.reload();
  await uploadState(page, key, "file-needed");
}

const lines = new WeakMap<Page, CDPSession>();

/** Slows the page's way to everybody, in bytes per second; -1: not at all. */
export async function slow(page: Page, bytesPerSecond: number): Promise<void> {
  // What another session sets does not undo what the first one has.
  const line = lines.get(page) ?? (await page.context().newCDPSession(page));
  lines.set(page, line);
  await line.send("Network.enable");
  await line.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: bytesPerSecond,
  });
}

/** Counts how often the page is loaded from now on. */
export function watchLoads(page: Page): () => number {
  let loads = 0;
  page.on("load", () => (loads += 1));
  return () => loads;
}

/** Makes a person of the demo's tenant, who may read and write in one bucket, or in none. */
export async function account(context: BrowserContext, hako: Hako, name: string, bucket?: string) {
  const username = `${name}-${Date.now().toString(36)}`;
  const password = "Another-account-1";
  const users = `/mapi/tenants/${DEMO.tenant}/userAccounts`;
  const made = await context.request.put(`${hako.console}/api/v1${users}`, {
    data: {
      username,
      password,
      fullName: name,
      localAuthentication: true,
      forcePasswordChange: false,
      enabled: true,
    },
    headers: { Origin: hako.console },
  });
  expect(made.ok(), await made.text()).toBe(true);
  if (bucket !== undefined) {
    const rights = { namespaceName: bucket, permissions: { permission: ["BROWSE", "READ", "WRITE", "DELETE"] } };
    await api(context, hako, `${users}/${username}/dataAccessPermissions`, { data: { namespacePermission: [rights] } });
  }
  return { tenant: DEMO.tenant, username, password };
}
