//! `plugin.toml` and the embedded JSON, good and bad.

use super::*;
use crate::manifest::{CONTRACT, Idempotency, Kind, Ordering};

const GOOD: &str = include_str!("samples/full.toml");

fn no_file(_: &str) -> std::io::Result<String> {
    Err(std::io::ErrorKind::NotFound.into())
}

fn refusal(text: &str) -> String {
    Manifest::from_toml(text, no_file).unwrap_err().to_string()
}

#[test]
fn a_full_manifest_is_read_and_survives_the_way_through_json() {
    let manifest = Manifest::from_toml(GOOD, |path| {
        assert_eq!(path, "settings.schema.json");
        Ok(r#"{"type": "object"}"#.to_owned())
    })
    .unwrap();
    assert_eq!(manifest.name, "redmine");
    assert_eq!(manifest.contract, CONTRACT);
    assert_eq!(manifest.kinds, [Kind::Target, Kind::Transform]);
    let target = manifest.target.clone().unwrap();
    assert_eq!(target.idempotency, Idempotency::LookupBeforeCreate);
    assert_eq!(target.ordering, Ordering::PerEntry);
    assert_eq!((target.max_batch, target.max_in_flight, target.snapshots), (1, None, true));
    assert_eq!(manifest.asks.hosts.len(), 2);
    assert_eq!(manifest.asks.hosts[0].setting.as_deref(), Some("/url"));
    assert_eq!(Manifest::from_json(&manifest.to_json().unwrap()).unwrap(), manifest);
}

#[test]
fn the_shortest_manifest_asks_for_nothing() {
    let manifest = Manifest::from_toml(include_str!("samples/short.toml"), no_file).unwrap();
    assert_eq!(manifest.asks, crate::manifest::Asks::default());
    assert_eq!(manifest.settings_schema, None);
}

#[test]
fn a_misspelt_key_is_answered_with_its_correction_and_its_place() {
    assert_eq!(
        refusal(&GOOD.replace("description", "descriptoin")),
        "plugin.toml has a mistake: line 4, column 1: unknown field `descriptoin`, expected one of `name`, `version`, \
         `contract`, `kinds`, `description`, `licence`, `settings_schema`, `target`, `asks`; did you mean `description`?"
    );
    assert_eq!(
        refusal(&GOOD.replace("per-entry", "per-entri")),
        "plugin.toml has a mistake: line 10, column 12: unknown variant `per-entri`, expected `per-entry` or `none`; did \
         you mean `per-entry`?"
    );
    assert_eq!(
        refusal(&GOOD.replace("[asks.state]", "[ask.state]")),
        "plugin.toml has a mistake: line 28, column 2: unknown field `ask`, expected one of `name`, `version`, \
         `contract`, `kinds`, `description`, `licence`, `settings_schema`, `target`, `asks`; did you mean `asks`?"
    );
}

#[test]
fn a_value_of_another_shape_is_answered_with_what_to_write() {
    for (written, told) in [
        ("\"0.1\"", "unexpected end of input while parsing minor version number"),
        ("\"v1.0.0\"", "unexpected character 'v' while parsing major version number"),
        ("\"\"", "empty string, expected a semver version"),
        ("0.1", "invalid type: floating point `0.1`, expected semver version"),
    ] {
        assert_eq!(
            refusal(&format!("name = \"x\"\nversion = {written}")),
            format!(
                "plugin.toml has a mistake: line 2, column 11: {told}; write three numbers, such as \"0.1.0\""
            )
        );
    }
    assert_eq!(
        refusal("kinds = \"target\""),
        "plugin.toml has a mistake: line 1, column 9: invalid type: string \"target\", expected a sequence; write a list, \
         such as [\"target\"]"
    );
}

#[test]
fn a_schema_that_cannot_be_read_names_its_file() {
    assert_eq!(
        refusal(GOOD),
        "the settings schema `settings.schema.json` can't be used: entity not found; name a JSON file beside plugin.toml"
    );
    let error = Manifest::from_toml(GOOD, |_| Ok("{".to_owned())).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the settings schema `settings.schema.json` can't be used: EOF while parsing an object at line 1 column 1; name a \
         JSON file beside plugin.toml"
    );
}

#[test]
fn json_of_another_shape_is_refused() {
    let read = |json: &str| Manifest::from_json(json.as_bytes()).unwrap_err().to_string();
    assert_eq!(
        read("not json"),
        "the manifest is not JSON of the manifest's shape: expected ident at line 1 column 2; build it again with \
         `stint plugin build`"
    );
    assert_eq!(
        read(r#"{"nmae": "x"}"#),
        "the manifest is not JSON of the manifest's shape: unknown field `nmae`, expected one of `name`, `version`, \
         `contract`, `kinds`, `description`, `licence`, `settings_schema`, `target`, `asks` at line 1 column 7; did you \
         mean `name`?; build it again with `stint plugin build`"
    );
}

#[test]
fn of_a_manifest_for_another_contract_only_that_is_told() {
    let newer = |version: &str| {
        format!(
            "it was made for a newer stint (contract {version}, this one speaks 0.1.0); update stint, or get an older \
             build of the plugin"
        )
    };
    let older = |version: &str| {
        format!(
            "it was made for another stint (contract {version}, this one speaks 0.1.0); get a newer build of the plugin"
        )
    };
    let toml = |contract: &str, rest: &str| refusal(&format!("contract = \"{contract}\"\n{rest}"));
    let json = |contract: &str, rest: &str| {
        let json = format!("{{\"contract\": \"{contract}\"{rest}}}");
        Manifest::from_json(json.as_bytes()).unwrap_err().to_string()
    };
    let short = include_str!("samples/short.toml");
    assert_eq!(toml("0.2.0", short), newer("0.2.0"));
    assert_eq!(toml("0.2.0", &format!("{short}shape = \"round\"")), newer("0.2.0"));
    assert_eq!(toml("1.0.0", "kinds = [\"oracle\"]"), newer("1.0.0"));
    assert_eq!(toml("0.0.3", ""), older("0.0.3"));
    assert_eq!(toml("0.1.0-rc.1", short), older("0.1.0-rc.1"));
    assert_eq!(json("0.2.0", ""), newer("0.2.0"));
    assert_eq!(json(&format!("0.2.0-{}", "x".repeat(99)), ""), newer(&format!("0.2.0-{}…", "x".repeat(58))));
    assert_eq!(json("1.0.0", ", \"kinds\": [\"oracle\"], \"shape\": 3"), newer("1.0.0"));
    assert_eq!(json("0.0.3", ", \"version\": 1"), older("0.0.3"));
    assert_eq!(
        json("newest", ""),
        "the manifest is not JSON of the manifest's shape: unexpected character 'n' while parsing major version number \
         at line 1 column 21; build it again with `stint plugin build`"
    );
    Manifest::from_toml(&format!("contract = \"0.1.9\"\n{short}"), no_file)
        .expect("a later patch is the same contract");
}

#[test]
fn a_manifest_nested_without_end_is_refused() {
    for forged in ["[".repeat(200_000), "{\"settings_schema\":".repeat(10_000)] {
        let error = Manifest::from_json(forged.as_bytes()).unwrap_err();
        assert!(matches!(error, ManifestError::Unreadable { .. }), "{error}");
    }
}
