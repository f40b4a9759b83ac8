#!/bin/sh
# Checks every dependency's licence, ban and source against deny.toml, for both workspaces.
# Advisories are not part of it: their database is a git repository, and a check that fails without it would fail
# on every machine that reaches package registries alone. With a network: cargo deny check advisories
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
exec "$root/tools/each-workspace" "$root/tools/cargo-tool" cargo-deny 0.20.2 \
    deny --config "$root/deny.toml" check bans licenses sources
