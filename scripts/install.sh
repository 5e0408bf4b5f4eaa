#!/usr/bin/env bash
# Installs what is missing of: make rust leptos node chrome clients redis strace. Quiet when nothing is.
set -euo pipefail
. "$(dirname "$0")/env.sh"

CARGO_LEPTOS=0.3.10

# Debian packages, where this is Debian and we may.
apt_install() {
  have apt-get || return 1
  local root=()
  if [ "$(id -u)" != 0 ]; then
    sudo -n true 2>/dev/null || return 1
    root=(sudo -n)
  fi
  say "Installing $* from the distribution"
  quietly "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq &&
    quietly "${root[@]}" env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y -qq --no-install-recommends "$@"
}

need() { # need PROGRAM PACKAGE: by apt, else tell
  have "$1" || apt_install "$2" || { say "Hako's build needs \`$1\` (package $2): please install it."; exit 1; }
}

# optional NAME PROGRAM PACKAGE: by apt unless HAKO_TEST_WITHOUT names it. Its absence is the test's
# affair: that fails, with the package's name.
optional() {
  [[ ,${HAKO_TEST_WITHOUT:-}, == *,$1,* ]] || have "$2" || apt_install "$3" || true
}

install_make() { need make make; }

install_rust() {
  need cc build-essential
  if ! have rustup; then
    have cargo || { say "Hako's build needs Rust: see https://rustup.rs"; exit 1; }
    return # a toolchain of the distribution: cargo will say what does not fit
  fi
  # rust-toolchain.toml names version, components and target.
  if ! rustup target list --installed 2>/dev/null | grep -qx wasm32-unknown-unknown ||
    ! cargo clippy --version >/dev/null 2>&1 || ! cargo fmt --version >/dev/null 2>&1; then
    say "Installing the Rust toolchain that rust-toolchain.toml names"
    quietly rustup toolchain install || quietly rustup show # rustup before 1.28
    quietly rustup target add wasm32-unknown-unknown
  fi
}

# The version that a program prints as its last word.
version_of() { { "$@" 2>/dev/null || true; } | awk 'NR == 1 {print $NF}'; }

cargo_install() { quietly cargo install --force ${CACHE:+--root "$CACHE/tools"} "$@"; }

install_leptos() {
  install_rust
  if [ "$(version_of cargo leptos --version)" != "$CARGO_LEPTOS" ]; then
    say "Installing cargo-leptos $CARGO_LEPTOS (once, about 10 minutes)"
    # Without link-time optimisation: half the time, and fast enough for a build tool.
    CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
      CARGO_PROFILE_RELEASE_OPT_LEVEL=1 \
      cargo_install "cargo-leptos@$CARGO_LEPTOS" --locked --features no_downloads
  fi
  # The command must equal the crate.
  local bindgen
  bindgen=$(awk '$0 == "name = \"wasm-bindgen\"" {getline; gsub(/[^0-9.]/, ""); print}' Cargo.lock)
  if [ "$(version_of wasm-bindgen --version)" != "$bindgen" ]; then
    say "Installing wasm-bindgen $bindgen (once, about 3 minutes)"
    CARGO_RESOLVER_INCOMPATIBLE_RUST_VERSIONS=fallback cargo_install "wasm-bindgen-cli@$bindgen"
  fi
}

install_node() {
  have npm || { say "Hako's build needs node 20 or later with npm: see https://nodejs.org"; exit 1; }
  local stamp=node_modules/.hako-lock
  if ! cmp -s package-lock.json "$stamp"; then
    say "Installing the npm packages"
    quietly npm ci --no-audit --no-fund
    cp package-lock.json "$stamp"
  fi
}

install_chrome() {
  find_chrome >/dev/null || apt_install chromium || true
  # Not every system has it; the tests only take longer without.
  find_shell >/dev/null || apt_install chromium-headless-shell || true
  find_chrome >/dev/null || {
    say "The browser tests need Chromium: install the package chromium, or name a browser by CHROME_BIN."
    exit 1
  }
}

install_clients() {
  local requirements=end2end/clients/requirements.txt
  if ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
    apt_install python3-venv || { say "The client tests need python3 with venv (package python3-venv)."; exit 1; }
  fi
  if ! cmp -s "$requirements" "$VENV/.hako-requirements" || ! "$VENV/bin/python" -c 'import boto3' 2>/dev/null; then
    say "Installing the S3 clients for the tests into $VENV"
    quietly python3 -m venv --clear "$VENV"
    quietly "$VENV/bin/pip" install --quiet --disable-pip-version-check -r "$requirements"
    cp "$requirements" "$VENV/.hako-requirements"
  fi
  optional rclone rclone rclone
  need jq jq # the examples for curl
}

install_redis() { optional redis redis-server redis-server; }

# Counts fsyncs for the benchmarks, which do without where it is missing.
install_strace() { optional strace strace strace; }

for part in "$@"; do "install_$part"; done
