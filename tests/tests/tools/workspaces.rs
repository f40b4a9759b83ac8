//! Scripts that look at which parts of the project exist, each run in a made-up checkout.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;

use tempfile::TempDir;

use crate::machine::{Ended, tools};

/// A folder with links to the named scripts and empty files at `files`.
fn checkout(scripts: &[&str], files: &[&str]) -> TempDir {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir(root.path().join("tools")).unwrap();
    for script in scripts {
        symlink(tools().join(script), root.path().join("tools").join(script)).unwrap();
    }
    for file in files {
        let file = root.path().join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, "").unwrap();
    }
    root
}

fn run(root: &TempDir, script: &str, arguments: &[&str]) -> Ended {
    Command::new(root.path().join("tools").join(script)).args(arguments).output().unwrap().into()
}

#[test]
fn a_command_runs_in_both_workspaces_and_the_first_failure_hides_nothing() {
    let root = checkout(&["each-workspace"], &["Cargo.toml", "plugins/Cargo.toml"]);

    let ended =
        run(&root, "each-workspace", &["sh", "-c", "basename \"$PWD\"; test \"${PWD##*/}\" = plugins"]);

    let host = root.path().file_name().unwrap().to_str().unwrap();
    assert_eq!(ended.stdout, format!("{host}\nplugins\n"));
    assert_eq!(ended.code, Some(1));
}

#[test]
fn the_plugins_workspace_is_left_out_until_it_exists() {
    let root = checkout(&["each-workspace"], &["Cargo.toml"]);

    let ended = run(&root, "each-workspace", &["echo", "here"]);

    assert_eq!((ended.code, ended.stdout.as_str()), (Some(0), "here\n"));
}

#[test]
fn building_no_plugins_is_no_error() {
    let root = checkout(&["build-plugins.sh"], &[]);

    let ended = run(&root, "build-plugins.sh", &[]);

    assert_eq!(ended, Ended { code: Some(0), stdout: String::new(), stderr: String::new() });
}

#[test]
fn make_run_without_a_host_says_what_is_absent_and_fails() {
    let root = checkout(&["run.sh"], &[]);

    let ended = run(&root, "run.sh", &[]);

    assert_eq!(ended.code, Some(69));
    assert!(ended.stderr.contains("the program stint has no verb 'run'"));
}
