//! The program `stint` as users have it, for what measures it from outside.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Builds the program and the plugins as `make build` does, and says where the program is.
pub fn built() -> io::Result<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let built = Command::new(root.join("tools/build.sh")).output()?;
    if !built.status.success() {
        let said = String::from_utf8_lossy(&built.stderr);
        return Err(io::Error::other(format!("failed to build the program: {said}")));
    }
    root.join("target/release/stint").canonicalize()
}
