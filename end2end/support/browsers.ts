// The browsers that tests run in: the headless shell, which is Chromium without all that is around the page and so
// takes a third less of the processor; and the whole browser, for what the shell has not (the viewer of PDF, keeping
// the screen on).

import type { LaunchOptions } from "@playwright/test";

const ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const CHROME = process.env.CHROME_BIN ?? "/usr/bin/chromium";

export const WHOLE: LaunchOptions = { executablePath: CHROME, args: ARGS };

export const SHELL: LaunchOptions = { executablePath: process.env.SHELL_BIN || CHROME, args: ARGS };
