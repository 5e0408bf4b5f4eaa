// Buckets of very many objects, made in seconds: an object that was stored is copied inside the store's own
// database while the server is down. A hundred thousand uploads would take minutes and prove nothing more.

import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { BrowserContext } from "@playwright/test";
import type { Hako } from "./server";
import { store } from "./test";

const COPY = `
import sqlite3, sys
path, bucket, expression, count = sys.argv[1:5]
store = sqlite3.connect(path)
# An older SQLite than the server's knows less of what JSON may be.
store.execute("PRAGMA ignore_check_constraints = ON")
columns = [row[1] for row in store.execute("PRAGMA table_info(objects)") if row[1] not in ("id", "key")]
names = ", ".join(columns)
template, = store.execute(
    "SELECT o.id FROM objects o JOIN buckets b ON b.id = o.bucket_id WHERE b.name = ? AND o.key = ?",
    (bucket, b"seed"),
).fetchone()
store.execute(
    f"WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < {int(count)}) "
    f"INSERT INTO objects (key, {names}) SELECT CAST({expression} AS BLOB), "
    + ", ".join("o." + column for column in columns)
    + " FROM numbers, objects o WHERE o.id = ?",
    (template,),
)
store.execute("DELETE FROM objects WHERE id = ?", (template,))
store.commit()
`;

/**
 * Fills a bucket with so many empty objects; `expression` is SQL that makes the key of number `n`. The server
 * is started again, so this comes before a page is opened.
 */
export async function fill(
  context: BrowserContext,
  hako: Hako,
  bucket: string,
  count: number,
  expression: string,
): Promise<void> {
  await store(context, hako, bucket, "seed", "");
  await hako.crash();
  const [database] = (await readdir(hako.data)).filter((name) => /\.(db|sqlite3?)$/.test(name));
  await promisify(execFile)("python3", ["-c", COPY, join(hako.data, database), bucket, expression, String(count)]);
  await hako.revive();
}

/** Counts what the API lists below a prefix. */
export async function listed(context: BrowserContext, hako: Hako, bucket: string, prefix = ""): Promise<number> {
  let [count, token] = [0, ""];
  do {
    const answer = await context.request.get(`${hako.console}/api/v1/buckets/${bucket}/objects`, {
      params: { prefix, ...(token && { continuation_token: token }) },
    });
    const page = await answer.json();
    count += page.objects.length;
    token = page.next_continuation_token ?? "";
  } while (token);
  return count;
}

