#!/bin/sh
# Builds every plugin of plugins/ and puts the finished files in target/plugins/, the folder a host is pointed at:
#   tools/build-plugins.sh [release [what is for cargo]...]
# They are made by `stint plugin build`, as any author makes them, with the stint of the given profile (dev by
# default). Until there are plugins it does nothing.
set -eu

tools=$(cd "$(dirname "$0")" && pwd)
cd "$tools/.."
[ -f plugins/Cargo.toml ] || exit 0

# Without --all-targets cargo leaves out what only tests ask of the dependencies, and `cargo test` would then compile
# half of them a second time.
case ${1:-} in
    release) shift && set -- --release "$@" && stint=target/release/stint ;;
    *) set -- --all-targets && stint=target/debug/stint ;;
esac
cargo build --locked --workspace "$@"

# What is compiled for wasm32 has one folder, shared with the tests: Rust's standard library is compiled there once.
# Each file appears whole, because a running host may be watching.
for plugin in plugins/*/plugin.toml; do
    CARGO_TARGET_DIR="$PWD/target/wasm" "$stint" plugin build --locked "$(dirname "$plugin")" --out target/plugins
    echo
done

# The file of a plugin that was renamed or dropped goes.
for built in target/plugins/*.wasm; do
    grep -q "^name = \"$(basename "$built" .wasm)\"\$" plugins/*/plugin.toml || rm "$built"
done
