//! `stint config edit KEY=VALUE` and `--unset KEY`.

use serde_json::json;

use super::{Home, error};

const TEXT: &str = "# mine\n[sync]\n# slow at home\ninterval = \"5m\" # minutes\n";

#[test]
fn one_value_changes_and_comments_stay() {
    let home = Home::with(TEXT);
    let said = home.stint(&["config", "edit", "sync.interval=30s"]).ok();
    let expected = "changed ~/.config/stint/stint.toml\n\
                    sync.interval = \"30s\"  # ~/.config/stint/stint.toml:4:12\n";
    assert_eq!((said.stdout.as_str(), said.stderr.as_str()), (expected, ""));
    assert_eq!(home.text(), TEXT.replace("5m", "30s"));
    home.stint(&["config", "edit", "sync.batch = [1, 2]"]).ok();
    assert_eq!(home.text(), format!("{}batch = [1, 2]\n", TEXT.replace("5m", "30s")));
}

#[test]
fn a_value_taken_out_has_its_default_again() {
    let home = Home::with(TEXT);
    let said = home.stint(&["config", "edit", "--unset", "sync.interval"]).ok();
    assert_eq!(said.stdout, "changed ~/.config/stint/stint.toml\nsync.interval = \"1m\"  # default\n");
    assert_eq!(home.text(), "# mine\n[sync]\n# slow at home\n");
    home.stint(&["config", "edit", "--unset", "sync.interval"]).failed(
        65,
        "error: failed to take `sync.interval` out: it isn't written in ~/.config/stint/stint.toml\n \
         hint: see `stint config show --origin` for where its value comes from\n",
    );
}

#[test]
fn the_first_value_makes_the_file() {
    let home = Home::empty();
    let said = home.json(&["config", "edit", "log.level=debug"]);
    assert_eq!(
        said,
        json!({
            "version": 1, "path": "~/.config/stint/stint.toml", "changed": true, "overridden_by": null,
            "setting": {"key": "log.level", "value": "debug",
                        "origin": {"file": "~/.config/stint/stint.toml", "line": 2, "column": 9}},
        })
    );
    assert_eq!(home.text(), "[log]\nlevel = \"debug\"\n");
}

#[test]
fn a_mistyped_file_is_not_made() {
    let home = Home::empty();
    home.stint(&["config", "edit", "log.level=debug", "--config", "stnit.toml"]).failed(
        78,
        "error: failed to change the configuration, because it can't be read; correct that first\n",
    );
    assert!(!home.workshop.path("stnit.toml").exists());
}

#[test]
fn a_value_that_would_be_wrong_is_not_written() {
    let home = Home::with(TEXT);
    let said = home.stint(&["config", "edit", "sync.interval=soon"]);
    assert!(
        said.stderr.contains("4 | interval = \"soon\" # minutes\n  |            ^^^^^^\n"),
        "{}",
        said.stderr
    );
    said.failed(
        78,
        "error: failed to change the configuration, which would be wrong then; nothing was written\n",
    );
    let unknown = home.stint(&["config", "edit", "sync.intervall=5m", "--json"]);
    let error = error(&unknown);
    assert_eq!(error["diagnostics"][0]["hint"], "did you mean `interval`?");
    assert_eq!(home.text(), TEXT);
}

#[test]
fn a_secret_is_refused_and_not_repeated() {
    let home = Home::with("[credentials.key]\nscheme = \"bearer\"\nvalue = { env = \"KEY\" }\n");
    for args in [
        &["config", "edit", "credentials.key.value=hunter2"][..],
        &["config", "edit", "credentials.key.value=hunter2", "--json"],
    ] {
        let said = home.stint(args);
        assert_eq!(said.code, 78);
        assert!(!said.stderr.contains("hunter2") && said.stderr.contains("•••"), "{}", said.stderr);
    }
}

#[test]
fn a_later_layer_that_counts_instead_is_named() {
    let home = Home::with(TEXT);
    let env = [("STINT_SYNC__INTERVAL", "9m")];
    let said = home.with_env(&env, &["config", "edit", "sync.interval=30s"]).ok();
    assert!(said.stdout.ends_with("sync.interval = \"9m\"  # $STINT_SYNC__INTERVAL\n"), "{}", said.stdout);
    assert_eq!(said.stderr, "note: $STINT_SYNC__INTERVAL has a value for sync.interval too, which counts\n");
    assert_eq!(home.text(), TEXT.replace("5m", "30s"));
}

#[test]
fn what_is_no_assignment_is_a_mistake_in_usage() {
    let home = Home::with(TEXT);
    home.stint(&["config", "edit", "sync"]).failed(
        2,
        "error: failed to read `sync` as an assignment: write KEY=VALUE, such as sync.interval=30s\n",
    );
    home.stint(&["config", "edit", "a..b=1"]).failed(
        2,
        "error: failed to read `a..b` as a key: write words with dots between them, such as sync.interval\n",
    );
    assert_eq!(home.stint(&["config", "edit", "a=1", "--unset", "a"]).code, 2);
    home.stint(&["config", "edit", "sync.interval.seconds=1"]).failed(
        65,
        "error: failed to set `sync.interval.seconds`: `sync.interval` is a value in ~/.config/stint/stint.toml, and no \
         table\n hint: see `stint config show` for the keys that there are\n",
    );
}

#[test]
fn a_user_without_a_home_is_told_to_name_a_file() {
    Home::empty()
        .with_env(&[("HOME", "")], &["config", "edit", "log.level=debug"])
        .failed(78, "error: failed to find a configuration file to change: name one with --config\n");
}
