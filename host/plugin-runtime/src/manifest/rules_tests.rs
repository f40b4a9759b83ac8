//! Each rule broken once, with the text that says so.

use super::*;
use crate::manifest::{AskedCredential, AskedHost};

fn good() -> Manifest {
    Manifest::from_toml(include_str!("samples/full.toml"), |_| Ok("{}".to_owned())).unwrap()
}

fn refusal(change: impl FnOnce(&mut Manifest)) -> String {
    let mut manifest = good();
    change(&mut manifest);
    Manifest::from_json(&manifest.to_json().unwrap()).unwrap_err().to_string()
}

#[test]
fn who_it_is() {
    assert_eq!(
        refusal(|m| m.name = "Red\u{1b}mine".into()),
        "/name: `Red\\u{1b}mine` is no name for a plugin (small letters, digits and `-`, a letter first, at most 64)"
    );
    let long = || semver::Version::parse(&format!("0.1.0+{}", "x".repeat(59))).unwrap();
    assert_eq!(refusal(|m| m.version = long()), "/version: 65 characters are too many (at most 64)");
    assert_eq!(refusal(|m| m.contract = long()), "/contract: 65 characters are too many (at most 64)");
    assert_eq!(refusal(|m| m.licence = " ".into()), "/licence: nothing is written here (say it in words)");
    assert_eq!(
        refusal(|m| m.description = "clears \u{1b}[2J the screen".into()),
        "/description: a control character is in the text (write it as one line of plain text)"
    );
    assert_eq!(
        refusal(|m| m.description = "x".repeat(601)),
        "/description: 601 characters are too many (at most 600)"
    );
}

#[test]
fn what_kind_it_is() {
    let text =
        "/kinds: a plugin is of at least one kind, and names each once (for example kinds = [\"target\"])";
    assert_eq!(refusal(|m| m.kinds.push(Kind::Target)), text);
    assert!(refusal(|m| m.kinds.clear()).starts_with(text));
    assert_eq!(
        refusal(|m| m.target = None),
        "/target: a target has to say how it delivers (add [target] with idempotency, ordering and accepts)"
    );
}

#[test]
fn how_it_delivers() {
    assert_eq!(
        refusal(|m| m.target.as_mut().unwrap().max_batch = 0),
        "/target/max_batch: 0 items in a call is not possible (1 to 1000)"
    );
    assert_eq!(
        refusal(|m| m.target.as_mut().unwrap().max_in_flight = Some(0)),
        "/target/max_in_flight: a target without any call delivers nothing (1 or more, or take it out)"
    );
    assert_eq!(
        refusal(|m| m.target.as_mut().unwrap().accepts.clear()),
        "/target/accepts: a target that accepts nothing gets nothing (name kinds of items: time-entry, screenshot, \
         activity)"
    );
    for (slip, meant) in [
        ("time-entri", "time-entry"),
        ("time-entries", "time-entry"),
        ("screenshots", "screenshot"),
        ("activities", "activity"),
    ] {
        assert_eq!(
            refusal(|m| m.target.as_mut().unwrap().accepts[0] = slip.into()),
            format!(
                "/target/accepts/0: `{slip}` is no kind of item (did you mean `{meant}`? A custom kind needs a name of its \
                 own)"
            )
        );
    }
    for custom in ["screencast", "mileage", "time-off"] {
        let mut manifest = good();
        manifest.target.as_mut().unwrap().accepts.push(custom.into());
        Manifest::from_json(&manifest.to_json().unwrap()).expect(custom);
    }
    assert_eq!(
        refusal(|m| m.target.as_mut().unwrap().accepts[0] = "Time-Entry".into()),
        "/target/accepts/0: `Time-Entry` is no kind of item (did you mean `time-entry`?)"
    );
}

#[test]
fn what_it_asks_for() {
    let host = |change: fn(&mut AskedHost)| refusal(|m| change(&mut m.asks.hosts[1]));
    assert_eq!(
        host(|asked| asked.setting = Some("/url".into())),
        "/asks/hosts/1: a host is asked for by its name or by a setting that holds it (write either host = \
         \"https://…\" or setting = \"/url\")"
    );
    assert_eq!(
        host(|asked| asked.host = Some("redmine".into())),
        "/asks/hosts/1/host: `redmine` has no scheme (for example https://api.example.com, https://*.example.com or \
         http://10.0.0.0/8)"
    );
    assert_eq!(
        host(|asked| (asked.host, asked.setting) = (None, Some("url".into()))),
        "/asks/hosts/1/setting: `url` is no JSON pointer (for example setting = \"/url\")"
    );
    assert_eq!(
        host(|asked| (asked.host, asked.setting) = (None, Some("/u\u{1b}rl".into()))),
        "/asks/hosts/1/setting: a control character is in the text (write it as one line of plain text)"
    );
    assert_eq!(
        host(|asked| asked.methods.clear()),
        "/asks/hosts/1/methods: no method is asked for (for example methods = [\"POST\"])"
    );
    assert_eq!(
        host(|asked| asked.methods = vec!["psot".into()]),
        "/asks/hosts/1/methods: `psot` is no method (did you mean `POST`?)"
    );
    assert_eq!(
        host(|asked| asked.methods = vec!["PSOT".into()]),
        "/asks/hosts/1/methods: `PSOT` is no method (did you mean `POST`?)"
    );
    for own in
        ["PROPFIND", "PROPPATCH", "REPORT", "UPDATE", "COPY", "LOCK", "PURGE", "QUERY", "LINK", "TRACE"]
    {
        let mut manifest = good();
        manifest.asks.hosts[1].methods.push(own.into());
        Manifest::from_json(&manifest.to_json().unwrap()).expect(own);
    }
    assert_eq!(
        host(|asked| asked.reason.clear()),
        "/asks/hosts/1/reason: nothing is written here (say it in words)"
    );
    assert_eq!(
        refusal(|m| m.asks.credentials = vec![AskedCredential { name: "My Key".into(), reason: "x".into() }]),
        "/asks/credentials/0/name: `My Key` is no name for a credential (for example name = \"default\")"
    );
    assert_eq!(
        refusal(|m| m.asks.state.as_mut().unwrap().reason.clear()),
        "/asks/state/reason: nothing is written here (say it in words)"
    );
}

#[test]
fn only_a_target_reaches_out_and_a_policy_keeps_nothing() {
    assert_eq!(
        refusal(|m| {
            m.kinds = vec![Kind::Policy];
            m.target = None;
        }),
        "/asks/hosts: only a target may ask for the network (take asks.hosts out, or make the plugin a target); \
         /asks/credentials: only a target may ask for credentials (take asks.credentials out, or make the plugin a \
         target); /asks/files: only a target may ask for files (take asks.files out, or make the plugin a target); \
         /asks/attachments: a policy has no attachments (take [asks.attachments] out); /asks/state: a policy has no \
         state (take [asks.state] out)"
    );
    assert_eq!(
        refusal(|m| {
            m.kinds = vec![Kind::Transform];
            m.asks = crate::manifest::Asks::default();
        }),
        "/target: only a target delivers (take [target] out, or add \"target\" to kinds)"
    );
}

#[test]
fn its_schema_is_one_that_can_be_used() {
    assert_eq!(
        refusal(|m| m.settings_schema = Some(serde_json::json!({"propertys": {}}))),
        "/settings_schema/propertys: the keyword `propertys` is not supported (did you mean `properties`?)"
    );
}

#[test]
fn a_setting_with_an_address_is_one_that_can_be_written() {
    let schema = serde_json::json!({
        "additionalProperties": false,
        "properties": {"url": {"type": "string"}, "port": {"type": "integer"}}
    });
    let refused = |pointer: &str| {
        refusal(|m| {
            m.settings_schema = Some(schema.clone());
            m.asks.hosts[0].setting = Some(pointer.into());
        })
    };
    assert_eq!(
        refused("/ulr"),
        "/asks/hosts/0/setting: settings_schema has no text at `/ulr` (did you mean `/url`?)"
    );
    assert_eq!(
        refused("/port"),
        "/asks/hosts/0/setting: settings_schema has no text at `/port` (name a setting that settings_schema has as a text)"
    );
    assert_eq!(
        refusal(|m| m.settings_schema = None),
        "/asks/hosts/0/setting: a plugin without settings_schema takes no settings (add settings_schema, or write host = \
         \"https://…\")"
    );
}

#[test]
fn settings_are_held_against_the_schema_and_none_are_taken_without_one() {
    let mut manifest = good();
    let settings = serde_json::json!({"url": 3});
    manifest.settings_schema = Some(serde_json::json!({"properties": {"url": {"type": "string"}}}));
    assert_eq!(
        manifest.check_settings(&settings),
        [Problem::new("/url", "a number is of the wrong type", "write a text in quotes")]
    );
    manifest.settings_schema = None;
    assert_eq!(
        manifest.check_settings(&settings),
        [Problem::new("", "this plugin takes no settings", "take them out")]
    );
    assert_eq!(manifest.check_settings(&serde_json::json!({})), []);
}
