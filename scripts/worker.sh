#!/usr/bin/env bash
# Builds the worker of checksums into public/worker, from where cargo-leptos takes it into the site: what
# lies beside the site's own package is emptied at each of its builds. Names carry a hash of the content,
# as those of the package do.
set -euo pipefail
. "$(dirname "$0")/env.sh"

build=target/front/wasm32-unknown-unknown/worker
made=$build/checksum
site=public/worker

# Without vector instructions, which gain none of the three algorithms anything.
cargo build --package checksum --lib --profile worker \
  --target wasm32-unknown-unknown --target-dir target/front

# hashed FILE EXTENSION: its name in the site.
hashed() { printf 'checksum.%s.%s' "$(sha256sum "$1" | cut -c 1-16)" "$2"; }

rm -rf "$made" && mkdir -p "$made"
wasm-bindgen --target web --no-typescript --out-dir "$made" "$build/checksum.wasm"
wasm-opt -O3 --enable-bulk-memory --enable-nontrapping-float-to-int \
  -o "$made/checksum.wasm" "$made/checksum_bg.wasm"
wasm=$(hashed "$made/checksum.wasm" wasm)
sed "s/checksum_bg\.wasm/$wasm/" "$made/checksum.js" | cat - checksum/worker.js >"$made/worker.js"
grep -q "$wasm" "$made/worker.js" || { say "The worker's script does not name $wasm."; exit 1; }

rm -rf "$site" && mkdir -p "$site"
cp "$made/checksum.wasm" "$site/$wasm"
cp "$made/worker.js" "$site/$(hashed "$made/worker.js" js)"
