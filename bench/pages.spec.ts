// The pages as Lighthouse (desktop preset) sees them, and what the first of them costs: medians of the rounds.

import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { withFolder } from "../end2end/support/files";
import { expect, signInByApi, store, test } from "../end2end/support/test";

/** Fetched when it is needed, because its dependencies outweigh all others of the tests. */
const LIGHTHOUSE = "lighthouse@13.5.0";
const ROUNDS = Number(process.env.ROUNDS ?? 5);
const CATEGORIES = ["performance", "accessibility", "best-practices"];
const FILES = 200;

type Report = {
  categories: Record<string, { score: number }>;
  audits: Record<string, { numericValue?: number; details?: { items: { url: string; transferSize: number }[] } }>;
};

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

test("Lighthouse: buckets and a folder", async ({ context, hako, bucket }) => {
  await signInByApi(context, hako);
  for (let at = 0; at < FILES; at += 1) await store(context, hako, bucket, `folder/file-${at}.txt`, "x");
  const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  await withFolder(async (folder) => {
    const headers = join(folder, "headers.json");
    await writeFile(headers, JSON.stringify({ Cookie: cookie }));
    for (const path of ["/buckets", `/buckets/${bucket}?prefix=folder%2F`]) {
      const reports: Report[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const output = join(folder, "report.json");
        await promisify(execFile)("npx", [
          "--yes", LIGHTHOUSE, hako.console + path,
          "--preset=desktop", "--quiet", "--output=json", `--output-path=${output}`, `--extra-headers=${headers}`,
          `--only-categories=${CATEGORIES.join(",")}`, "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
        ], { env: { ...process.env, CHROME_PATH: process.env.CHROME_BIN }, maxBuffer: 64 * 1024 * 1024 });
        reports.push(JSON.parse(await readFile(output, "utf8")));
      }
      const scores = CATEGORIES.map((name) => {
        const rounds = reports.map((report) => Math.round(report.categories[name].score * 100));
        return `${name} ${median(rounds)} (${rounds.join(" ")})`;
      });
      const timing = (name: string) => median(reports.map((report) => report.audits[name].numericValue ?? 0)).toFixed(0);
      const requests = reports[0].audits["network-requests"].details!.items;
      const code = requests.filter(({ url }) => /\.(wasm|js)(\?|$)/.test(url));
      const bytes = code.reduce((sum, { transferSize }) => sum + transferSize, 0);
      const shown = path.replace(bucket, "…");
      console.log(`${shown}: ${scores.join(", ")}`);
      console.log(`${shown}: first paint ${timing("first-contentful-paint")} ms, largest ${timing("largest-contentful-paint")} ms, blocked ${timing("total-blocking-time")} ms, ${bytes} bytes of WASM and JS in ${code.length} files`);
      expect(reports).toHaveLength(ROUNDS);
    }
  });
});
