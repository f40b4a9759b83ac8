//! Plugins made from WIT alone: a world's dummy has every export, and each of them traps. That is enough for
//! everything that happens before a call.
#![allow(dead_code, unreachable_pub, reason = "each test binary uses its own part")]

use std::path::PathBuf;

use stint_plugin_runtime::manifest::{self, Kind, Manifest};
use stint_plugin_runtime::{Engine, PoolSize};
use wit_component::{ComponentEncoder, StringEncoding, dummy_module, embed_component_metadata};
use wit_parser::{ManglingAndAbi, Resolve, WorldId};

/// The project's root.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// An engine with a small pool and no cache.
pub fn engine() -> Engine {
    engine_of(64 << 20)
}

/// The same, with this much memory for each plugin.
pub fn engine_of(memory_bytes_max: usize) -> Engine {
    Engine::new(PoolSize { calls: 4, calls_of_one: 2, memory_bytes_max }, None).unwrap()
}

/// All files of a WIT folder as one text with one package line.
pub fn package(folder: &str) -> String {
    const LINE: &str = "package stint:plugin@0.1.0;";
    let mut files: Vec<_> =
        std::fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let texts: Vec<String> = files.iter().map(|file| std::fs::read_to_string(file).unwrap()).collect();
    assert!(texts.iter().all(|text| text.matches(LINE).count() == 1));
    format!("{LINE}\n{}", texts.concat().replace(LINE, ""))
}

/// A WIT text and one of its worlds.
pub fn resolve(wit: &str, world: &str) -> (Resolve, WorldId) {
    let mut resolve = Resolve::default();
    let package = resolve.push_str("test.wit", wit).unwrap();
    let world = resolve.select_world(&[package], Some(world)).unwrap();
    (resolve, world)
}

/// The component that a world's dummy makes, without a manifest.
pub fn bare(resolve: &Resolve, world: WorldId) -> Vec<u8> {
    componentise(dummy_module(resolve, world, ManglingAndAbi::Standard32), resolve, world)
}

/// The component that a core module makes.
pub fn componentise(mut module: Vec<u8>, resolve: &Resolve, world: WorldId) -> Vec<u8> {
    embed_component_metadata(&mut module, resolve, world, StringEncoding::UTF8).unwrap();
    ComponentEncoder::default().module(&module).unwrap().validate(true).encode().unwrap()
}

/// The same with a manifest.
pub fn dummy(resolve: &Resolve, world: WorldId, manifest: &Manifest) -> Vec<u8> {
    manifest::embed(&bare(resolve, world), manifest).unwrap()
}

/// A manifest that says no more than it has to.
pub fn manifest_toml(kind: Kind) -> Manifest {
    let target = "[target]\nidempotency = \"native-key\"\nordering = \"none\"\naccepts = [\"time-entry\"]\n";
    let text = format!(
        "name = \"dummy\"\nversion = \"0.1.0\"\nkinds = [\"{kind}\"]\ndescription = \"A dummy.\"\nlicence = \"MIT\"\n{}",
        if kind == Kind::Target { target } else { "" }
    );
    Manifest::from_toml(&text, |_| Ok(String::new())).unwrap()
}

/// A target whose core module is written by hand. `functions` may define `$probe`, `$realloc` and `$post`, which is
/// what cleans up after `check`; those it doesn't define are upright. At 64 lies the answer of success, at 8 a byte that
/// means nothing.
pub fn by_hand(functions: &str) -> Vec<u8> {
    in_world(|contract| contract, "", functions)
}

/// The same, with a memory of 1100 pages from the start.
pub fn large() -> Vec<u8> {
    in_world(|contract| contract, "", "(; large ;)")
}

/// The same in a contract that was changed, with more imports.
pub fn in_world(change: impl FnOnce(String) -> String, imports: &str, functions: &str) -> Vec<u8> {
    let (wit, world) = resolve(&change(package("wit/stint-plugin-0.1")), "target");
    let unless = |name: &str, upright: &str| {
        let is_there = functions.contains(&format!("(func {name} "));
        if is_there { String::new() } else { format!("(func {name} {upright})") }
    };
    let module = format!(
        r#"(module
            (import "stint:plugin/log@0.1.0" "write" (func $log (param i32 i32 i32 i32 i32)))
            {imports}
            (memory (export "memory") {pages})
            (table 1 funcref)
            (data (i32.const 8) "\ff")
            {functions}
            {probe} {realloc} {post}
            (export "cabi_realloc" (func $realloc))
            (export "stint:plugin/uploader@0.1.0#probe" (func $probe))
            (export "cabi_post_stint:plugin/uploader@0.1.0#check" (func $post))
            (func (export "stint:plugin/uploader@0.1.0#check") (param i32 i32) (result i32) (i32.const 64))
            (func (export "stint:plugin/uploader@0.1.0#upload") (param i32 i32) (result i32) (i32.const 64))
            (func (export "stint:plugin/uploader@0.1.0#lookup") (param i32) (result i32) unreachable)
        )"#,
        pages = if functions.contains("large") { 1100 } else { 1 },
        probe = unless("$probe", "(result i32) (i32.const 64)"),
        realloc = unless("$realloc", "(param i32 i32 i32 i32) (result i32) (i32.const 1024)"),
        post = unless("$post", "(param i32)"),
    );
    let component = componentise(wat::parse_str(module).unwrap(), &wit, world);
    manifest::embed(&component, &manifest_toml(Kind::Target)).unwrap()
}
