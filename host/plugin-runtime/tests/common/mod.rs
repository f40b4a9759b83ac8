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
    Engine::new(PoolSize { calls: 4, calls_of_one: 2, memory_bytes_max: 64 << 20 }, None).unwrap()
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
