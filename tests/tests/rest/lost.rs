//! Answers that are lost after the backend has done what it was asked, and requests that are lost before.

use serde_json::{Value, json};
use stint_plugin_runtime::contract::{Event, Finding, Found, Outcome};
use stint_tests::backend::{Config, Fault, Rule};

use crate::stage::{Stage, event};

/// The example, with a way to ask for a start.
fn with_lookup(settings: &mut Value) {
    settings["routes"]["time-entry"]["started"]["lookup"] =
        json!({ "path": "/time-entries?key={key}", "found": "/0/id" });
}

fn started() -> stint_plugin_runtime::Item {
    event(Event::Started, "k1", None)
}

#[tokio::test]
async fn a_lost_answer_has_one_effect_where_the_backend_goes_by_the_key() {
    let stage = Stage::new().await;
    for fault in [Fault::Cut, Fault::Reset, Fault::Truncate] {
        stage.backend.fail(Rule::new(fault).after_commit().once());
        let outcome = stage.upload(started()).await;
        assert!(matches!(outcome, Outcome::Unknown(_)), "{outcome:?}");
        // Without a lookup the plugin says at once that the same request may go out again.
        assert!(matches!(stage.lookup(started()).await, Finding::Absent));
    }
    assert_eq!(stage.delivered(started()).await.as_deref(), Some("entry-1"));
    assert_eq!(stage.backend.effects(), [("k1".to_owned(), 1)].into());
    assert_eq!((stage.backend.counts().requests, stage.backend.counts().replays), (4, 3));
}

#[tokio::test]
async fn a_lost_answer_is_asked_for_where_the_backend_knows_no_keys() {
    let stage = Stage::with(Config { honours_keys: false, ..Config::default() }, with_lookup).await;
    stage.backend.fail(Rule::new(Fault::Cut).once());
    assert!(matches!(stage.upload(started()).await, Outcome::Unknown(_)));
    assert!(matches!(stage.lookup(started()).await, Finding::Absent));
    stage.backend.fail(Rule::new(Fault::Cut).after_commit().once());
    assert!(matches!(stage.upload(started()).await, Outcome::Unknown(_)));
    let finding = stage.lookup(started()).await;
    let Finding::Found(Found { remote_id, current: true }) = finding else { panic!("{finding:?}") };
    assert_eq!(remote_id, "entry-1");
    assert_eq!(stage.backend.effects(), [("k1".to_owned(), 1)].into());
}
