#!/usr/bin/env bash
# Holds the release build to its budget: what a browser loads before the console is interactive.
set -euo pipefail
. "$(dirname "$0")/env.sh"

# Bytes of JavaScript and WASM, as brotli, until the object browser is alive. The goal is 260 KB.
LIMIT=502000

# The same for whatever a browser may fetch in all: pages, dialogs, the upload manager.
TOTAL_LIMIT=2500000

# The worker of checksums, which is fetched with the first upload.
WORKER_LIMIT=40960

# hold NAME LIMIT FILE…: counts the files against their limit.
hold() {
  local name=$1 limit=$2 total=0 file compressed
  shift 2
  for file in "$@"; do
    [ -f "$file.br" ] || { say "$file has no brotli twin: not a precompressed release build?"; exit 1; }
    compressed=$(stat -c %s "$file.br")
    total=$((total + compressed))
    printf '%10d bytes raw %9d brotli  %s\n' "$(stat -c %s "$file")" "$compressed" "$(basename "$file")"
  done
  printf '%10s %19d brotli of %d allowed\n' "$name" "$total" "$limit"
  [ "$total" -gt 0 ] && [ "$total" -le "$limit" ] || { say "The site is over its budget: $name."; exit 1; }
}

hold 'first load' "$LIMIT" target/site/pkg/{hako.*.js,hako.*.wasm,__wasm_split.*.js}
hold 'in all' "$TOTAL_LIMIT" target/site/pkg/*.{js,wasm}
hold worker "$WORKER_LIMIT" target/site/worker/*.{js,wasm}
