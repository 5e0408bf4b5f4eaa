#!/usr/bin/env bash
# Builds server and site; the arguments go to cargo-leptos (none: a debug build).
set -euo pipefail
. "$(dirname "$0")/env.sh"
scripts/install.sh leptos node

scripts/worker.sh
cargo leptos build --split "$@"
