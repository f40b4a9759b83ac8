#!/bin/sh
# Builds everything and starts the host on the demo configuration.
#
# Without a host there is nothing to start, and that is a failure: a script that waits for a running host must not
# take "nothing happened" for success. 69 is sysexits' "unavailable", as in the host's own exit codes.
set -eu

tools=$(cd "$(dirname "$0")" && pwd)
cd "$tools/.."
if [ ! -f host/app/src/cli/run.rs ]; then
    echo "make run: there is no host to start yet: the program stint has no verb 'run'." >&2
    echo "What exists is listed in README.md, and shown by: make test" >&2
    exit 69
fi
"$tools/build.sh"
cat <<END

The demo keeps everything in ./demo-data, and nothing leaves this machine. Ctrl-C ends it. In another terminal:

    cd $PWD
    export STINT_CONFIG=\$PWD/config/demo.toml PATH=\$PWD/target/release:\$PATH
    stint start "Look around" --project Demo     # the timer runs
    stint status                                 # what it does, and what waits
    stint capture now                            # a drawn picture, as the demo has no screens
    stint stop && stint sync                     # delivered as files: ls demo-data/archive
    stint log && stint report
    stint dashboard                              # a link that opens the page, once
    stint doctor                                 # whether all is well

END
exec target/release/stint run --config config/demo.toml
