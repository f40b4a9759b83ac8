//! Components written by hand, without the care that a language's bindings take: texts that are none, pointers into
//! nowhere, allocators that cheat, starts that never end. Each is refused in words, and the engine goes on.
#![cfg(test)]

mod common;

use std::path::Path;
use std::sync::Arc;

use common::{by_hand, engine, engine_of, in_world, large};
use stint_plugin_runtime::grants::{Allowed, Grants};
use stint_plugin_runtime::manifest::Kind;
use stint_plugin_runtime::services::{FixedClock, MemoryState, NoCredentials, NoNetwork};
use stint_plugin_runtime::{CallError, Engine, Limits, LoadError, Plugin, PoolUse, Surroundings};

async fn load(engine: &Engine, component: Vec<u8>) -> Result<Plugin, LoadError> {
    engine.load_bytes(Path::new("crooked.wasm"), component).await
}

fn around(limits: Limits) -> Surroundings {
    let manifest = common::manifest_toml(Kind::Target);
    Surroundings {
        settings: "{}".into(),
        grants: Arc::new(Grants::new(&manifest, &serde_json::Value::Null, Allowed::default())),
        limits: Arc::new(limits),
        clock: Arc::new(FixedClock { unix_ms: 0 }),
        state: Arc::new(MemoryState::default()),
        broker: Arc::new(NoNetwork),
        credentials: Arc::new(NoCredentials),
        folder: None,
    }
}

/// How a call of `probe` ends whose body is this.
async fn probed(body: &str) -> Result<(), String> {
    let engine = engine();
    let plugin = load(&engine, by_hand(&format!("(func $probe (result i32) {body})"))).await.unwrap();
    let ended = plugin.probe(around(Limits::default())).await;
    assert_eq!(engine.in_use(), PoolUse::default());
    ended.map(drop).map_err(|failed| failed.error.to_string())
}

/// How a call of `check` ends, for which the host has the plugin allocate memory by this function.
async fn checked(allocate: &str) -> Result<usize, String> {
    let engine = engine();
    let plugin = load(&engine, by_hand(allocate)).await.unwrap();
    let ended = plugin.check(Kind::Target, around(hurried()), "{\"a\":1}".into()).await;
    assert_eq!(engine.in_use(), PoolUse::default());
    ended.map(|answered| answered.answer.len()).map_err(|failed| failed.error.to_string())
}

fn hurried() -> Limits {
    Limits { cpu: std::time::Duration::from_millis(50), ..Limits::default() }
}

const RULE: &str = "it broke a rule between plugin and host: ";

#[tokio::test]
async fn an_upright_one_is_answered() {
    assert_eq!(probed("(i32.const 64)").await, Ok(()));
    assert_eq!(checked("").await, Ok(0));
}

#[tokio::test]
async fn texts_and_lists_that_are_none() {
    let log = |arguments: &str| format!("(call $log (i32.const 2) {arguments}) (i32.const 64)");
    for (arguments, reason) in [
        // The byte at 8 is 0xff, which begins no letter.
        ("(i32.const 8) (i32.const 1) (i32.const 0) (i32.const 0)", "invalid utf-8"),
        ("(i32.const 65530) (i32.const 100) (i32.const 0) (i32.const 0)", "out of bounds"),
        ("(i32.const -1) (i32.const 1) (i32.const 0) (i32.const 0)", "out of bounds"),
        ("(i32.const 0) (i32.const -1) (i32.const 0) (i32.const 0)", "out of bounds"),
        ("(i32.const 0) (i32.const 0) (i32.const 0) (i32.const -1)", "out of bounds"),
        ("(i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0x10000000)", "out of bounds"),
        ("(i32.const 0) (i32.const 0) (i32.const 1) (i32.const 1)", "not aligned"),
    ] {
        let said = probed(&log(arguments)).await.unwrap_err();
        assert!(said.starts_with(RULE) && said.contains(reason), "{arguments}: {said}");
    }
}

#[tokio::test]
async fn answers_that_are_none() {
    for (answer, reason) in [
        ("(i32.const 65544)", "out of bounds"),
        ("(i32.const -8)", "out of bounds"),
        ("(i32.const 3)", "not aligned"),
        // 0xff is neither success nor failure.
        ("(i32.const 8)", "invalid expected discriminant"),
    ] {
        let said = probed(answer).await.unwrap_err();
        assert!(said.starts_with(RULE) && said.contains(reason), "{answer}: {said}");
    }
}

#[tokio::test]
async fn an_allocator_that_cheats() {
    let allocator = |body: &str| format!("(func $realloc (param i32 i32 i32 i32) (result i32) {body})");
    for (body, reason) in [
        ("(i32.const 65536)", "beyond end of memory"),
        ("(i32.const -1)", "beyond end of memory"),
        (
            "(call $log (i32.const 2) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)) (i32.const 0)",
            "cannot leave",
        ),
        ("(loop (br 0)) (i32.const 0)", "it computed for more than 50ms"),
        ("unreachable", "wasm `unreachable`"),
    ] {
        let said = checked(&allocator(body)).await.unwrap_err();
        assert!(said.contains(reason), "{body}: {said}");
    }
}

#[tokio::test]
async fn cleaning_up_that_never_ends_or_fails() {
    let post = |body: &str| format!("(func $post (param i32) {body})");
    for (body, reason) in
        [("(loop (br 0))", "it computed for more than 50ms"), ("unreachable", "wasm `unreachable`")]
    {
        let said = checked(&post(body)).await.unwrap_err();
        assert!(said.contains(reason), "{body}: {said}");
    }
}

#[tokio::test]
async fn a_start_that_never_ends() {
    let engine = engine();
    let error = load(&engine, by_hand("(func $start (loop (br 0))) (start $start)")).await.err().unwrap();
    assert_eq!(
        error.author(),
        "crooked.wasm can't be instantiated: it computed for more than 1s and was ended; raise `cpu` in \
         [limits.plugin.NAME] if it needs that"
    );
    assert_eq!(engine.in_use(), PoolUse::default());
    load(&engine, by_hand("")).await.unwrap();
}

/// What a start may have is what any plugin may be given, since nobody has said yet what this one gets.
#[tokio::test]
async fn a_memory_that_is_large_from_the_start_counts_in_each_call() {
    let engine = engine_of(256 << 20);
    let plugin = load(&engine, large()).await.unwrap();
    let failed = plugin.probe(around(Limits::default())).await.err().unwrap();
    assert_eq!(failed.error, CallError::OutOfMemory { limit: 64 << 20 });
    let raised = Limits { memory_bytes: 128 << 20, ..Limits::default() };
    let answered = plugin.probe(around(raised)).await.unwrap();
    let tables = answered.report.memory_bytes - (1100 << 16);
    assert!((1..1024).contains(&tables), "{tables} bytes of tables");
    let error = load(&engine_of(64 << 20), large()).await.err().unwrap();
    assert!(error.author().contains("memory"), "{}", error.author());
}

#[tokio::test]
async fn tables_end_where_the_pool_does() {
    let flood = "(local $times i32)
        (loop $again
            (local.set $times (i32.add (local.get $times) (i32.const 1)))
            (br_if $again (i32.and
                (i32.ne (table.grow 0 (ref.null func) (i32.const 1000)) (i32.const -1))
                (i32.lt_u (local.get $times) (i32.const 1000)))))
        (if (i32.ge_u (local.get $times) (i32.const 100)) (then unreachable))
        (i32.const 64)";
    assert_eq!(probed(flood).await, Ok(()));
}

/// Handles to things of a plugin's own take room in the host as well.
#[tokio::test]
async fn handles_without_end() {
    let engine = engine();
    let component = in_world(
        |contract| {
            contract.replacen("  export uploader;", "  export uploader;\n  export mine;", 1)
                + "interface mine { resource thing { } }"
        },
        "(import \"[export]stint:plugin/mine@0.1.0\" \"[resource-new]thing\" (func $new (param i32) (result i32)))",
        "(func $probe (result i32) (loop (drop (call $new (i32.const 0))) (br 0)) (i32.const 64))",
    );
    let plugin = load(&engine, component).await.unwrap();
    let failed = plugin.probe(around(Limits::default())).await.err().unwrap();
    assert_eq!(
        failed.error.to_string(),
        format!("{RULE}cannot allocate another handle: store handle limit exceeded")
    );
    assert_eq!(engine.in_use(), PoolUse::default());
}
