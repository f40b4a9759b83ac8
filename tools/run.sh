#!/bin/sh
# Builds everything and starts the host on the demo configuration.
#
# Without a host there is nothing to start, and that is a failure: a script that waits for a running host must not
# take "nothing happened" for success. 69 is sysexits' "unavailable", as in the host's own exit codes.
set -eu

tools=$(cd "$(dirname "$0")" && pwd)
cd "$tools/.."
if [ ! -f host/app/Cargo.toml ]; then
    echo "make run: there is no host to start yet: the crate host/app, which holds the program stint, is absent." >&2
    echo "What exists is shown by: make test" >&2
    exit 69
fi
"$tools/build.sh"
exec target/release/stint run --config config/demo.toml
