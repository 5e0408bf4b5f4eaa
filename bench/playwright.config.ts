import { defineConfig } from "@playwright/test";
import tests from "../end2end/playwright.config";

// Measures with the browser of the tests, one thing at a time.
export default defineConfig(tests, {
  testDir: ".",
  outputDir: "../end2end/test-results",
  workers: 1,
  timeout: 900_000,
  use: { trace: "off", screenshot: "off" },
});
