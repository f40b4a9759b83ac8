#!/bin/sh
# Builds every plugin of plugins/ and puts the finished files in target/plugins/, the folder a host is pointed at.
# Until there are plugins it does nothing.
set -eu

tools=$(cd "$(dirname "$0")" && pwd)
cd "$tools/.."
[ -f plugins/Cargo.toml ] || exit 0
"$tools/cargo-wasm" build --locked --release --workspace --manifest-path plugins/Cargo.toml
mkdir -p target/plugins
cp plugins/target/wasm32-unknown-unknown/release/*.wasm target/plugins/
