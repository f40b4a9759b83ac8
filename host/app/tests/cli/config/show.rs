//! `stint config show` and `schema`: what counts, and where it came from.

use serde_json::{Value, json};

use super::{FILE, Home};

const TEXT: &str = "[sync]\ninterval = \"90s\"\n\n[targets.work]\nplugin = \"rest\"\nallow = [\"https://a.test\"]\n\n\
                    [targets.work.settings]\nnote = \"two\\nlines \\u202e\"\napi_token = \"hunter2\"\n";

#[test]
fn what_is_shown_is_toml_and_means_the_same() {
    let home = Home::with(TEXT);
    let shown = home.stint(&["config", "show"]).ok().stdout;
    assert!(shown.contains("sync.interval = \"1m30s\"\n"), "{shown}");
    assert!(shown.contains("\nsync.max_attempts = 5\n"), "{shown}");
    let read: toml::Table = shown.parse().unwrap();
    assert_eq!(read["targets"]["work"]["allow"][0].as_str(), Some("https://a.test"));
    assert_eq!(read["targets"]["work"]["settings"]["note"].as_str(), Some("two\nlines \u{202e}"));
    assert!(!shown.contains('\u{202e}'), "{shown}");

    // The secret is masked, so it can't be the same; all else is.
    home.workshop.replace(FILE, "api_token = \"hunter2\"\n", "");
    let shown = home.stint(&["config", "show"]).ok().stdout;
    home.workshop.write(FILE, &shown);
    assert_eq!(home.stint(&["config", "show"]).ok().stdout, shown);
}

#[test]
fn every_value_can_say_where_it_came_from() {
    let home = Home::with(TEXT);
    let env = [("STINT_LOG__LEVEL", "debug")];
    let said = home.with_env(&env, &["config", "show", "--origin", "--data-dir", "/data"]).ok();
    for line in [
        "sync.interval = \"1m30s\"  # ~/.config/stint/stint.toml:2:12\n",
        "log.level = \"debug\"  # $STINT_LOG__LEVEL\n",
        "storage.data_dir = \"/data\"  # --data-dir\n",
        "sync.max_attempts = 5  # default\n",
        "targets.work.settings.api_token = \"•••\"  # ~/.config/stint/stint.toml:10:13\n",
    ] {
        assert!(said.stdout.contains(line), "{line} in\n{}", said.stdout);
    }
    assert!(!said.stdout.contains("hunter2"));
}

#[test]
fn as_json_each_value_has_its_type_and_its_origin() {
    let home = Home::with(TEXT);
    let shown = home.json(&["config", "show"]);
    assert_eq!(shown["version"], 1);
    assert_eq!(shown["files"], json!(["~/.config/stint/stint.toml"]));
    let find = |key: &str| -> Value {
        let settings = shown["settings"].as_array().unwrap();
        settings.iter().find(|setting| setting["key"] == key).unwrap().clone()
    };
    assert_eq!(
        find("targets.work.allow"),
        json!({
            "key": "targets.work.allow", "value": ["https://a.test"],
            "origin": {"file": "~/.config/stint/stint.toml", "line": 6, "column": 9},
        })
    );
    assert_eq!(
        find("sync.max_attempts"),
        json!({"key": "sync.max_attempts", "value": 5, "origin": {"default": true}})
    );
    assert_eq!(find("targets.work.settings.api_token")["value"], "•••");
}

#[test]
fn the_schema_is_the_one_that_is_kept() {
    let kept = include_str!("../../../../../config/stint.schema.json");
    for args in [&["config", "schema"][..], &["config", "schema", "--json"]] {
        let said = Home::empty().stint(args).ok();
        assert!(said.stdout == kept, "{args:?}");
    }
}
