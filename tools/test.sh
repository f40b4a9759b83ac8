#!/bin/bash
# Format, lints, plugins and every test, in the order of what is known soonest. The last line printed is the sum of
# all tests, whatever happened before it, and the exit status is 0 only when everything was well.
#
# Nothing is built twice that cargo can share: all tests use the dev profile with the same features, --workspace
# everywhere keeps feature unification the same, and clippy and the tests share build scripts and procedural macros.
# Cargo can't share a library between them: clippy asks for its metadata alone, a test needs its code.
#
# The runner is cargo test rather than cargo-nextest: it comes with every tool chain and runs the documentation's
# examples too, where nextest would be minutes of compiling on a fresh machine and would leave those out.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 70

output=target/test-output.txt
mkdir -p target
: >"$output"
status=0

# Prints the closing lines and ends the run.
finish() {
    printf '\ntook %d min %02d s\n' $((SECONDS / 60)) $((SECONDS % 60))
    tools/test-totals <"$output" || status=1
    exit "$status"
}

# step NAME COMMAND…: a step whose failure makes what follows pointless.
step() {
    printf '\n== %s\n' "$1"
    if ! "${@:2}"; then
        status=1
        echo "make test: failed at: $1" >&2
        finish
    fi
}

# shellcheck disable=SC2317  # called by step
all_tests() { tools/each-workspace cargo test --locked --workspace --no-fail-fast | tee "$output"; }

step format tools/each-workspace cargo fmt --all --check
step lints tools/each-workspace cargo clippy --locked --workspace --all-targets -- -D warnings
step plugins tools/build-plugins.sh
step tests all_tests
finish
