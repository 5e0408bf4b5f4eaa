// The drawer's object lock, in front of a store that has it and that nobody here wrote.

import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { BrowserContext } from "@playwright/test";
import { checkAccessibility, checkNarrow } from "../support/looks";
import { Hako, api, expect, open, test } from "../support/test";

/** moto's server, and its address. */
async function moto(): Promise<{ process: ChildProcess; url: string }> {
  const process = spawn("moto_server", ["-H", "127.0.0.1", "-p", "0"], { stdio: ["ignore", "ignore", "pipe"] });
  const lines = createInterface({ input: process.stderr! });
  const url = await new Promise<string>((found, failed) => {
    process.on("error", failed);
    process.on("exit", () => failed(new Error("moto_server ended")));
    lines.on("line", (line) => {
      const told = /Running on (http\S+)/.exec(line);
      if (told) found(told[1]);
    });
  });
  return { process, url };
}

async function put(context: BrowserContext, hako: Hako, bucket: string, key: string): Promise<void> {
  const answer = await context.request.put(`${hako.console}/api/v1/buckets/${bucket}/object?key=${key}`, {
    data: "bytes",
    headers: { Origin: hako.console, "content-type": "text/plain" },
  });
  expect(answer.ok(), await answer.text()).toBe(true);
}

test("object lock: one way is marked, governance is bypassed with a reason, and a bucket without it shows nothing", async ({
  browser,
}) => {
  test.setTimeout(180_000);
  const store = await moto();
  const hako = await Hako.start({
    STORAGE_BACKEND: "generic",
    S3_ENDPOINT_URL: store.url,
    API_SECRET_KEY: "0123456789abcdef0123456789abcdef",
  });
  const context = await browser.newContext({ baseURL: hako.console });
  try {
    await api(context, hako, "/session", { data: { username: "AKIAMOTO", password: "a-secret-of-no-worth" } });
    const made = await fetch(`${store.url}/locked`, {
      method: "PUT",
      headers: { "x-amz-bucket-object-lock-enabled": "true" },
    });
    expect(made.ok).toBe(true);
    await api(context, hako, "/buckets", { data: { bucket: "open" } });
    for (const bucket of ["locked", "open"]) await put(context, hako, bucket, "a.txt");

    const page = await context.newPage();
    await open(page, "/buckets/open?o=a.txt&tab=retention");
    await expect(page.getByTestId("drawer-ending")).toBeVisible();
    await expect(page.getByTestId("drawer-lock")).toHaveCount(0);

    await open(page, "/buckets/locked?o=a.txt&tab=retention");
    const sentence = page.getByTestId("lock-sentence");
    await expect(sentence).toHaveText("No retention keeps this version.");
    await expect(page.getByTestId("lock-default")).toContainText("given no retention");
    const wrong = page.getByTestId("lock-form").getByTestId("error-retention");
    const year = new Date().getUTCFullYear() + 2;
    await page.getByTestId("lock-save").click();
    await expect(wrong).toContainText("Give the time first");
    await page.getByTestId("lock-until").fill(`${year}-01-01T00:00:00`);
    await page.getByTestId("lock-save").click();
    await expect(sentence).toContainText(`1 Jan ${year}, 00:00 UTC, in governance mode`);
    await checkAccessibility(page);
    await checkNarrow(page);

    // Shorter: not without a reason.
    await page.getByTestId("lock-until").fill(`${year - 1}-01-01T00:00:00`);
    await page.getByTestId("lock-save").click();
    await expect(wrong).toContainText("Give a reason first");
    await page.getByTestId("lock-lift").click();
    await expect(wrong).toContainText("Give a reason first");
    await page.getByTestId("field-lock-reason").fill("stored by mistake");
    await page.getByTestId("lock-lift").click();
    await expect(sentence).toHaveText("No retention keeps this version.");

    // For ever strict: marked, and asked about.
    await expect(page.getByTestId("one-way")).toHaveCount(0);
    await page.getByTestId("lock-mode").selectOption("COMPLIANCE");
    await expect(page.getByTestId("one-way")).toContainText("Cannot be taken back");
    await page.getByTestId("lock-until").fill(`${year}-01-01T00:00:00`);
    await page.getByTestId("lock-save").click();
    await expect(wrong).toContainText("Tick that");
    await page.getByTestId("lock-meant").check();
    await page.getByTestId("lock-save").click();
    await expect(sentence).toContainText("in compliance mode. Nobody can shorten or lift that");
    await expect(page.getByTestId("lock-lift")).toHaveCount(0);
    await page.getByTestId("lock-mode").selectOption("GOVERNANCE");
    await page.getByTestId("lock-save").click();
    await expect(wrong).toContainText("never shortened or lifted");

    await page.getByTestId("legal-hold-switch").click();
    await expect(page.getByTestId("legal-hold-state")).toHaveText("It is on hold.");
    await page.getByTestId("legal-hold-switch").click();
    await expect(page.getByTestId("legal-hold-state")).toHaveText("It is on no hold.");
  } finally {
    await context.close();
    await hako.stop();
    store.process.kill();
  }
});
