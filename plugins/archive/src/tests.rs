//! The archive on the fake host, through crashes and a folder that people tidy.

use serde_json::{Value, json};
use stint_plugin_sdk::files::Error;
use stint_plugin_sdk::testing::{Host, activity, attachment, screenshot, time_entry};
use stint_plugin_sdk::{Cause, Delivered, Event, Item, Label, Undelivered};

use super::Archive;

const DAY: &str = "2026-03-02.jsonl";

fn numbered(number: usize) -> Item {
    Item { id: format!("item-{number}"), ..time_entry(Event::Stopped) }
}

fn ids(host: &Host, path: &str) -> Vec<String> {
    let text = host.file(path).unwrap_or_default();
    let id = |line: &str| serde_json::from_str::<Value>(line).unwrap()["id"].as_str().unwrap().to_owned();
    text.lines().map(id).collect()
}

#[test]
fn each_item_becomes_a_line_of_its_day() {
    let host = Host::new();
    let target = host.target::<Archive>();
    let mut labelled = numbered(1);
    labelled.labels = vec![Label { key: "team".into(), value: "ops".into() }];
    assert_eq!(target.upload(labelled), Ok(Delivered::anonymous()));
    assert_eq!(target.upload(activity("Editor", "draft.txt")), Ok(Delivered::anonymous()));
    let tomorrow = Item { occurred_at: time_entry(Event::Stopped).occurred_at + 86_400_000, ..numbered(2) };
    assert_eq!(target.upload(tomorrow), Ok(Delivered::anonymous()));
    assert_eq!(host.paths(), [DAY, "2026-03-03.jsonl"]);
    let text = host.file(DAY).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0]["kind"], "time-entry");
    assert_eq!(lines[0]["at"], "2026-03-02T12:00:00Z");
    assert_eq!(lines[0]["labels"], json!({ "team": "ops" }));
    assert_eq!(lines[0]["data"]["event"], "stopped");
    assert_eq!(lines[0]["data"]["entry"]["worked_ms"], 3_600_000);
    assert_eq!(lines[1]["kind"], "activity");
    assert_eq!(lines[1]["labels"], Value::Null);
    assert_eq!(lines[1]["data"]["samples"][0]["title"], "draft.txt");
}

#[test]
fn a_crash_between_append_and_settle_doubles_nothing() {
    let host = Host::new();
    let target = host.target::<Archive>();
    target.upload(numbered(1)).unwrap();
    for _ in 0..3 {
        target.upload_and_crash(numbered(2));
        assert_eq!(ids(&host, DAY), ["item-1", "item-2"]);
    }
    target.upload(numbered(2)).unwrap();
    // Another item of the same lane may come before the one that crashed.
    target.upload_and_crash(numbered(3));
    target.upload(numbered(4)).unwrap();
    target.upload(numbered(3)).unwrap();
    assert_eq!(ids(&host, DAY), ["item-1", "item-2", "item-4", "item-3"]);
}

#[test]
fn a_batch_is_one_append_a_day() {
    let host = Host::new();
    let target = host.target::<Archive>();
    let late = time_entry(Event::Stopped).occurred_at + 86_400_000;
    let items = [numbered(1), numbered(2), Item { occurred_at: late, ..numbered(3) }, numbered(4)];
    assert_eq!(target.upload_batch(&items), vec![Ok(Delivered::anonymous()); 4]);
    assert_eq!(ids(&host, DAY), ["item-1", "item-2", "item-4"]);
    assert_eq!(ids(&host, "2026-03-03.jsonl"), ["item-3"]);
}

#[test]
fn a_full_disk_fails_its_own_day_only_and_blames_no_item() {
    let host = Host::new();
    let target = host.target::<Archive>();
    host.fail_next_file(Error::Full("no space left on the disk".into()));
    let late = time_entry(Event::Stopped).occurred_at + 86_400_000;
    let outcomes =
        target.upload_batch(&[numbered(1), numbered(2), Item { occurred_at: late, ..numbered(3) }]);
    let Err(Undelivered::Retry(failure)) = &outcomes[0] else { panic!("{outcomes:?}") };
    assert_eq!((&failure.cause, failure.message.as_str()), (&Cause::Quota, "no space left on the disk"));
    assert_eq!(outcomes[0], outcomes[1]);
    assert_eq!(outcomes[2], Ok(Delivered::anonymous()));
    assert_eq!(host.paths(), ["2026-03-03.jsonl"]);
}

#[test]
fn a_screenshot_is_a_file_and_a_line() {
    let host = Host::new();
    let target = host.target::<Archive>();
    let mut item = screenshot(attachment("shot.jpg", "image/jpeg", "pixels"));
    if let stint_plugin_sdk::Payload::Screenshot(shot) = &mut item.payload {
        shot.monitor = "../DP 1".into();
    }
    let path = "screenshots/2026-03-02/120000-___DP_1-0195573a-9d00-7000-8000-000000000002.jpg";
    target.upload(item).unwrap();
    assert_eq!(host.file(path).as_deref(), Some("pixels"));
    let line: Value = serde_json::from_str(&host.file(DAY).unwrap()).unwrap();
    assert_eq!(line["picture"], path);
    assert_eq!(line["data"]["file"]["size"], 6);
}

#[test]
fn pictures_may_stay_out_of_the_archive() {
    let host = Host::new();
    host.set_settings(&json!({ "screenshots": false }));
    host.target::<Archive>().upload(screenshot(attachment("shot.jpg", "image/jpeg", "pixels"))).unwrap();
    assert_eq!(host.paths(), [DAY]);
    let line: Value = serde_json::from_str(&host.file(DAY).unwrap()).unwrap();
    assert_eq!(line["picture"], Value::Null);
}

#[test]
fn a_file_that_was_moved_away_begins_anew_and_a_shortened_one_holds_the_target() {
    let host = Host::new();
    let target = host.target::<Archive>();
    host.set_state(&format!("length/{DAY}"), b"1000");
    target.upload(numbered(1)).unwrap();
    assert_eq!(ids(&host, DAY), ["item-1"]);
    host.set_file(DAY, "");
    let outcome = target.upload(numbered(2));
    let Err(Undelivered::Retry(failure)) = &outcome else { panic!("{outcome:?}") };
    assert_eq!(failure.cause, Cause::Misconfigured);
}

#[test]
fn settings_are_few() {
    let host = Host::new();
    assert_eq!(host.target::<Archive>().check(), []);
    host.set_settings(&json!({ "screenshot": true }));
    assert_eq!(host.target::<Archive>().check()[0].hint.as_deref(), Some("did you mean `screenshots`?"));
}
