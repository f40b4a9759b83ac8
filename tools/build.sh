#!/bin/sh
# Builds target/release/stint and target/plugins/*.wasm. What is given is for cargo.
set -eu

tools=$(cd "$(dirname "$0")" && pwd)
cd "$tools/.."
cargo build --locked --release --workspace "$@"
"$tools/build-plugins.sh" release "$@"
