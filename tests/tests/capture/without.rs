//! What a build without screens is made of.

use std::{path::Path, process::Command};

/// What brings a display's libraries or its protocols.
const DISPLAYS: [&str; 6] = ["xcap", "xcb", "x11rb-protocol", "pipewire", "gbm", "zbus"];

/// The crates that the program is made of, by name.
fn crates(features: &[&str]) -> Vec<String> {
    let tree = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--locked",
            "--offline",
            "--package",
            "stint",
            "--edges",
            "normal",
            "--prefix",
            "none",
        ])
        .args(["--format", "{p}"])
        .args(features)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
        .output()
        .unwrap();
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    let lines = String::from_utf8(tree.stdout).unwrap();
    lines.lines().filter_map(|line| Some(line.split_whitespace().next()?.to_owned())).collect()
}

#[test]
fn without_screens_nothing_of_a_display_is_in_it() {
    let has = |crates: &[String], name: &str| crates.iter().any(|found| found == name);
    let (with, without) = (crates(&[]), crates(&["--no-default-features"]));
    for name in DISPLAYS {
        assert!(has(&with, name), "{name} would not be missed");
        assert!(!has(&without, name), "{name}");
    }
    assert!(has(&without, "wasmtime"), "it is the whole program otherwise");
}
