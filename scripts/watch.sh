#!/usr/bin/env bash
# Serves a debug build with demo content and rebuilds it on every change.
set -euo pipefail
. "$(dirname "$0")/env.sh"
scripts/install.sh leptos node

scripts/worker.sh # once: a change of the worker wants a new start
exec cargo leptos watch --split -- serve --demo
