//! `tools/wasm-toolchain`: it names a tool chain only where all that a build needs of it is there.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use crate::machine::{Ended, Machine, tools};

/// A Rust without the target: it knows where it lies, and nothing else.
fn without_target(machine: &Machine, sysroot: &std::path::Path) {
    machine.command("rustc", &format!("[ \"$*\" = '--print sysroot' ] && echo '{}'", sysroot.display()));
}

#[test]
fn the_target_of_the_rust_in_use_comes_first() {
    let machine = Machine::new();
    machine.command("rustc", "echo /");
    let ended = machine.run(&tools().join("wasm-toolchain"));
    assert_eq!(ended, Ended { code: Some(0), stdout: "rustup\n".to_owned(), stderr: String::new() });
}

/// Whether or not Debian's packages are there.
#[test]
fn without_a_linker_that_knows_webassembly_there_is_none() {
    let (machine, sysroot) = (Machine::new(), tempfile::tempdir().unwrap());
    without_target(&machine, sysroot.path());
    let ended = machine.run(&tools().join("wasm-toolchain"));
    assert_eq!(ended, Ended { code: Some(1), stdout: String::new(), stderr: String::new() });
}

#[test]
fn the_linker_is_named_with_debians_rust() {
    let (machine, sysroot) = (Machine::new(), tempfile::tempdir().unwrap());
    without_target(&machine, sysroot.path());
    let linker = sysroot.path().join("lib/rustlib/x86_64-unknown-linux-gnu/bin/rust-lld");
    fs::create_dir_all(linker.parent().unwrap()).unwrap();
    fs::write(&linker, "").unwrap();
    fs::set_permissions(&linker, fs::Permissions::from_mode(0o755)).unwrap();
    let ended = machine.run(&tools().join("wasm-toolchain"));
    // On a machine without Debian's packages there is still no tool chain.
    let found =
        Ended { code: Some(0), stdout: format!("debian {}\n", linker.display()), stderr: String::new() };
    let none = Ended { code: Some(1), stdout: String::new(), stderr: String::new() };
    assert!([found, none].contains(&ended), "{ended:?}");
}
