// What the upload manager stands on in the browser: the worker of checksums by its public address, and
// the modules of app/src/upload by their own tests, which scripts/wasm-tests.sh compiles.

import { createHash } from "node:crypto";
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { chromium, expect as check, test as plain } from "@playwright/test";
import { WHOLE } from "../support/browsers";
import { MB } from "../support/files";
import { expect, Page, test } from "../support/test";

const ROOT = resolve(__dirname, "../..");

type Reply = { id: number; value?: string; done?: number; error?: string };

/** Posts jobs to a new worker and collects what it says until all are over. */
async function ask(page: Page, bytes: number, jobs: object[], cancel?: number): Promise<Reply[]> {
  return page.evaluate(
    async ({ bytes, jobs, cancel }) => {
      const script = document.querySelector("meta[name=checksum-worker]")!.getAttribute("content")!;
      const worker = new Worker(script, { type: "module" });
      // The same bytes as `content` makes.
      const content = new Uint8Array(bytes);
      for (let at = 0; at < bytes; at++) content[at] = (at * 31 + (at >> 8)) & 255;
      const file = new Blob([content]);
      const replies: Reply[] = [];
      let left = jobs.length - (cancel === undefined ? 0 : 1);
      const over = new Promise<void>((done, fail) => {
        worker.onerror = (event) => fail(new Error(event.message));
        worker.onmessage = ({ data }) => {
          replies.push(data);
          if (data.id === cancel && data.done) worker.postMessage({ id: cancel, cancel: true });
          if (data.value !== undefined || data.error) left -= 1;
          if (left === 0) done();
        };
      });
      // At once, before the worker's code is there.
      for (const job of jobs) worker.postMessage({ file, start: 0, end: bytes, ...job });
      await over;
      worker.terminate();
      return replies;
    },
    { bytes, jobs, cancel },
  );
}

function content(bytes: number): Buffer {
  const content = Buffer.alloc(bytes);
  for (let at = 0; at < bytes; at++) content[at] = (at * 31 + (at >> 8)) & 255;
  return content;
}

function crc32c(bytes: Buffer): string {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
  }
  const out = Buffer.alloc(4);
  out.writeUInt32BE((crc ^ 0xffffffff) >>> 0);
  return out.toString("base64");
}

test("the worker computes what others compute, of parts and of whole files", async ({ page }) => {
  await page.goto("/sign-in");
  const size = 9 * MB + 5;
  const [start, end] = [3 * MB + 1, 8 * MB + 2];
  const replies = await ask(page, size, [
    { id: 1, algorithm: "CRC32C", start, end },
    { id: 2, algorithm: "MD5", start, end },
    { id: 3, algorithm: "SHA256" },
    { id: 4, algorithm: "MD5", end: 0 },
  ]);
  const part = content(size).subarray(start, end);
  const value = (id: number) => replies.find((reply) => reply.id === id && reply.value)?.value;
  expect(value(1)).toBe(crc32c(part));
  expect(value(2)).toBe(createHash("md5").update(part).digest("base64"));
  expect(value(3)).toBe(createHash("sha256").update(content(size)).digest("hex"));
  expect(value(4)).toBe("1B2M2Y8AsgTpgAmY7PhCfg==");
  const done = replies.filter((reply) => reply.id === 3 && reply.done).map((reply) => reply.done);
  expect(done).toEqual([4 * MB, 8 * MB]);
});

test("the worker refuses what it cannot read or does not know, and ends what is cancelled", async ({ page }) => {
  await page.goto("/sign-in");
  const replies = await ask(page, 10, [
    { id: 1, algorithm: "CRC32C", end: 11 },
    { id: 2, algorithm: "CRC32C", start: 5, end: 4 },
    { id: 3, algorithm: "CRC64NVME" },
    { id: 4, algorithm: "MD5", file: "not a file" },
  ]);
  const error = (id: number) => replies.find((reply) => reply.id === id)?.error;
  expect([1, 2, 3, 4].map(error)).toEqual(["unreadable", "unreadable", "unknown", "unknown"]);

  // The second is done when the first would be long: nothing more was said of that.
  const jobs = [
    { id: 1, algorithm: "SHA256" },
    { id: 2, algorithm: "SHA256" },
  ];
  const of = (replies: Reply[], id: number) => replies.filter((reply) => reply.id === id);
  const cancelled = await ask(page, 64 * MB, jobs, 1);
  expect(of(cancelled, 2).at(-1)?.value).toBeTruthy();
  expect(of(cancelled, 1).some((reply) => reply.value)).toBe(false);
  expect(of(cancelled, 1).length).toBeLessThan(8);
});

test("the worker is fetched when it is first needed, and kept", async ({ page }) => {
  const fetched: string[] = [];
  page.on("response", (answer) => {
    if (answer.url().includes("/worker/")) fetched.push(answer.headers()["cache-control"]);
  });
  await page.goto("/sign-in");
  await expect(page.locator("body")).toHaveAttribute("data-hydrated", "true");
  expect(fetched).toEqual([]);
  await ask(page, 1, [{ id: 1, algorithm: "MD5" }]);
  expect(fetched.length).toBeGreaterThan(0);
  for (const policy of fetched) expect(policy).toBe("public, max-age=31536000, immutable");
});

const UNIT_TESTS = resolve(ROOT, "target/front/app-tests.wasm");

/** An import map for the code that comes by itself: the tests are linked with calls of it, and make none. */
function importMap(): string {
  const compiled = new WebAssembly.Module(readFileSync(UNIT_TESTS));
  const parts = WebAssembly.Module.imports(compiled).filter(({ module }) => module === "__wasm_split_placeholder__");
  const script = parts.map(({ name }) => `export function ${name}() { throw new Error("${name} is not here"); }`).join("");
  const imports = { __wasm_split_placeholder__: `data:text/javascript,${encodeURIComponent(script)}` };
  return `<script type="importmap">${JSON.stringify({ imports })}</script>`;
}

/** Serves the compiled tests until the block is over. */
async function withUnitTests(work: (address: string) => Promise<void>): Promise<void> {
  const runner = spawn("wasm-bindgen-test-runner", [UNIT_TESTS], {
    cwd: resolve(ROOT, "public"), // where the worker is
    env: {
      ...process.env,
      NO_HEADLESS: "1",
      WASM_BINDGEN_TEST_ADDRESS: "127.0.0.1:0",
      WASM_BINDGEN_TEST_NO_ORIGIN_ISOLATION: "1",
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const address = await new Promise<string>((done, fail) => {
      runner.once("error", fail);
      runner.once("exit", (status) => fail(new Error(`the runner ended with ${status}`)));
      createInterface(runner.stdout).on("line", (line) => {
        const found = line.match(/http:\/\/[\d.:]+/);
        if (found) done(found[0]);
      });
    });
    await work(address);
  } finally {
    runner.kill();
  }
}

plain("the modules pass their own tests", async () => {
  plain.setTimeout(180_000);
  const worker = readdirSync(resolve(ROOT, "public/worker")).find((name) => name.endsWith(".js"));
  // The shell keeps no screen on.
  await using browser = await chromium.launch(WHOLE);
  const page = await browser.newPage();
  await page.addInitScript((script) => {
    // The runner puts a script of its own before each worker's, and what is posted meanwhile is lost.
    const Genuine = window.Worker;
    const worker = function (...given: ConstructorParameters<typeof Worker>) {
      return new Genuine(...given);
    };
    Object.defineProperty(window, "Worker", { get: () => worker, set: () => {} });
    // What the server writes into the console's pages.
    document.addEventListener("readystatechange", () => {
      if (document.querySelector("meta[name=checksum-worker]")) return;
      const meta = document.createElement("meta");
      meta.name = "checksum-worker";
      meta.content = script;
      document.head.append(meta);
    });
  }, `/worker/${worker}`);
  await withUnitTests(async (address) => {
    await page.route(`${address}/`, async (route) => {
      const response = await route.fetch();
      const body = (await response.text()).replace("<head>", `<head>${importMap()}`);
      check(body).toContain("importmap");
      await route.fulfill({ response, body });
    });
    // What cannot be loaded would be waited for in vain.
    const broken = new Promise<never>((_, fail) => page.on("pageerror", fail));
    broken.catch(() => {});
    await page.goto(address);
    const output = page.locator("#output");
    await Promise.race([broken, check(output).toContainText(/test result: \w+/, { timeout: 150_000 })]);
    const text = (await output.textContent()) ?? "";
    check(text).toMatch(/test result: ok\. [1-9]\d* passed; 0 failed/);
    for (const module of ["checksum", "environment", "journal", "locks", "walk"]) {
      check(text, "a module has lost its tests").toContain(`upload::${module}::`);
    }
  });
});
