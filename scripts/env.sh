# shellcheck shell=bash
# Sourced by the other scripts: goes to the root of the workspace and finds the tools.
#
# The cache folder holds tools, packages and (for CI) build results. It is HAKO_CACHE, else
# ${XDG_CACHE_HOME:-~/.cache}/hako, and is used when it exists; without it tools go to ~/.cargo/bin
# and the Python packages to ./.venv.

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit

CACHE=${HAKO_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/hako}
if [ -d "$CACHE" ] && [ -w "$CACHE" ]; then CACHE=$(cd "$CACHE" && pwd); else CACHE=; fi

command -v cargo >/dev/null || export PATH="${CARGO_HOME:-$HOME/.cargo}/bin:$PATH"
export PATH="$PWD/node_modules/.bin:${CACHE:+$CACHE/tools/bin:}$PATH"
[ -z "$CACHE" ] || export npm_config_cache="$CACHE/npm"
VENV=${CACHE:+$CACHE/venv}
VENV=${VENV:-$PWD/.venv}

# What cargo-leptos compiles the browser's half with, to split it into chunks. Others who compile it so share its
# results.
SPLIT_RUSTFLAGS='--cfg erase_components --cfg web_sys_unstable_apis -Clink-args=--emit-relocs'

# cargo-leptos names the site's files by this while it compiles, the server while it runs.
export LEPTOS_OUTPUT_NAME=hako

say() { printf '%s\n' "$*" >&2; }

have() { command -v "$1" >/dev/null 2>&1; }

# Runs a command without its output, unless it fails.
quietly() {
  local log status=0
  log=$(mktemp)
  "$@" >"$log" 2>&1 </dev/null || status=$?
  if [ "$status" != 0 ]; then
    cat "$log" >&2
    say "failed with status $status: $*"
  fi
  rm -f "$log"
  return "$status"
}

# Chromium without all that is around the page, where there is one.
find_shell() {
  local name
  for name in "${SHELL_BIN:-}" chromium-headless-shell chrome-headless-shell; do
    if [ -n "$name" ] && have "$name"; then
      command -v "$name"
      return
    fi
  done
  return 1
}

# The first browser that can run the tests.
find_chrome() {
  local name
  for name in "${CHROME_BIN:-}" chromium chromium-browser google-chrome google-chrome-stable chrome; do
    if [ -n "$name" ] && have "$name"; then
      command -v "$name"
      return
    fi
  done
  return 1
}
