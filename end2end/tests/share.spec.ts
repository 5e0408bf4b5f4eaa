// Sharing what is selected: presigned URLs, their warnings and their QR code, and Hako links.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import type { BrowserContext } from "@playwright/test";
import jsQR from "jsqr";
import { checkAccessibility, checkNarrow, checkOpened } from "../support/looks";
import { BINARY } from "../support/server";
import { type Hako, type Page, expect, keys, open, openBucket, store, test } from "../support/test";

async function fill(context: BrowserContext, hako: Hako, bucket: string, count: number): Promise<string[]> {
  const names = Array.from({ length: count }, (_, at) => `file ${String(at).padStart(2, "0")}.txt`);
  await Promise.all(names.map((name) => store(context, hako, bucket, name, `bytes of ${name}`)));
  return names;
}

/** Opens the dialog for files or a folder. */
async function share(page: Page, bucket: string, names: string[]): Promise<void> {
  const selected = names.map((name) => `sel=${encodeURIComponent(name)}`).join("&");
  await open(page, `/buckets/${bucket}?${selected}`);
  await page.getByTestId("cmd-share").click();
  await expect(page.getByTestId("share-dialog")).toBeVisible();
}

/** What the drawn modules say to a reader of QR codes. */
async function read(page: Page): Promise<string | undefined> {
  const drawn = await page.getByTestId("share-qr").evaluate((svg) => ({
    size: Number(svg.getAttribute("viewBox")?.split(" ")[2]),
    path: svg.querySelector("path")?.getAttribute("d") ?? "",
  }));
  const scale = 4;
  const side = drawn.size * scale;
  const pixels = new Uint8ClampedArray(side * side * 4).fill(255);
  for (const [, x, y] of drawn.path.matchAll(/M(\d+) (\d+)h1v1h-1z/g)) {
    for (let at = 0; at < scale * scale; at++) {
      const row = Number(y) * scale + Math.floor(at / scale);
      const place = (row * side + Number(x) * scale + (at % scale)) * 4;
      pixels.fill(0, place, place + 3);
    }
  }
  return jsQR(pixels, side, side)?.data;
}

/** When the signature of a URL ends, in milliseconds since 1970. */
function signedUntil(text: string): number {
  const parameters = new URL(text).searchParams;
  const signed = parameters.get("X-Amz-Date") ?? "";
  const at = signed.replace(/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/, "$1-$2-$3T$4:$5:$6Z");
  return Date.parse(at) + Number(parameters.get("X-Amz-Expires")) * 1000;
}

test("SHR-2 links for 20 objects at once come as a list and as a table, and the curl line of one fetches it", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  const names = await fill(context, hako, bucket, 20);
  await share(page, bucket, names);
  await page.getByTestId("share-create").click();
  const urls = (await page.getByTestId("share-url").inputValue()).split("\n");
  expect(urls).toHaveLength(20);
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByTestId("share-csv").click()]);
  const table = readFileSync(await download.path(), "utf8").trim().split("\r\n");
  expect(table[0]).toBe("key,url,ends_at");
  expect(table).toHaveLength(21);
  expect(table[7]).toContain(`"file 06.txt","${urls[6]}"`);

  await share(page, bucket, ["file 03.txt"]);
  await page.getByTestId("share-create").click();
  const url = await page.getByTestId("share-url").inputValue();
  expect(await read(page)).toBe(url);
  await page.getByText("Commands: curl").click();
  const line = await page.getByTestId("snippet-curl").innerText();
  const folder = mkdtempSync(join(tmpdir(), "share-"));
  execFileSync("sh", ["-c", line.trim()], { cwd: folder, stdio: "ignore" });
  expect(readFileSync(join(folder, "file 03.txt"), "utf8")).toBe("bytes of file 03.txt");
  const own = (await page.getByTestId("snippet-hako").innerText()).trim();
  const other = mkdtempSync(join(tmpdir(), "share-"));
  const env = { HOME: other, PATH: [dirname(BINARY), process.env.PATH].join(delimiter) };
  execFileSync("sh", ["-c", own], { cwd: other, env, stdio: "ignore" });
  expect(readFileSync(join(other, "file 03.txt"), "utf8")).toBe("bytes of file 03.txt");
});

test("SHR-3 warnings stand beside the address, and the test tells what came of it", async ({
  page,
  context,
  hako,
  bucket,
}) => {
  await fill(context, hako, bucket, 1);
  await share(page, bucket, ["file 00.txt"]);
  await page.getByTestId("share-create").click();
  const kinds = page.getByTestId("share-warning");
  await expect(kinds).toHaveCount(3);
  await expect(page.locator('[data-kind="internal_address"]')).toContainText("looks internal");
  const ends = await page.getByTestId("share-ends").locator("time").getAttribute("datetime");
  const url = await page.getByTestId("share-url").inputValue();
  expect(Math.floor(Date.parse(ends ?? "") / 1000) * 1000).toBe(signedUntil(url));
  await page.getByTestId("share-test").click();
  await expect(page.getByTestId("share-test-result")).toHaveAttribute("data-outcome", "ok");
  await context.request.delete(`${hako.console}/api/v1/buckets/${bucket}/object?key=file%2000.txt`, {
    headers: { Origin: hako.console },
  });
  await page.getByTestId("share-test").click();
  await expect(page.getByTestId("share-test-result")).toHaveAttribute("data-outcome", "refused");
});

test("SHR-1 a direct link opens in a browser that knows nothing, and a time that cannot be is said", async ({
  page,
  context,
  browser,
  hako,
  bucket,
  faults,
}) => {
  faults.expectStatus(422);
  await fill(context, hako, bucket, 1);
  await share(page, bucket, ["file 00.txt"]);
  await page.getByLabel("Ends after").first().selectOption("own");
  await page.getByLabel("Seconds").fill("604801");
  await page.getByTestId("share-create").click();
  await expect(page.getByTestId("error-summary")).toContainText("604800");
  await page.getByLabel("Seconds").fill("5");
  await page.getByTestId("share-create").click();
  const url = await page.getByTestId("share-url").inputValue();
  const clean = await browser.newContext();
  const got = await clean.request.get(url);
  expect(await got.text()).toBe("bytes of file 00.txt");
  const ends = Date.parse((await page.getByTestId("share-ends").locator("time").getAttribute("datetime")) ?? "");
  expect(Math.floor(ends / 1000) * 1000).toBe(signedUntil(url));
  const status = async () => (await clean.request.get(url)).status();
  await expect.poll(status).toBe(403);
  expect(Date.now()).toBeGreaterThan(ends);
  await clean.close();
});

test("SHR-1 an upload link takes one file, under the name that it was made for", async ({ page, context, hako, bucket }) => {
  await store(context, hako, bucket, "inbox/mine.txt", "mine");
  await share(page, bucket, ["inbox/"]);
  await page.getByTestId("upload-link-create").click();
  await expect(page.getByTestId("error-summary")).toContainText("Which name");
  await page.getByLabel("Name of the file").fill("it's theirs.txt");
  await page.getByTestId("upload-link-create").click();
  const url = await page.getByTestId("upload-url").inputValue();
  const ends = await page.getByTestId("upload-ends").locator("time").getAttribute("datetime");
  expect(Math.floor(Date.parse(ends ?? "") / 1000) * 1000).toBe(signedUntil(url));
  await checkAccessibility(page);
  await checkNarrow(page);
  const line = (await page.getByTestId("upload-curl").innerText()).trim();
  const folder = mkdtempSync(join(tmpdir(), "share-"));
  const send = (text: string) => {
    writeFileSync(join(folder, "it's theirs.txt"), text);
    execFileSync("sh", ["-c", line], { cwd: folder, stdio: "ignore" });
  };
  send("first");
  expect(() => send("second")).toThrow();
  const path = `/api/v1/buckets/${bucket}/object?key=${encodeURIComponent("inbox/it's theirs.txt")}`;
  expect(await (await context.request.get(hako.console + path)).text()).toBe("first");
});

test("LNK-1 a Hako link made in the dialog opens for a visitor without scripts", async ({
  page,
  context,
  browser,
  hako,
  bucket,
}) => {
  await fill(context, hako, bucket, 1);
  await share(page, bucket, ["file 00.txt"]);
  await page.getByTestId("link-create").click();
  const url = await page.getByTestId("link-url").inputValue();
  expect(url).toContain(`${hako.console}/l/`);
  expect(await read(page)).toBe(url);
  await checkOpened(page, "share-dialog");
  await checkNarrow(page);
  const clean = await browser.newContext({ javaScriptEnabled: false });
  const visitor = await clean.newPage();
  await visitor.goto(url);
  await expect(visitor.getByTestId("page-title")).toHaveText("file 00.txt");
  const [download] = await Promise.all([
    visitor.waitForEvent("download"),
    visitor.getByTestId("shared-download").click(),
  ]);
  expect(readFileSync(await download.path(), "utf8")).toBe("bytes of file 00.txt");
  await clean.close();
});

test("LNK-2 a folder is shared so that others send files into it", async ({ page, context, browser, hako, bucket }) => {
  await store(context, hako, bucket, "inbox/mine.txt", "mine");
  await share(page, bucket, ["inbox/"]);
  await page.getByTestId("link-kind-request").check();
  await page.getByTestId("link-create").click();
  const url = await page.getByTestId("link-url").inputValue();
  const clean = await browser.newContext({ javaScriptEnabled: false });
  const visitor = await clean.newPage();
  await visitor.goto(url);
  await expect(visitor.getByText("mine.txt")).toHaveCount(0);
  await visitor.getByLabel("Files").setInputFiles([
    { name: "mine.txt", mimeType: "text/plain", buffer: Buffer.from("theirs") },
    { name: "other.txt", mimeType: "text/plain", buffer: Buffer.from("other") },
  ]);
  await visitor.getByTestId("shared-send").click();
  await expect(visitor.getByTestId("shared-stored")).toHaveText("2 files have arrived.");
  await clean.close();
  const all = await keys(context, hako, bucket);
  expect(all).toHaveLength(3);
  expect(all).toContain("inbox/other.txt");
  const mine = await context.request.get(`${hako.console}/api/v1/buckets/${bucket}/object?key=inbox%2Fmine.txt`);
  expect(await mine.text()).toBe("mine");
  await openBucket(page, bucket, "inbox/");
  await expect(page.getByTestId("file-row")).toHaveCount(3);
});
