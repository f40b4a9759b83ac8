//! What an author gets wrong is a compile error that says what to write instead.
//!
//! Each file in `tests/mistakes` is a program with one mistake. Its `//~` lines are what the compiler has to say;
//! the compiler's own words around them are left to it, because they change with its version.

#![expect(clippy::unwrap_used, reason = "in a test, a missing file or a broken message is a failure")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

#[test]
fn each_mistake_is_a_compile_error_that_explains() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mistakes = mistakes(&here.join("tests/mistakes"));
    assert!(!mistakes.is_empty());
    let said = compile(here, mistakes.values());
    for (name, file) in &mistakes {
        let said = said.get(name).map_or("", String::as_str);
        let text = std::fs::read_to_string(file).unwrap();
        let expected: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("//~ ")).collect();
        assert!(!expected.is_empty(), "{name} expects nothing");
        for sentence in expected {
            assert!(said.contains(sentence), "{name} should say: {sentence}\nbut the compiler said:\n{said}");
        }
    }
}

/// Every program by name.
fn mistakes(folder: &Path) -> BTreeMap<String, PathBuf> {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.map(|file| (file.file_stem().unwrap().to_string_lossy().into_owned(), file)).collect()
}

/// Compiles all programs in one run of cargo and answers what it said about each.
fn compile<'a>(sdk: &Path, files: impl Iterator<Item = &'a PathBuf>) -> BTreeMap<String, String> {
    let project = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mistakes");
    let _ = std::fs::remove_dir_all(project.join("src"));
    std::fs::create_dir_all(project.join("src/bin")).unwrap();
    for file in files {
        std::fs::copy(file, project.join("src/bin").join(file.file_name().unwrap())).unwrap();
    }
    let manifest = format!(
        "[package]\nname = \"mistakes\"\nedition = \"2024\"\n[workspace]\n[dependencies]\n\
         serde = {{ version = \"1\", features = [\"derive\"] }}\nstint-plugin-sdk.path = '{}'\n",
        sdk.display()
    );
    std::fs::write(project.join("Cargo.toml"), manifest).unwrap();
    // The versions that this very test was built with are the ones that need no network.
    let _ = std::fs::copy(sdk.join("../Cargo.lock"), project.join("Cargo.lock"));
    let output = Command::new(env!("CARGO"))
        .args(["check", "--offline", "--keep-going", "--bins", "--message-format=json"])
        .current_dir(&project)
        .env("CARGO_TARGET_DIR", project.join("target"))
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "every program has a mistake:\n{stderr}");
    said(&String::from_utf8_lossy(&output.stdout), &stderr)
}

/// The compiler's errors by program, from cargo's messages.
fn said(messages: &str, stderr: &str) -> BTreeMap<String, String> {
    let mut said = BTreeMap::<String, String>::new();
    for line in messages.lines() {
        let message: serde_json::Value = serde_json::from_str(line).unwrap();
        if message["reason"] == "compiler-message" && message["message"]["level"] == "error" {
            let program = message["target"]["name"].as_str().unwrap().to_owned();
            said.entry(program).or_default().push_str(message["message"]["rendered"].as_str().unwrap());
        }
    }
    assert!(!said.is_empty(), "cargo failed before it compiled a program:\n{stderr}");
    said
}
