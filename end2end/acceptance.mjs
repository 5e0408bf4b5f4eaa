// Checks acceptance.json: each line of the acceptance lists either holds, with the tests that show it, or does not
// yet, with the reason. A test that is named must be there, must run, and carries the line's id in its title.
//
//   node end2end/acceptance.mjs            checks
//   node end2end/acceptance.mjs --report   also tells what does not hold yet

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = dirname(HERE);

/** How many lines each list has. */
const LISTS = { ALL: 14, AUTH: 12, FRM: 9, BKT: 10, FIL: 30, DRW: 11, UPL: 32, VER: 2, MPU: 2, COR: 3, ACC: 1, USE: 1, SET: 1, JOB: 3, TRF: 1, SRC: 6, AUD: 4, SHR: 3, LNK: 2, CRD: 4, SYS: 4, REP: 3, ECT: 1, LOG: 1, HLT: 1, SUP: 1 };

/** The browser tests, as the runner knows them: `file: title` to whether it runs. */
function browserTests() {
  const found = new Map();
  for (const [config, folder] of [["end2end/playwright.config.ts", "end2end/tests"], ["bench/playwright.config.ts", "bench"]]) {
    const listed = execFileSync("playwright", ["test", "--config", config, "--list", "--reporter=json"], {
      cwd: ROOT,
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
    });
    const walk = (suite) => {
      for (const spec of suite.specs ?? []) {
        const runs = spec.tests.some((test) => test.expectedStatus !== "skipped");
        found.set(`${folder}/${spec.file}: ${spec.title}`, runs);
      }
      (suite.suites ?? []).forEach(walk);
    };
    JSON.parse(listed).suites.forEach(walk);
  }
  return found;
}

/** Whether a Rust file has this test with the id in the lines above it; undefined where there is no such test. */
function rustTest(file, name, id) {
  const source = readFileSync(join(ROOT, file), "utf8");
  const at = source.search(new RegExp(`#\\[(tokio::)?test[^\\]]*\\]\\s+(async )?fn ${name}\\(`));
  if (at < 0) return undefined;
  const above = source.slice(0, at).split("\n").slice(-4).join("\n");
  return !source.slice(at, at + 200).includes("#[ignore") && new RegExp(`\\b${id}\\b`).test(above);
}

/** Whether a Python test with this name has the id in the lines above it; undefined where there is no such test. */
function pythonTest(file, name, id) {
  const source = readFileSync(join(ROOT, file), "utf8");
  const at = source.search(new RegExp(`^def ${name}\\(`, "m"));
  if (at < 0) return undefined;
  const above = source.slice(0, at).split("\n").slice(-5).join("\n");
  return new RegExp(`\\b${id}\\b`).test(above);
}

const lines = JSON.parse(readFileSync(join(HERE, "acceptance.json"), "utf8"));
const tests = browserTests();
const problems = [];
const ids = Object.entries(LISTS).flatMap(([list, count]) => Array.from({ length: count }, (_, at) => `${list}-${at + 1}`));
for (const id of ids.filter((id) => !(id in lines))) problems.push(`${id} is missing`);
for (const [id, line] of Object.entries(lines)) {
  if (!ids.includes(id)) problems.push(`${id} is on no list`);
  if (line.state === "not yet") {
    if (!line.why) problems.push(`${id} does not say why not`);
    continue;
  }
  if (line.state !== "holds") problems.push(`${id} neither holds nor does not`);
  if (!line.tests?.length) problems.push(`${id} names no test`);
  for (const { file, title } of line.tests ?? []) {
    const name = `${file}: ${title}`;
    const other = file.endsWith(".rs") ? rustTest : file.endsWith(".py") ? pythonTest : undefined;
    const runs = other ? other(file, title, id) : tests.get(name);
    if (runs === undefined) problems.push(`${id}: there is no ${name}`);
    else if (!runs) problems.push(`${id}: ${name} ${other ? "is ignored, or carries no id" : "is skipped"}`);
    if (!other && !new RegExp(`\\b${id}\\b`).test(title)) problems.push(`${id}: ${name} does not carry the id`);
  }
}

const open = Object.entries(lines).filter(([, line]) => line.state === "not yet");
if (process.argv.includes("--report")) for (const [id, line] of open) console.log(`${id}: ${line.why}`);
console.log(`${ids.length - open.length} of ${ids.length} lines hold`);
if (problems.length > 0) {
  console.error(problems.join("\n"));
  process.exit(1);
}
