#!/usr/bin/env bash
# Runs the browser tests against what scripts/build.sh built; the arguments go to Playwright.
set -euo pipefail
. "$(dirname "$0")/env.sh"
scripts/install.sh leptos node chrome clients
scripts/wasm-tests.sh

# The command lines that the console shows are run as they are.
shell=$(find_shell || true)
PATH="$PATH:$VENV/bin" CHROME_BIN=$(find_chrome) SHELL_BIN=$shell exec playwright test --config end2end/playwright.config.ts "$@"
