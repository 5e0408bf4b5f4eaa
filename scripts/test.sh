#!/usr/bin/env bash
# Every check, cheap ones first, stopping at the first that fails. `test.sh lint` stops after the lints.
set -euo pipefail
. "$(dirname "$0")/env.sh"

logs=$(mktemp -d)
began=$SECONDS
current=start
times=
ran_tests=

# step NAME COMMAND…: runs it, keeps its output for the count, tells how long it took.
step() {
  current=$1
  shift
  local start=$SECONDS
  printf '\n==> %s\n' "$current"
  "$@" 2>&1 | tee "$logs/${current// /-}.log"
  times+=$(printf '%6d s  %s' $((SECONDS - start)) "$current")$'\n'
}

# The sum of the numbers that stand before a word in the runners' closing lines.
count() {
  sed 's/\x1b\[[0-9;]*m//g' "$logs"/*.log |
    { grep -E '^( *Summary \[|test result: | *[0-9]+ (passed|failed|skipped|flaky))' || true; } |
    { grep -oE "[0-9]+ $1" || true; } | awk '{sum += $1} END {print sum + 0}'
}

finish() {
  local status=$?
  printf '\n%s%6d s  in all\n' "$times" $((SECONDS - began))
  [ -z "$ran_tests" ] ||
    printf '%d passed, %d failed, %d skipped\n' "$(count passed)" "$(count failed)" "$(count skipped)"
  [ "$status" = 0 ] || printf 'FAILED at: %s\n' "$current"
  rm -rf "$logs"
}
trap finish EXIT

shell_scripts() {
  if have shellcheck; then shellcheck -x -P scripts scripts/*.sh .ci/run; else
    for file in scripts/*.sh .ci/run; do bash -n "$file"; done
  fi
}

# The workspace without the crate that only builds for the browser.
native=(--workspace --exclude frontend)

clippy_browser() {
  # Directory, profile and flags of cargo-leptos, so that macros and build scripts compile once.
  RUSTFLAGS=$SPLIT_RUSTFLAGS cargo clippy --package frontend --lib --target wasm32-unknown-unknown \
    --target-dir target/front --profile wasm-dev -- -D warnings
}

# Unit and integration tests. nextest runs no examples in documentation; there are few, and
# `cargo test` has them.
rust_tests() {
  # Some drive programs of the clients' environment.
  local PATH="$VENV/bin:$PATH"
  if cargo nextest --version >/dev/null 2>&1; then
    cargo nextest run "${native[@]}" --no-fail-fast
  else
    cargo test "${native[@]}" --no-fail-fast
  fi
}

# The server as the tests have compiled it, for the clients.
debug_build() { cargo build "${native[@]}" --bins --tests; }

# The site as people get it: a browser runs optimised code so much faster that this and the tests after it take less
# time than with a debug build. The server stays as it is: optimising it takes minutes and changes nothing it does.
released_site() {
  scripts/build.sh --release --precompress --frontend-only
  # The names of the site's files, for the program beside it.
  cp target/release/hash.txt target/debug/
  scripts/budget.sh
}

step 'tools' scripts/install.sh leptos node
step 'format' cargo fmt --all --check
step 'scripts' shell_scripts
step 'dependency rules' scripts/dependencies.sh
step 'clippy, server' cargo clippy "${native[@]}" --all-targets -- -D warnings
step 'clippy, browser' clippy_browser
[ "${1:-}" != lint ] || exit 0

step 'test tools' scripts/install.sh chrome clients redis
ran_tests=1
step 'rust tests' rust_tests
step 'debug build' debug_build
step 'released site' released_site
step 'clients' scripts/clients.sh
step 'plain files' scripts/layout.sh
step 'acceptance lists' node end2end/acceptance.mjs
step 'browser tests' scripts/e2e.sh
