#!/bin/sh
# Builds every plugin of plugins/ and puts the finished files in target/plugins/, the folder a host is pointed at.
# Until there are plugins it does nothing.
set -eu

tools=$(cd "$(dirname "$0")" && pwd)
cd "$tools/.."
[ -f plugins/Cargo.toml ] || exit 0

# Cargo never removes the file of a plugin that was renamed or dropped, but puts the current ones back each time.
built=plugins/target/wasm32-unknown-unknown/release
rm -f "$built"/*.wasm
"$tools/cargo-wasm" build --locked --release --workspace --manifest-path plugins/Cargo.toml

# A running host may be watching the folder: each file appears whole, by a rename, and none vanishes in between.
mkdir -p target/plugins
for plugin in "$built"/*.wasm; do
    name=$(basename "$plugin")
    cp "$plugin" "target/plugins/.$name.new"
    mv "target/plugins/.$name.new" "target/plugins/$name"
done
for plugin in target/plugins/*.wasm; do
    [ -f "$built/$(basename "$plugin")" ] || rm "$plugin"
done
