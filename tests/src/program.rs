//! The program `stint` as users have it, for what measures it from outside.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What a bench is built from is asked for as well: dependencies then have the features that they have for the bench,
/// and none is compiled twice.
const WITH_THE_BENCHES: [&str; 3] = ["--bins", "--bench", "bars"];

/// Builds the program and the plugins as `make build` does, and says where the program is.
pub fn built() -> io::Result<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let built = Command::new(root.join("tools/build.sh")).args(WITH_THE_BENCHES).output()?;
    if !built.status.success() {
        let said = String::from_utf8_lossy(&built.stderr);
        return Err(io::Error::other(format!("failed to build the program: {said}")));
    }
    root.join("target/release/stint").canonicalize()
}

/// The finished file of one of our plugins, built anew.
pub fn plugin(name: &str) -> io::Result<PathBuf> {
    let program = built()?;
    Ok(program.with_file_name("../plugins").join(name).with_extension("wasm"))
}
