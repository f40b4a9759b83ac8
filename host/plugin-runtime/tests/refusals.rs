//! Files that aren't served, each with the words that the operator reads and those that the author reads.
#![cfg(test)]

mod common;

use std::path::Path;

use common::{bare, componentise, dummy, engine, manifest_toml, package, resolve};
use serde_json::json;
use stint_plugin_runtime::manifest::{self, Kind};
use stint_plugin_runtime::{Engine, Fault, LoadError};

const FILE: &str = "plugins/x.wasm";

async fn refusal(engine: &Engine, bytes: Vec<u8>) -> LoadError {
    engine.load_bytes(Path::new(FILE), bytes).await.expect_err("the file is refused")
}

#[track_caller]
fn says(error: &LoadError, operator: &str, author: &str) {
    assert_eq!(error.operator(), operator);
    assert_eq!(error.author(), author);
    assert_eq!(error.to_string(), operator, "what is displayed is for the operator");
    assert_eq!(error.file(), Path::new(FILE));
}

/// A dummy of the contract with one change, built for a world.
fn changed(from: &str, to: &str, world: &str, kind: Kind) -> Vec<u8> {
    let contract = package("wit/stint-plugin-0.1");
    assert!(contract.contains(from), "`{from}` is there");
    let (wit, world) = resolve(&contract.replace(from, to), world);
    dummy(&wit, world, &manifest_toml(kind))
}

fn sound() -> Vec<u8> {
    changed("", "", "target", Kind::Target)
}

fn with_manifest(component: &[u8]) -> Vec<u8> {
    manifest::embed(component, &manifest_toml(Kind::Target)).unwrap()
}

#[tokio::test]
async fn a_sound_file_is_loaded() {
    let plugin = engine().load_bytes(Path::new(FILE), sound()).await.unwrap();
    assert_eq!(plugin.manifest().name, "dummy");
    assert_eq!(plugin.sha256().len(), 64);
}

#[tokio::test]
async fn a_file_that_is_not_there_or_is_something_else() {
    let engine = engine();
    let error = engine.load(Path::new("plugins/none.wasm")).await.err().unwrap();
    assert_eq!(
        error.operator(),
        "plugins/none.wasm can't be read: No such file or directory (os error 2); check that it is there and may be read"
    );
    says(
        &refusal(&engine, b"#!/bin/sh\n".to_vec()).await,
        "plugins/x.wasm is no WebAssembly file; take it out of the plugin folder, or copy the right file",
        "plugins/x.wasm: this is no WebAssembly component; build one with `stint plugin build`",
    );
    says(
        &refusal(&engine, b"\0asm\x01\0\0\0".to_vec()).await,
        "plugins/x.wasm is no finished stint plugin; get the file that `stint plugin build` made from its author",
        "plugins/x.wasm: this is a core module, not a component; `stint plugin build` makes the component from it",
    );
}

#[tokio::test]
async fn a_file_that_is_cut_short_wherever_it_is() {
    let engine = engine();
    let whole = sound();
    for length in [9, 100, whole.len() / 2, whole.len() - 1] {
        let error = refusal(&engine, whole[..length].to_vec()).await;
        assert_eq!(
            error.operator(),
            "plugins/x.wasm is cut short; copy it again, under another name first and then renamed",
            "cut at {length}"
        );
        assert!(
            error.author().contains("the file ends in the middle of a section at byte"),
            "{}",
            error.author()
        );
    }
}

#[tokio::test]
async fn a_missing_and_a_forged_manifest() {
    let engine = engine();
    let (wit, world) = resolve(&package("wit/stint-plugin-0.1"), "target");
    let component = bare(&wit, world);
    says(
        &refusal(&engine, component.clone()).await,
        "plugins/x.wasm is no finished stint plugin; get the file that `stint plugin build` made from its author",
        "plugins/x.wasm: it carries no manifest (section `stint:manifest`); write a plugin.toml and build with `stint \
         plugin build`",
    );
    let mut twice = with_manifest(&component);
    let first = twice[component.len()..].to_vec();
    twice.extend(first);
    says(
        &refusal(&engine, twice).await,
        "plugins/x.wasm has a bad manifest: it carries 2 manifests, and which one counts must not be a guess; build it \
         again with `stint plugin build`; ask its author for a sound build",
        "plugins/x.wasm: it carries 2 manifests, and which one counts must not be a guess; build it again with `stint \
         plugin build`",
    );
}

#[tokio::test]
async fn code_that_wasmtime_refuses() {
    let engine = engine();
    let mut damaged = sound();
    // An instruction in the middle of a function: the walk over the headers has nothing to find there.
    let middle = damaged.windows(4).rposition(|bytes| bytes == [0x03, 0x00, 0x00, 0x0b]).unwrap();
    damaged[middle + 2] = 0xff;
    let error = refusal(&engine, damaged).await;
    assert_eq!(
        error.operator(),
        "plugins/x.wasm is damaged or made for another system; copy it again, or get a sound build"
    );
    assert!(error.author().starts_with("plugins/x.wasm: wasmtime refuses the code: "), "{}", error.author());
}

#[tokio::test]
async fn a_component_of_another_world() {
    let engine = engine();
    let (wit, world) = resolve("package a:b; interface c { f: func(); } world w { export c; }", "w");
    says(
        &refusal(&engine, with_manifest(&bare(&wit, world))).await,
        "plugins/x.wasm is a WebAssembly component for something else than stint; take it out of the plugin folder",
        "plugins/x.wasm exports `a:b/c`, and no interface of stint:plugin; build it for the world `target`, `transform` or \
         `policy`",
    );
}

#[tokio::test]
async fn an_unknown_contract() {
    let engine = engine();
    for (version, operator) in [
        (
            "0.9.0",
            "plugins/x.wasm was made for a newer stint (contract 0.9.0, this one speaks 0.1.0); update stint, or get an \
             older build of the plugin",
        ),
        (
            "0.0.3",
            "plugins/x.wasm was made for another stint (contract 0.0.3, this one speaks 0.1.0); get a newer build of the \
             plugin",
        ),
    ] {
        says(
            &refusal(&engine, changed("@0.1.0", &format!("@{version}"), "target", Kind::Target)).await,
            operator,
            &format!(
                "plugins/x.wasm uses stint:plugin@{version}, and this host speaks 0.1.0; build it with the WIT of that version"
            ),
        );
    }
}

/// The code may be of this contract or not: what the manifest says is told, and nothing of what it says beside it.
#[tokio::test]
async fn a_manifest_for_an_unknown_contract() {
    let (wit, world) = resolve(&package("wit/stint-plugin-0.1"), "target");
    let component = bare(&wit, world);
    let manifest = br#"{"contract": "1.0.0", "kinds": ["oracle"], "shape": 3}"#;
    let section = [b"\x0estint:manifest", &manifest[..]].concat();
    let file = [&component[..], &[0, u8::try_from(section.len()).unwrap()], &section].concat();
    says(
        &refusal(&engine(), file).await,
        "plugins/x.wasm was made for a newer stint (contract 1.0.0, this one speaks 0.1.0); update stint, or get an older \
         build of the plugin",
        "plugins/x.wasm uses stint:plugin@1.0.0, and this host speaks 0.1.0; build it with the WIT of that version",
    );
}

#[tokio::test]
async fn imports_from_elsewhere() {
    let engine = engine();
    let contract = package("wit/stint-plugin-0.1");
    let load = |name: &str, package: &str, import: &str| {
        let mut resolve = wit_parser::Resolve::default();
        resolve.push_str("other.wit", package).unwrap();
        let whole =
            contract.replace("  export uploader;", &format!("  import {import};\n  export uploader;"));
        let package = resolve.push_str(name, &whole).unwrap();
        let world = resolve.select_world(&[package], Some("target")).unwrap();
        dummy(&resolve, world, &manifest_toml(Kind::Target))
    };
    let wasi = load(
        "wasi.wit",
        "package wasi:cli@0.2.0; interface environment { get-arguments: func() -> list<string>; }",
        "wasi:cli/environment@0.2.0",
    );
    says(
        &refusal(&engine, wasi).await,
        "plugins/x.wasm wants access to the system, which stint gives no plugin; get a build that doesn't",
        "plugins/x.wasm imports `wasi:cli/environment@0.2.0`; build for wasm32-unknown-unknown, where Rust's standard \
         library imports nothing",
    );
    let other = load("other.wit", "package a:b@1.0.0; interface c { f: func(); }", "a:b/c@1.0.0");
    says(
        &refusal(&engine, other).await,
        "plugins/x.wasm needs `a:b/c@1.0.0`, which this stint doesn't have; update stint, or get another build",
        "plugins/x.wasm imports `a:b/c@1.0.0`, which stint:plugin@0.1.0 doesn't have; build it with the WIT of that \
         version",
    );
}

#[tokio::test]
async fn a_function_that_a_later_host_may_have() {
    let later = changed(
        "monotonic: func() -> u64;",
        "monotonic: func() -> u64;\n  boot: func() -> u64;",
        "target",
        Kind::Target,
    );
    says(
        &refusal(&engine(), later).await,
        "plugins/x.wasm needs `stint:plugin/clock@0.1.0.boot`, which this stint doesn't have; update stint, or get another \
         build",
        "plugins/x.wasm imports `stint:plugin/clock@0.1.0.boot`, which stint:plugin@0.1.0 doesn't have; build it with the WIT \
         of that version",
    );
}

#[tokio::test]
async fn a_missing_export() {
    let engine = engine();
    says(
        &refusal(&engine, changed("", "", "transform", Kind::Target)).await,
        "plugins/x.wasm says that it is a target and isn't; ask its author for a sound build",
        "plugins/x.wasm: the manifest says it is a target, so it has to export `uploader`: no exported instance named \
         `stint:plugin/uploader@0.1.0`; export it, or take \"target\" out of kinds",
    );
    says(
        &refusal(&engine, changed("  probe: func() -> result<_, failure>;", "", "target", Kind::Target))
            .await,
        "plugins/x.wasm says that it is a target and isn't; ask its author for a sound build",
        "plugins/x.wasm: the manifest says it is a target, so it has to export `uploader`: instance export \
         `stint:plugin/uploader@0.1.0` does not have export `probe`; export it, or take \"target\" out of kinds",
    );
}

#[tokio::test]
async fn a_wrong_type() {
    let engine = engine();
    for (what, from, to, reason) in [
        ("an export", "check: func(settings: string)", "check: func(settings: u32)", "type mismatch"),
        (
            "a field of an export alone",
            "    current: bool,\n",
            "    current: bool,\n    seen: bool,\n",
            "type mismatch",
        ),
        ("an import", "monotonic: func() -> u64;", "monotonic: func() -> u32;", "type mismatch"),
    ] {
        let error = refusal(&engine, changed(from, to, "target", Kind::Target)).await;
        assert_eq!(
            error.operator(),
            "plugins/x.wasm doesn't keep the contract; ask its author for a sound build",
            "{what}: {}",
            error.author()
        );
        assert!(error.author().starts_with("plugins/x.wasm has a type that isn't the contract's: "));
        assert!(error.author().contains(reason), "{what}: {}", error.author());
        assert!(error.author().ends_with("; build it with the WIT of 0.1.0"));
    }
}

#[tokio::test]
async fn more_parts_than_a_call_has() {
    let engine = engine();
    let made_of = |parts: &str| {
        let text = format!(
            "(component {parts} (instance $none) (export \"stint:plugin/uploader@0.1.0\" (instance $none)))"
        );
        with_manifest(&wat::parse_str(text).unwrap())
    };
    let many_memories =
        made_of("(core module $m (memory 1) (memory 1) (memory 1)) (core instance (instantiate $m))");
    assert_eq!(
        refusal(&engine, many_memories).await.operator(),
        "plugins/x.wasm needs more than stint gives a plugin: defined memories count of 3 exceeds the per-instance limit of \
         2; ask its author for a smaller build"
    );
    let many_modules =
        made_of(&format!("(core module $m (memory 1)) {}", "(core instance (instantiate $m)) ".repeat(3)));
    says(
        &refusal(&engine, many_modules).await,
        "plugins/x.wasm needs more than stint gives a plugin: The component transitively contains 3 Wasm linear memories, \
         which exceeds the configured maximum of 2; ask its author for a smaller build",
        "plugins/x.wasm needs more of the pool than one call has: The component transitively contains 3 Wasm linear \
         memories, which exceeds the configured maximum of 2; link it into fewer modules",
    );
}

#[tokio::test]
async fn more_tables_and_instances_than_a_call_has() {
    let engine = engine();
    let made_of = |parts: &str| {
        let text = format!(
            "(component {parts} (instance $none) (export \"stint:plugin/uploader@0.1.0\" (instance $none)))"
        );
        with_manifest(&wat::parse_str(text).unwrap())
    };
    let instances = |module: &str, count: usize| {
        made_of(&format!("(core module $m {module}) {}", "(core instance (instantiate $m)) ".repeat(count)))
    };
    for (bytes, what) in [
        (instances("(table 1 funcref)", 9), "9 tables"),
        (instances("(table 20000 funcref)", 1), "20000"),
        (instances("(memory 2000)", 1), "memory"),
        (instances("", 21), "21 core module instances"),
        (instances("(func)", 900), "900 core module instances"),
    ] {
        let error = refusal(&engine, bytes).await;
        assert!(matches!(error.fault(), Fault::TooManyParts { .. }), "{what}: {}", error.author());
        assert!(error.author().contains(what), "{what}: {}", error.author());
    }
}

#[tokio::test]
async fn names_of_any_length_are_told_on_a_page() {
    let name = "a".repeat(20_000);
    let contract = package("wit/stint-plugin-0.1")
        .replace("  export uploader;", &format!("  import {name};\n  export uploader;"))
        + &format!("interface {name} {{ f: func(); }}");
    let (wit, world) = resolve(&contract, "target");
    let error = refusal(&engine(), dummy(&wit, world, &manifest_toml(Kind::Target))).await;
    assert!(error.author().starts_with("plugins/x.wasm imports `stint:plugin/aaaa"), "{}", error.author());
    assert!(error.author().len() < 5000 && error.operator().len() < 5000);
}

/// What a folder of plugins may hold beside plugins.
#[tokio::test]
async fn what_is_no_plain_file_is_neither_waited_for_nor_read_without_end() {
    let (engine, folder) = (engine(), tempfile::tempdir().unwrap());
    let pipe = folder.path().join("pipe.wasm");
    rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, rustix::fs::Mode::RUSR, 0)
        .unwrap();
    let zeros = folder.path().join("zeros.wasm");
    std::os::unix::fs::symlink("/dev/zero", &zeros).unwrap();
    for file in [pipe.as_path(), zeros.as_path(), folder.path()] {
        let error = engine.load(file).await.err().unwrap();
        assert_eq!(
            error.operator(),
            format!(
                "{} can't be read: it is no plain file; check that it is there and may be read",
                file.display()
            )
        );
    }
    let large = folder.path().join("large.wasm");
    std::fs::File::create(&large).unwrap().set_len(65 << 20).unwrap();
    assert_eq!(
        engine.load(&large).await.err().unwrap().operator(),
        format!(
            "{} has 68157440 bytes, and 67108864 are the most a plugin may have; it isn't one, or get a smaller build",
            large.display()
        )
    );
}

/// A component whose module traps when it is instantiated.
fn trapping_at_start() -> Vec<u8> {
    let (wit, world) = resolve(&package("wit/stint-plugin-0.1"), "target");
    let module = wit_component::dummy_module(&wit, world, wit_parser::ManglingAndAbi::Standard32);
    let text = wasmprinter::print_bytes(module).unwrap();
    let (text, _) = text.rsplit_once(')').unwrap();
    let module = wat::parse_str(format!("{text} (func $trap unreachable) (start $trap))")).unwrap();
    with_manifest(&componentise(module, &wit, world))
}

#[tokio::test]
async fn a_plugin_that_cannot_be_started() {
    let engine = engine();
    let trapping = refusal(&engine, trapping_at_start()).await;
    assert_eq!(
        trapping.author(),
        "plugins/x.wasm can't be instantiated: it trapped: wasm trap: wasm `unreachable` instruction executed; a panic hook \
         that logs at level `error` with the field panic = true would say why"
    );
    assert!(trapping.operator().starts_with("plugins/x.wasm can't be started: it trapped: "));
}

#[tokio::test]
async fn settings_that_do_not_fit() {
    let (wit, world) = resolve(&package("wit/stint-plugin-0.1"), "target");
    let mut manifest = manifest_toml(Kind::Target);
    manifest.settings_schema = Some(json!({
        "type": "object", "additionalProperties": false, "required": ["url"], "properties": {"url": {"type": "string"}}
    }));
    let plugin = engine().load_bytes(Path::new(FILE), dummy(&wit, world, &manifest)).await.unwrap();
    assert!(plugin.check_settings(&json!({"url": "https://x.test"})).is_ok());
    says(
        &plugin.check_settings(&json!({"ulr": "https://x.test"})).unwrap_err(),
        "the settings for plugins/x.wasm don't fit: `url` is missing (add url = …); /ulr: `ulr` is not known here (did you \
         mean `url`?)",
        "plugins/x.wasm: the settings don't fit settings_schema: `url` is missing (add url = …); /ulr: `ulr` is not known \
         here (did you mean `url`?)",
    );
}
