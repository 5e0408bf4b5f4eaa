#!/usr/bin/env bash
# The suites for S3 once more, on a store that keeps objects as plain files, less what it cannot have
# (end2end/layout.toml). With `rust` or `clients`, that half alone.
set -euo pipefail
. "$(dirname "$0")/env.sh"
scripts/install.sh clients
export HAKO_TEST_LAYOUT=files

# A part of the table, one name a line.
table() { "$VENV/bin/python" -c '
import sys, tomllib
with open("end2end/layout.toml", "rb") as file:
    found = tomllib.load(file)[sys.argv[1]][sys.argv[2]]
print("\n".join(found))' "$@"; }

# Every test is of a suite that runs or of one that is said not to, and every name in the table is one.
complete() {
  cargo test -q -p local-hcp --test it -- --list | "$VENV/bin/python" -c '
import sys, tomllib
with open("end2end/layout.toml", "rb") as file:
    rust = tomllib.load(file)["rust"]
tests = [line.removesuffix(": test\n") for line in sys.stdin if line.endswith(": test\n")]
runs = lambda test: any(name in test for name in rust["suites"])
unnamed = {test.split("::")[0] for test in tests if not runs(test) and not any(test.startswith(name) for name in rust["others"])}
stale = [name for name in [*rust["suites"], *rust["others"], *rust["without"]] if not any(name in test for test in tests)]
if not tests or unnamed or stale:
    sys.exit(f"end2end/layout.toml: of {len(tests)} tests, in no list: {sorted(unnamed)}; names of none: {stale}")'
}

rust() {
  complete
  local suites without=() name
  mapfile -t suites < <(table rust suites)
  # What does not run has parts that are called like what does.
  while read -r name; do without+=(--skip "$name"); done < <(table rust without; table rust others)
  if cargo nextest --version >/dev/null 2>&1; then
    cargo nextest run -p local-hcp --test it --no-fail-fast -- "${suites[@]}" "${without[@]}"
  else
    cargo test -p local-hcp --test it --no-fail-fast -- "${suites[@]}" "${without[@]}"
  fi
}

clients() {
  local suites
  mapfile -t suites < <(table clients suites)
  PATH="$VENV/bin:$PATH" "$VENV/bin/python" -m pytest -q -p no:cacheprovider "${suites[@]/#/end2end/clients/}"
}

case "${1:-all}" in
  rust) rust ;;
  clients) clients ;;
  *) rust && clients ;;
esac
