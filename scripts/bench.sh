#!/usr/bin/env bash
# Measures release builds. Named measurements (put get small list memory api stream zip management search browser pages) or
# all of them; other arguments go to all but `browser` and `pages`: `--help` tells them.
set -euo pipefail
. "$(dirname "$0")/env.sh"

browser=
store=
for argument in "$@"; do
  case $argument in
    browser) browser+=' upload' ;;
    pages) browser+=' pages scroll' ;;
    put | get | small | list | memory | api | stream | zip | management | search | --help) store=1 ;;
  esac
done
[ -n "$browser$store" ] || { browser=' upload pages scroll' store=1; }

# Uploads in the browser against a plain client; the pages by Lighthouse, and a long one scrolled.
if [ -n "$browser" ]; then
  scripts/build.sh --release --precompress
  scripts/install.sh chrome
  cargo build --release --package store-bench
  # shellcheck disable=SC2086 # the names of files, one word each
  CHROME_BIN=$(find_chrome) HAKO_BIN=target/release/hako \
    playwright test --config bench/playwright.config.ts $browser
fi

# The store and the API against plain programs and, as PEER_S3_URL and PEER_API_URL, others.
if [ -n "$store" ]; then
  scripts/install.sh rust strace
  # Two commands: together, the bench's features would be the program's as well.
  [ -n "$browser" ] || cargo build --release --package server --bin hako
  cargo build --release --package store-bench
  arguments=()
  for argument in "$@"; do
    case $argument in browser | pages) ;; *) arguments+=("$argument") ;; esac
  done
  target/release/store-bench --hako target/release/hako "${arguments[@]}"
fi
