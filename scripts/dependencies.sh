#!/usr/bin/env bash
# The rules on who may depend on what: deny.toml, and nothing of the server in the browser.
set -euo pipefail
. "$(dirname "$0")/env.sh"

if cargo deny --version >/dev/null 2>&1; then
  cargo deny --log-level error check bans sources
else
  python3 scripts/bans.py # the bans of deny.toml, without the tool
fi

tree=$(cargo tree --locked -p frontend --target wasm32-unknown-unknown -e normal --prefix none)
if found=$(grep -E '^(tokio|hyper|axum|rusqlite|reqwest|utoipa) ' <<<"$tree"); then
  say "The browser's side depends on:" "$found"
  exit 1
fi
