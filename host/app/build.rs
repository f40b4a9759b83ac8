//! Puts the SDK, the contract and the wasm tool chain's scripts into the program, so that an installed `stint` needs
//! no copy of its own source. Only their contents get in, no path of the machine that built it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize()?;
    let mut code = String::new();
    table(&mut code, "SDK", &root.join("plugin-sdk"), &["Cargo.toml", "README.md", "src"])?;
    table(&mut code, "WIT", &root.join("wit"), &["stint-plugin-0.1"])?;
    table(&mut code, "TOOLS", &root.join("tools"), &["cargo-wasm", "wasm-toolchain"])?;
    let out = env::var_os("OUT_DIR").map(PathBuf::from).unwrap_or_default();
    fs::write(out.join("embedded.rs"), code)
}

/// Writes a table of paths and contents. The paths are relative to `base` and sorted, so that a build can be had
/// again.
fn table(code: &mut String, name: &str, base: &Path, parts: &[&str]) -> io::Result<()> {
    let mut files = Vec::new();
    for part in parts {
        println!("cargo::rerun-if-changed={}", base.join(part).display());
        collect(&base.join(part), &mut files)?;
    }
    files.sort();
    let _ = writeln!(code, "pub(crate) const {name}: &[(&str, &str)] = &[");
    for file in files {
        let relative = file.strip_prefix(base).map_err(io::Error::other)?.to_string_lossy();
        // Writing to a text can't fail.
        let _ = writeln!(code, "    ({relative:?}, include_str!({:?})),", file.to_string_lossy());
    }
    code.push_str("];\n");
    Ok(())
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if !path.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    for entry in fs::read_dir(path)? {
        collect(&entry?.path(), files)?;
    }
    Ok(())
}
