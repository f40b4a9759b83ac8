//! The transform on the fake host: what an operator writes, and what is sent.

use serde_json::{Value, json};
use stint_plugin_sdk::testing::{Host, activity, attachment, custom, screenshot, time_entry};
use stint_plugin_sdk::{Event, Item, Label, Payload, Problem, Verdict};

use super::Redact;

fn apply(settings: &Value, item: Item) -> Verdict {
    let host = Host::new();
    host.set_settings(settings);
    host.transform::<Redact>().apply(item)
}

fn kept(settings: &Value, item: Item) -> Item {
    match apply(settings, item) {
        Verdict::Keep(item) => item,
        Verdict::Drop(reason) => panic!("dropped: {reason}"),
    }
}

fn check(settings: &Value) -> Vec<Problem> {
    let host = Host::new();
    host.set_settings(settings);
    host.transform::<Redact>().check()
}

#[test]
fn what_matches_is_replaced_everywhere() {
    let mut item = time_entry(Event::Stopped);
    item.labels = vec![
        Label { key: "team".into(), value: "draft".into() },
        Label { key: "desk".into(), value: "3".into() },
    ];
    let item = kept(&json!({ "replace": [{ "pattern": "(?i)draft", "with": "" }] }), item);
    assert_eq!(item.labels, [Label { key: "desk".into(), value: "3".into() }], "an empty label is left out");
    let entry = &item.time_entry().unwrap().entry;
    assert_eq!(entry.note.as_deref(), Some("Read the first "));
    assert_eq!(entry.tags, Vec::<String>::new(), "an empty tag is left out");
    assert_eq!(entry.project.as_deref(), Some("Website"));
}

#[test]
fn a_rule_keeps_to_its_fields_and_kinds() {
    let settings = json!({ "replace": [
        { "pattern": "(?s).*", "fields": ["title"], "kinds": ["activity"] },
        { "pattern": "e", "with": "3", "fields": ["task", "person"], "kinds": ["screenshot"] },
    ]});
    let item = kept(&settings, activity("Editor", "Salaries 2026"));
    let Payload::Activity(window) = &item.payload else { panic!("{item:?}") };
    assert_eq!(window.samples[0].title, None);
    assert_eq!(window.samples[0].app.as_deref(), Some("Editor"));
    assert_eq!(kept(&settings, time_entry(Event::Stopped)), time_entry(Event::Stopped));
}

#[test]
fn groups_are_put_back() {
    let settings = json!({ "replace": [{ "pattern": r"(\w+) the (?<order>first) draft", "with": "$order: ${1}ing", "fields": ["note"] }] });
    let item = kept(&settings, time_entry(Event::Stopped));
    assert_eq!(item.time_entry().unwrap().entry.note.as_deref(), Some("first: Reading"));
}

#[test]
fn json_of_a_custom_item_and_of_an_entry_is_redacted() {
    let settings = json!({ "replace": [{ "pattern": "desk-1|ada", "with": "-", "fields": ["data", "extra", "machine", "person"] }] });
    let item = kept(&settings, custom("visit", &json!({ "who": "ada", "where": ["desk-1", 7] })));
    let Payload::Custom(visit) = &item.payload else { panic!("{item:?}") };
    assert_eq!(serde_json::from_str::<Value>(&visit.data).unwrap(), json!({ "who": "-", "where": ["-", 7] }));
    let mut item = time_entry(Event::Edited);
    let Payload::TimeEntry(edited) = &mut item.payload else { panic!("{item:?}") };
    edited.entry.extra = r#"{"host":"desk-1"}"#.into();
    let item = kept(&settings, item);
    let entry = &item.time_entry().unwrap().entry;
    assert_eq!(
        (entry.extra.as_str(), entry.origin.machine.as_str(), entry.origin.person.as_str()),
        (r#"{"host":"-"}"#, "-", "-")
    );
}

#[test]
fn an_item_is_dropped_by_its_original_text() {
    let settings = json!({
        "drop": [{ "reason": "private", "fields": ["tags"], "pattern": "^draft$" }],
        "replace": [{ "pattern": "draft", "with": "work" }],
    });
    assert_eq!(apply(&settings, time_entry(Event::Stopped)), Verdict::drop("private"));
    let settings = json!({ "drop": [{ "reason": "no pictures", "kinds": ["screenshot"] }] });
    assert_eq!(apply(&settings, screenshot(attachment("a", "b", "c"))), Verdict::drop("no pictures"));
    assert_eq!(apply(&settings, time_entry(Event::Stopped)), Verdict::Keep(time_entry(Event::Stopped)));
}

#[test]
fn a_mistake_in_the_settings_is_told_at_its_place() {
    let [problem] = &check(&json!({ "replace": [{ "pattern": "(" }] }))[..] else { panic!("one problem") };
    assert_eq!(problem.path, "/replace/0/pattern");
    assert_eq!(
        problem.message,
        "this is no regular expression: found open group without closing ')' \
         (in single quotes, TOML leaves backslashes alone)"
    );
    let [problem] = &check(&json!({ "replace": [{ "pattern": "((a{100}){100}){100}" }] }))[..] else {
        panic!("one problem")
    };
    assert_eq!(problem.message, "this regular expression is too large; write fewer or smaller repetitions");
    let [problem] = &check(&json!({ "replace": [{ "pattern": "a", "fields": ["titel"] }] }))[..] else {
        panic!("one problem")
    };
    assert_eq!(
        (problem.path.as_str(), problem.hint.as_deref()),
        ("/replace/0/fields/0", Some("did you mean `title`?"))
    );
    assert_eq!(check(&json!({}))[0].message, "there is no rule, so everything would be sent as it is");
    assert_eq!(check(&json!({ "drop": [{ "reason": "x" }] }))[0].path, "/drop/0");
    assert_eq!(check(&json!({ "drop": [{ "reason": "x", "pattern": "y" }] })), []);
}
