//! An entry from its start to its end, with a screenshot in between.

use serde_json::json;
use stint_plugin_runtime::contract::Event;
use stint_tests::backend::Config;

use crate::stage::{Stage, event, screenshot};

#[tokio::test]
async fn an_entry_arrives_in_order_and_once() {
    let stage = Stage::new().await;
    let id = stage.delivered(event(Event::Started, "k1", None)).await.unwrap();
    for (what, key) in [(Event::Paused, "k2"), (Event::Resumed, "k3")] {
        assert_eq!(stage.delivered(event(what, key, Some(&id))).await, None);
    }
    assert_eq!(stage.delivered(screenshot(b"pixels", "k4", Some(&id))).await, None);
    stage.delivered(event(Event::Stopped, "k5", Some(&id))).await;
    let ledger = stage.backend.ledger();
    assert_eq!(ledger.order(&id), ["start", "pause", "resume", "screenshot", "stop"]);
    assert_eq!(ledger.effects, ["k1", "k2", "k3", "k4", "k5"].map(|key| (key.to_owned(), 1)).into());
    let steps = &ledger.entries[&id].order;
    assert_eq!(
        steps[0].body,
        json!({ "project": "Website", "note": "Read the first draft", "startedAt": "2026-03-02T11:00:00Z" })
    );
    assert_eq!(steps[4].body, json!({ "at": "2026-03-02T12:00:00Z", "workedSeconds": 3600 }));
    assert_eq!((ledger.screenshots[0].size, ledger.screenshots[0].mime.as_str()), (6, "image/jpeg"));
}

#[tokio::test]
async fn a_picture_of_megabytes_arrives_whole() {
    let stage = Stage::new().await;
    let id = stage.delivered(event(Event::Started, "k1", None)).await.unwrap();
    let bytes: Vec<u8> = (0..5_000_000_u32).map(|index| u8::try_from(index % 251).unwrap()).collect();
    stage.delivered(screenshot(&bytes, "k2", Some(&id))).await;
    assert_eq!(stage.backend.ledger().screenshots[0].size, 5_000_000);
}

#[tokio::test]
async fn what_is_put_under_its_own_key_is_there_once() {
    let stage = Stage::with(Config::default(), |settings| {
        let example: toml::Table =
            include_str!("../../../plugins/rest/examples/put-overwrite.toml").parse().unwrap();
        let url = settings["url"].clone();
        *settings = serde_json::to_value(&example["targets"]["mirror"]["settings"]).unwrap();
        settings["url"] = url;
    })
    .await;
    for what in [Event::Started, Event::Started, Event::Stopped] {
        assert_eq!(stage.delivered(event(what, "k1", None)).await, None);
    }
    let ledger = stage.backend.ledger();
    let order = &ledger.entries["9f0c1f6e-2222-5000-8000-000000000004"].order;
    let events: Vec<&str> = order.iter().map(|step| step.body["event"].as_str().unwrap()).collect();
    assert_eq!((events.as_slice(), stage.backend.counts().requests), (["started", "stopped"].as_slice(), 3));
}
