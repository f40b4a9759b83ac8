//! A host has its plugins compiled by a process that is bounded, and can be ended.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use serde_json::Value;
use stint_plugin_runtime::{
    Engine, Fault, LoadError, Plugin, PoolSize,
    compiler::{Bounds, Compiler},
    manifest::{self, Manifest},
};
use stint_tests::guests::first_party;
use wasm_encoder::{
    BlockType, CodeSection, Component, Function, FunctionSection, InstructionSink, MemArg, MemorySection,
    MemoryType, Module, ModuleSection, TypeSection, ValType,
};

use crate::desk::{Desk, until};

const MANIFEST: &str = r#"
name = "costly"
version = "1.0.0"
kinds = ["policy"]
description = "Takes a minute to compile."
licence = "MIT"
"#;

/// A sound component of some 300 KB: many variables, and many branches after each of which a variable may be another
/// one. The compiler's work grows with the product.
fn costly() -> Vec<u8> {
    let (variables, branches) = (2_000, 20_000);
    let memory = MemArg { offset: 0, align: 2, memory_index: 0 };
    let mut function = Function::new([(variables, ValType::I32)]);
    let mut code: InstructionSink<'_> = function.instructions();
    for variable in 0..variables {
        code.i32_const(0).i32_load(memory).local_set(variable);
    }
    for branch in 0..branches {
        code.i32_const(0).i32_load(memory).if_(BlockType::Empty);
        code.i32_const(0).local_get(branch % variables).i32_store(memory);
        code.i32_const(0).i32_load(memory).local_set(branch % variables).end();
    }
    for variable in 0..variables {
        code.i32_const(0).local_get(variable).i32_store(memory);
    }
    code.end();
    let (mut types, mut functions, mut memories, mut bodies) =
        (TypeSection::new(), FunctionSection::new(), MemorySection::new(), CodeSection::new());
    types.ty().function([], []);
    functions.function(0);
    memories.memory(MemoryType {
        minimum: 1,
        maximum: None,
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    bodies.function(&function);
    let mut module = Module::new();
    module.section(&types).section(&functions).section(&memories).section(&bodies);
    let mut component = Component::new();
    component.section(&ModuleSection(&module));
    let manifest = Manifest::from_toml(MANIFEST, |_| Ok(String::new())).unwrap();
    manifest::embed(&component.finish(), &manifest).unwrap()
}

/// An engine that has this program compile.
fn engine(program: &str, bounds: Bounds) -> Engine {
    let size = PoolSize { calls: 1, calls_of_one: 1, ..PoolSize::default() };
    let compiler = Compiler::Program { path: PathBuf::from(program), bounds };
    Engine::with_compiler(size, None, compiler).unwrap()
}

async fn loaded(program: &str, bounds: Bounds, bytes: Vec<u8>) -> Result<Plugin, LoadError> {
    engine(program, bounds).load_bytes(Path::new("some.wasm"), bytes).await
}

const STINT: &str = env!("CARGO_BIN_EXE_stint");

#[tokio::test]
async fn a_sound_plugin_is_compiled_within_the_bounds() {
    let plugin = loaded(STINT, Bounds::default(), first_party("archive").unwrap()).await.unwrap();
    assert_eq!(plugin.manifest().name, "archive");
}

#[tokio::test]
async fn who_is_bounded_more_tightly_compiles_within_that() {
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("stint");
    fs::write(&script, format!("#!/bin/sh\nulimit -t 20; exec {STINT} \"$@\"\n")).unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o700)).unwrap();
    let script = script.display().to_string();
    loaded(&script, Bounds::default(), first_party("archive").unwrap()).await.unwrap();
}

#[tokio::test]
async fn one_that_takes_too_long_is_given_up() {
    let bounds = Bounds { cpu_seconds: 1, ..Bounds::default() };
    let error = loaded(STINT, bounds, costly()).await.unwrap_err();
    assert_eq!(
        error.operator(),
        "some.wasm takes more than 1 s of processor time to compile, as no sound plugin does; ask its author for \
         another build"
    );
    assert_eq!(
        error.author(),
        "some.wasm takes more than 1 s of processor time to compile; split functions that have very many variables \
         and branches"
    );
}

#[tokio::test]
async fn one_that_takes_too_much_memory_is_given_up() {
    let bounds = Bounds { memory_mib: 48, ..Bounds::default() };
    let error = loaded(STINT, bounds, costly()).await.unwrap_err();
    assert!(
        error.operator().starts_with("some.wasm takes more than 48 MiB of memory to compile, as no"),
        "{error}"
    );
}

#[tokio::test]
async fn what_the_compiler_refuses_is_refused() {
    // A component whose module has a section of a kind that is none.
    let mut bytes = b"\0asm\x0d\0\x01\0\x01\x0a\0asm\x01\0\0\0\x7f\0".to_vec();
    bytes = manifest::embed(&bytes, &Manifest::from_toml(MANIFEST, |_| Ok(String::new())).unwrap()).unwrap();
    let error = loaded(STINT, Bounds::default(), bytes).await.unwrap_err();
    assert!(matches!(error.fault(), Fault::Broken(reason) if reason.contains("section")), "{error:?}");
}

#[tokio::test]
async fn a_compiler_that_fails_is_no_fault_of_the_plugin() {
    for (program, why) in [
        ("/nonexistent/stint", "No such file or directory (os error 2)"),
        ("/bin/false", "exit status: 1"),
        ("/bin/ls", "stint: cannot access"),
    ] {
        let error = loaded(program, Bounds::default(), first_party("archive").unwrap()).await.unwrap_err();
        let said = error.operator();
        assert!(said.starts_with(&format!("some.wasm could not be compiled: {why}")), "{said}");
        assert!(
            said.ends_with("; copy it there once more, or start stint again, to have it tried again"),
            "{said}"
        );
        assert!(error.author().ends_with("; build it again to have it tried again"), "{error:?}");
    }
}

/// The processes that this one has started for compiling.
fn compiling(parent: u32) -> Vec<u32> {
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc").unwrap().flatten() {
        let Ok(pid) = entry.file_name().to_string_lossy().parse() else { continue };
        let words = fs::read(entry.path().join("cmdline")).unwrap_or_default();
        if is_alive(pid, Some(parent)) && words.split(|byte| *byte == 0).nth(1) == Some(b"compile-plugin") {
            found.push(pid);
        }
    }
    found
}

/// Whether a process is there and has not ended, perhaps as one of a parent.
fn is_alive(pid: u32, parent: Option<u32>) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // The name before the bracket may have anything in it.
    let Some((_, rest)) = stat.rsplit_once(')') else { return false };
    let mut words = rest.split_whitespace();
    let state = words.next();
    let its_parent = words.next().and_then(|word| word.parse().ok());
    state != Some("Z") && (parent.is_none() || parent == its_parent)
}

#[test]
fn costly_plugins_hold_up_nobody_and_end_with_the_host() {
    let desk = Desk::new();
    fs::create_dir_all(desk.path("plugins")).unwrap();
    fs::write(desk.path("plugins/archive.wasm"), first_party("archive").unwrap()).unwrap();
    let state = |name: &str| {
        let list: Value = desk.json(&["plugin", "list"]);
        let plugins = list["plugins"].as_array().unwrap().clone();
        plugins.iter().find(|plugin| plugin["name"] == name).map(|plugin| plugin["state"].clone())
    };
    let first = desk.host();
    until("the archive serves", || state("archive").is_some_and(|state| state == "ready"));
    assert_eq!(first.end(), 0);

    // As many as are compiled at one time, and more: what was compiled before doesn't wait for them.
    for number in 0..8 {
        fs::write(desk.path(&format!("plugins/{number}.wasm")), costly()).unwrap();
    }
    let host = desk.host();
    until("costly ones are compiled", || !compiling(host.pid()).is_empty());
    let running = compiling(host.pid());
    until("the archive serves again", || state("archive").is_some_and(|state| state == "ready"));
    assert_eq!(state("costly"), None, "nothing is known of them yet");
    desk.stint(&["start"]).ok();
    assert_eq!(host.end(), 0);
    until("nothing of it is left", || running.iter().all(|pid| !is_alive(*pid, None)));
}
