#!/bin/sh
# Packs what `make build` has built into target/debian/*.deb. The program writes its own manual, completions and unit,
# so that none of them can be another version's. Nothing is started by installing: whoever wants the host says
#   systemctl --user enable --now stint
set -eu

tools=$(cd "$(dirname "$0")" && pwd)
cd "$tools/.."
made=target/deb
rm -rf "$made"
mkdir -p "$made/user"
stint=target/release/stint
"$stint" man --dir "$made/man1" --quiet
"$stint" completions bash >"$made/stint.bash"
"$stint" completions zsh >"$made/_stint"
"$stint" completions fish >"$made/stint.fish"
# The unit names the program where the package puts it.
env -u STINT_CONFIG -u STINT_DATA_DIR "$stint" service install --print |
    sed "s|^\(Exec[A-Za-z]*=\)[^ ]*/stint |\1/usr/bin/stint |" >"$made/user/stint.service"
"$tools/cargo-tool" cargo-deb 3.8.0 deb --no-build --package stint "$@"
