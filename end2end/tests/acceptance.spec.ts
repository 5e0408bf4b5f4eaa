// What the upload manager promises, line by line, and the test that proves it: acceptance.json names them.

import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "@playwright/test";

const ROOT = resolve(__dirname, "../..");

/** A test by its file and title, or why a line has none. */
type Proof = { file: string; title: string } | { why: string };

/** Whether a file has this test, and runs it. */
function has(file: string, title: string): boolean {
  const source = readFileSync(join(ROOT, file), "utf8");
  if (file.endsWith(".rs")) return source.includes(`#[test]\nfn ${title}()`);
  const lines = source.split("\n").map((line) => line.trimStart());
  return ['"', "`"].some((quote) => lines.some((line) => line.startsWith(`test(${quote}${title}${quote},`)));
}

test("every line has its proof, and every proof is a test that there is", () => {
  const lines: Record<string, Proof[]> = JSON.parse(readFileSync(join(ROOT, "end2end/acceptance.json"), "utf8"));
  const missing: string[] = [];
  for (const [line, proofs] of Object.entries(lines)) {
    expect(line).toMatch(/^UPL-([1-9]|[12]\d|3[0-2])$/);
    expect(proofs.length, line).toBeGreaterThan(0);
    for (const proof of proofs) {
      if ("why" in proof) expect(proof.why, line).not.toBe("");
      else if (!has(proof.file, proof.title)) missing.push(`${line}: ${proof.file}: ${proof.title}`);
    }
  }
  expect(missing).toEqual([]);
});
