//! Bodies that no client of ours sends: none of them brings the router down, and none is the host's own fault.

use axum::{
    body::Body,
    http::{Request, header},
};
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use stint_clock::SystemClock;
use stint_config::{Flag, Loaded};
use stint_engine::{Current, Owner, Presence};
use tower::ServiceExt as _;

const BODIES: u32 = 10_000;

const WRITES: [(&str, &str); 20] = [
    ("POST", "/api/v1/timer/start"),
    ("POST", "/api/v1/timer/pause"),
    ("POST", "/api/v1/timer/stop"),
    ("POST", "/api/v1/timer/undo"),
    ("POST", "/api/v1/entries"),
    ("PATCH", "/api/v1/entries/0195570b-0000-7000-8000-00000000000e"),
    ("DELETE", "/api/v1/entries/1"),
    ("PATCH", "/api/v1/gaps/1"),
    ("POST", "/api/v1/auth/changed"),
    ("POST", "/api/v1/queue/retry"),
    ("POST", "/api/v1/queue/drop"),
    ("POST", "/api/v1/queue/move"),
    ("POST", "/api/v1/queue/backfill"),
    ("POST", "/api/v1/sync"),
    ("POST", "/api/v1/targets/work/pause"),
    ("POST", "/api/v1/screenshots"),
    ("POST", "/api/v1/screenshots/pause"),
    ("DELETE", "/api/v1/screenshots/1"),
    ("POST", "/api/v1/import"),
    ("POST", "/api/v1/nothing"),
];

/// Names that bodies have, with any value; `wait_ms` isn't among them, because it would be waited.
const NAMES: &str = "command_id|at|project|task|note|tags|billable|start|end|kept|items|all|target|reprepare|from|to|since|rows|name|for_ms|x";

fn value() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        ".{0,40}".prop_map(Into::into),
        Just("2026-03-02T09:00:00Z".into()),
        Just("0195570b-0000-7000-8000-00000000000e".into()),
        Just("work".into()),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
            prop::collection::vec((NAMES, inner), 0..4).prop_map(object),
        ]
    })
}

fn object(members: Vec<(String, serde_json::Value)>) -> serde_json::Value {
    serde_json::Value::Object(members.into_iter().collect())
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    let object = prop::collection::vec((NAMES, value()), 0..5)
        .prop_map(|members| object(members).to_string().into_bytes());
    prop_oneof![2 => prop::collection::vec(any::<u8>(), 0..200), 5 => object]
}

async fn owner(dir: &std::path::Path) -> Owner {
    let data = Flag::new("--data-dir", "storage.data_dir", dir.to_str().unwrap()).unwrap();
    let config = dir.join("stint.toml");
    std::fs::write(&config, "[targets.work]\nplugin = \"nothing\"\naccepts = [\"time-entry\"]\n").unwrap();
    let request =
        stint_config::Request::new(Some(config), vec![data], std::env::vars_os().take(0), dir.to_path_buf());
    let loaded: Loaded = stint_config::load(&request).unwrap();
    let clock = std::sync::Arc::new(SystemClock::new().unwrap());
    let since = stint_clock::Clock::sample(&*clock).wall;
    Owner::open(Current::from(loaded), crate::place::here(), clock, Presence::Host { since }).await.unwrap()
}

#[test]
fn ten_thousand_bodies_are_answered() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let dir = tempfile::tempdir().unwrap();
    let owner = runtime.block_on(owner(dir.path()));
    let router = super::router(owner.desk.clone());
    let config = Config { cases: BODIES, failure_persistence: None, ..Config::default() };
    let ran = TestRunner::new(config).run(&(0..WRITES.len(), body()), |(which, body)| {
        let (method, path) = WRITES[which];
        let request =
            Request::builder().method(method).uri(path).header(header::CONTENT_TYPE, "application/json");
        let request = request.body(Body::from(body.clone())).unwrap();
        let answered = runtime.block_on(router.clone().oneshot(request)).unwrap();
        prop_assert!(
            answered.status().as_u16() < 500,
            "{method} {path} {}: {}",
            String::from_utf8_lossy(&body),
            answered.status()
        );
        Ok(())
    });
    ran.unwrap();
}
