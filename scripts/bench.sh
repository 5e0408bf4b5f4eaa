#!/usr/bin/env bash
# Measures on a release build; prints its result.
set -euo pipefail
. "$(dirname "$0")/env.sh"
scripts/build.sh --release --precompress
scripts/install.sh chrome

CHROME_BIN=$(find_chrome) HAKO_BIN=target/release/hako \
  exec playwright test --config bench/playwright.config.ts "$@"
