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
gzip --best --no-name "$made"/man1/*.1
"$stint" completions bash >"$made/stint.bash"
"$stint" completions zsh >"$made/_stint"
"$stint" completions fish >"$made/stint.fish"
# What Debian's own tools look for: what changed, and under which licences it may be used.
gzip --best --no-name --stdout CHANGELOG.md >"$made/changelog.gz"
version=$("$stint" --version | cut -d' ' -f2)
maintainer=$(sed -n 's/^maintainer = "\(.*\)"$/\1/p' host/app/Cargo.toml)
printf 'stint (%s-1) unstable; urgency=medium\n\n  * What is new stands in changelog.gz.\n\n -- %s  %s\n' \
    "$version" "$maintainer" "$(date -R)" >"$made/changelog"
{
    cat LICENSE-MIT
    printf '\nOr the Apache License 2.0, which Debian keeps in /usr/share/common-licenses/Apache-2.0.\n'
} >"$made/licence"
# The unit names the program where the package puts it.
env -u STINT_CONFIG -u STINT_DATA_DIR "$stint" service install --print |
    sed "s|^\(Exec[A-Za-z]*=\)[^ ]*/stint |\1/usr/bin/stint |" >"$made/user/stint.service"
# What only a debugger reads is four fifths of the program.
"$tools/cargo-tool" cargo-deb 3.8.0 deb --no-build --strip --package stint "$@"
