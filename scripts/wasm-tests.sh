#!/usr/bin/env bash
# Compiles the tests of the console's browser modules, which end2end/tests/browser-modules.spec.ts runs in
# a browser: a driver for it, as wasm-bindgen's runner wants one, is not needed then.
set -euo pipefail
. "$(dirname "$0")/env.sh"

tests=target/front/app-tests.wasm
made=$(RUSTFLAGS=$SPLIT_RUSTFLAGS cargo test --package app --features hydrate --lib --no-run --message-format json-render-diagnostics \
  --target wasm32-unknown-unknown --target-dir target/front --profile wasm-dev |
  sed -n 's/.*"executable":"\([^"]*\.wasm\)".*/\1/p' | tail -1)
[ -n "$made" ] || { say "The tests of the browser modules were not made."; exit 1; }
cmp -s "$made" "$tests" || cp "$made" "$tests"
