import { defineConfig } from "@playwright/test";
import { SHELL } from "./support/browsers";

const ci = !!process.env.CI;

// Each worker starts a server of its own (support/server.ts), so nothing is shared but the build.
export default defineConfig({
  testDir: "./tests",
  outputDir: "./test-results",
  forbidOnly: ci,
  workers: 2,
  // A machine that others share may take a breath; nothing waits longer than it has to.
  timeout: ci ? 120_000 : 60_000,
  expect: { timeout: ci ? 30_000 : 10_000 },
  // What passes only when repeated is listed as flaky, and is to be mended.
  retries: ci ? 1 : 0,
  reporter: "list",
  use: {
    browserName: "chromium",
    // Recording a trace takes as much of the processor as the page under test: `--trace on` when one is wanted.
    trace: "off",
    screenshot: "only-on-failure",
    launchOptions: SHELL,
  },
});
