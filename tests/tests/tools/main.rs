//! The scripts of `tools/`, run as `make` runs them, on a machine that each test makes up from shims in a
//! temporary folder: no test installs anything.

#![expect(clippy::unwrap_used, reason = "a made-up machine that can't be made fails its test")]

mod machine;
mod setup;
mod totals;
mod wasm_toolchain;
mod workspaces;
