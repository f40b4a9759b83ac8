//! A day of work: what happens to the timer reaches the backend at once, in order, once.

use std::{
    io::{BufRead as _, BufReader},
    process::Stdio,
    sync::mpsc,
};

use serde_json::{Value, json};

use super::stage::{Stage, backend};
use crate::desk::until;

#[test]
fn a_day_arrives_in_order_and_once_and_whoever_listens_hears_of_it() {
    let backend = backend();
    let stage = Stage::one(&backend);
    let host = stage.host();
    let mut tap = stage.desk.command(&["tap", "--json"]).stdout(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(tap.stdout.take().unwrap()).lines();
    let (hearing, heard) = mpsc::channel();
    let listener = std::thread::spawn(move || {
        for line in lines {
            // Nobody hears the end.
            let _ = hearing.send(line.unwrap());
        }
    });
    // What it hears first shows that it listens.
    while heard.try_recv().is_err() {
        stage.desk.stint(&["target", "pause", "work"]).ok();
        stage.desk.stint(&["target", "resume", "work"]).ok();
    }
    for verb in ["start", "pause", "resume", "stop"] {
        stage.desk.stint(&[verb]).ok();
    }
    backend.until_blocking(|ledger, _| ledger.effects.len() == 4);
    let ledger = backend.ledger();
    assert_eq!(ledger.order("entry-1"), ["start", "pause", "resume", "stop"]);
    assert!(ledger.doubled().is_empty() && ledger.altered.is_empty());
    until("all is settled", || stage.count("work", "sent") == 4);
    assert_eq!(backend.counts().requests, 4, "no request was for nothing");
    let plugins = stage.desk.json(&["plugin", "list"])["plugins"].take();
    assert!(plugins[0]["serves_since"].is_string(), "{plugins}");

    let mut delivered = Vec::new();
    while delivered.len() < 4 {
        let told: Value = serde_json::from_str(&heard.recv().unwrap()).unwrap();
        if told["event"] == "delivered" {
            assert_eq!(
                (&told["target"], &told["item"]["kind"]),
                (&json!("work"), &json!("time-entry")),
                "{told}"
            );
            delivered.push(told["item"]["number"].as_u64().unwrap());
        }
    }
    assert_eq!(delivered, [1, 2, 3, 4]);
    tap.kill().unwrap();
    tap.wait().unwrap();
    listener.join().unwrap();

    let metrics = stage.get("/metrics");
    assert!(metrics.starts_with("HTTP/1.1 200 OK\r\n"), "{metrics}");
    for figure in [
        "stint_deliveries{target=\"work\",state=\"sent\"} 4\n",
        "stint_attempts_total{target=\"work\",outcome=\"delivered\",cause=\"\"} 4\n",
        "stint_target_held{target=\"work\"} 0\n",
        "stint_calls_in_flight{target=\"work\"} 0\n",
        "stint_plugin_calls_total{plugin=\"rest\"} 4\n",
        "stint_plugin_requests_total{plugin=\"rest\"} 4\n",
        "stint_plugin_failed_calls_total{plugin=\"rest\"} 0\n",
        "stint_delivery_seconds_count{target=\"work\"} 4\n",
    ] {
        assert!(metrics.contains(figure), "{figure} is not in:\n{metrics}");
    }
    assert!(metrics.contains("stint_plugin_memory_bytes_max{plugin=\"rest\"}"), "{metrics}");
    assert_eq!(host.end(), 0, "{}", stage.desk.log());
    assert!(!stage.desk.log().contains(super::stage::KEY), "no secret is told");
}

#[test]
fn what_was_recorded_without_a_host_arrives_when_one_runs() {
    let backend = backend();
    let stage = Stage::one(&backend);
    for verb in ["start", "stop", "continue", "stop"] {
        stage.desk.stint(&[verb]).ok();
    }
    let _host = stage.host();
    stage.desk.stint(&["sync", "--wait"]).ok();
    assert_eq!(backend.ledger().effects.len(), 4);
    assert!(backend.ledger().doubled().is_empty());
}
