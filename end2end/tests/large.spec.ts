// What grows with the file and what must not: memory of the tab, memory of the server; and a quota that is
// less than the file.

import { randomBytes } from "node:crypto";
import { open as openFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser } from "@playwright/test";
import { MB, drop, randomFile, sha256, withFolder } from "../support/files";
import { DEMO, api, expect, openBucket, test, uploadRow, uploadState } from "../support/test";
import { stored } from "../support/uploads";

test.describe.configure({ timeout: 240_000 });

/** A number of bytes that the system tells of a process. */
async function memory(pid: number, what: "VmRSS" | "VmHWM" | "RssAnon"): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(new RegExp(`^${what}:\\s+(\\d+) kB$`, "m").exec(status)![1]) * 1024;
}

/** What the pages of a browser keep in memory, files of the disk apart. */
async function pages(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  const sizes = processInfo
    .filter(({ type }) => type === "renderer")
    .map(({ id }) => memory(id, "RssAnon").catch(() => 0)); // one may have ended
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

test("UPL-31 2 GiB arrive unchanged, and the tab keeps little of them", async ({ page, context, browser, hako, bucket }) => {
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
    const before = await pages(browser);
    let most = 0;
    await drop(page, path);
    await expect
      .poll(
        async () => {
          most = Math.max(most, await pages(browser));
          return uploadRow(page, "large.bin").getAttribute("data-state");
        },
        { timeout: 200_000, intervals: [500] },
      )
      .toBe("done");
    // Of a debug build that is traced. What is promised, 100 MB, is measured by bench/upload.spec.ts.
    expect((most - before) / MB, "MB that the tab has grown by").toBeLessThan(400);
    expect(await stored(context, hako, bucket, "large.bin")).toBe(sum);
  });
});

test("UPL-19 a store that the browser cannot reach is reached through Hako, which keeps nothing of it in memory", async ({
  page,
  context,
  hako,
  bucket,
  faults,
}) => {
  faults.expectMessage(/ERR_(FAILED|CONNECTION_REFUSED)/);
  await withFolder(async (folder) => {
    const file = join(folder, "scan.bin");
    const sum = await randomFile(file, 300 * MB);
    await page.route((url) => url.port === hako.s3Port, (route) => route.abort("connectionrefused"));
    const passedOn: string[] = [];
    page.on("requestfinished", (request) => {
      const { origin, pathname } = new URL(request.url());
      if (request.method() === "PUT" && origin === hako.console) passedOn.push(pathname);
    });
    await openBucket(page, bucket);
    const before = await memory(hako.pid, "VmRSS");
    await writeFile(`/proc/${hako.pid}/clear_refs`, "5"); // the highest is counted from now on
    await drop(page, file);
    const row = uploadRow(page, "scan.bin");
    await expect(row.getByTestId("route-badge")).toHaveAttribute("data-route", "hako", { timeout: 30_000 });
    await expect(row).toContainText("This browser cannot reach the store, so the bytes go through Hako.");
    await uploadState(page, "scan.bin", "done", 120_000);
    const grown = (await memory(hako.pid, "VmHWM")) - before;
    expect(grown / MB, "MB that the server has grown by").toBeLessThan(64);
    expect(await stored(context, hako, bucket, "scan.bin")).toBe(sum);
    // By signed requests, of which Hako sees to it that they come to the store.
    expect(new Set(passedOn)).toEqual(new Set([`/s3/${bucket}/scan.bin`]));
  });
});

test("UPL-17 a quota that runs out stops the bucket's queue until there is room", async ({ page, context, hako, bucket, faults }) => {
  faults.expectStatus(413);
  const namespace = `/mapi/tenants/${DEMO.tenant}/namespaces/${bucket}`;
  await api(context, hako, namespace, { data: { hardQuota: "1 GB" } });
  await withFolder(async (folder) => {
    const path = join(folder, "large.bin");
    const file = await openFile(path, "w");
    await file.truncate(1_200 * MB);
    await file.close();
    const small = join(folder, "small.bin");
    const sums = [await sha256(path), await randomFile(small, 2 * MB)];
    await openBucket(page, bucket);
    await drop(page, path);
    // It does not fit, which the plan says; it is sent all the same.
    await expect(page.locator('[data-testid="plan-finding"][data-finding="no-room"]')).toBeVisible();
    await page.getByTestId("plan-start").click();
    await uploadState(page, "large.bin", "failed", 150_000);
    const row = uploadRow(page, "large.bin");
    await expect(row.getByTestId("upload-error")).toContainText("has no room left");
    const kept = /^(\d+) of 48 parts$/.exec((await row.getByTestId("upload-parts").textContent())!)![1];
    await drop(page, small);
    await uploadState(page, "small.bin", "waiting");

    const sent: string[] = [];
    page.on("request", (request) => {
      const part = new URL(request.url()).searchParams.get("partNumber");
      if (request.method() === "PUT" && part !== null) sent.push(part);
    });
    await api(context, hako, namespace, { data: { hardQuota: "4 GB" } });
    await row.getByTestId("upload-retry").click();
    await uploadState(page, "large.bin", "done", 150_000);
    await uploadState(page, "small.bin", "done", 30_000);
    expect(sent.length, `parts sent after ${kept} were stored`).toBeLessThanOrEqual(48 - Number(kept));
    expect(await stored(context, hako, bucket, "large.bin")).toBe(sums[0]);
    expect(await stored(context, hako, bucket, "small.bin")).toBe(sums[1]);
  });
});
