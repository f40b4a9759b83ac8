//! The SDK, the contract and the tool chain's scripts, as they were when this program was built (see `build.rs`).

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_a_project_needs_is_inside() {
        for (table, path) in [
            (SDK, "Cargo.toml"),
            (SDK, "src/lib.rs"),
            (SDK, "src/testing/mod.rs"),
            (WIT, "stint-plugin-0.1/types.wit"),
            (TOOLS, "cargo-wasm"),
            (TOOLS, "wasm-toolchain"),
        ] {
            assert!(table.iter().any(|(known, content)| *known == path && !content.is_empty()), "{path}");
        }
    }
}
