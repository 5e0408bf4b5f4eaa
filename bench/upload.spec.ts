// Upload rate of one large file by the console in a browser, against `curl -T` of the same file to
// the same store. Both in one run, taking turns, so that the machine's mood hits both.

import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { MB, drop, randomFile, withFolder } from "../end2end/support/files";
import { api, openBucket, test, uploadState } from "../end2end/support/test";

const SIZE = 300 * MB;
const ROUNDS = 5;

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** MB per second of each round, and the middle one. */
function rates(seconds: number[]): string {
  const all = seconds.map((s) => (SIZE / MB / s).toFixed(0)).join(" ");
  return `${(SIZE / MB / median(seconds)).toFixed(0)} MB/s (rounds: ${all})`;
}

async function curl(file: string, url: string): Promise<number> {
  const { stdout } = await promisify(execFile)("curl", [
    ...["--silent", "--show-error", "--fail", "--output", "/dev/null"],
    ...["--write-out", "%{time_total}", "--upload-file", file, url],
  ]);
  return Number(stdout);
}

test("a 300 MB file", async ({ page, context, hako, bucket }) => {
  await withFolder(async (folder) => {
    const inBrowser: number[] = [];
    const byCurl: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const key = `round-${round}.bin`;
      const file = join(folder, key);
      await randomFile(file, SIZE);

      const wish = { bucket, key: `curl/${key}`, method: "put_object" };
      const signed = (await api(context, hako, "/presign", { data: wish })) as { url: string };
      byCurl.push(await curl(file, signed.url));

      await openBucket(page, bucket, "browser/");
      // From the drop to the store's last word, planning and completing included.
      const began = performance.now();
      await drop(page, file);
      await uploadState(page, `browser/${key}`, "done", 300_000);
      inBrowser.push((performance.now() - began) / 1000);
    }
    const ratio = median(byCurl) / median(inBrowser);
    console.log(`\n300 MB upload, median of ${ROUNDS}`);
    console.log(`  browser  ${rates(inBrowser)}`);
    console.log(`  curl -T  ${rates(byCurl)}`);
    console.log(`  ratio    ${ratio.toFixed(2)} of curl's rate`);
  });
});
