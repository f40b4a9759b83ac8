//! `stint config check`: what is right, what is doubtful, and everything that is wrong at once.

use serde_json::json;

use super::{FILE, Home, error};

const WORK: &str = "[targets.work]\nplugin = \"redmine\"\n";

#[test]
fn a_good_configuration_is_summed_up() {
    let home = Home::with(WORK);
    home.workshop
        .write(".config/stint/conf.d/20-home.toml", "[targets.home]\nplugin = \"rest\"\nenabled = false\n");
    home.workshop.write(".config/stint/conf.d/.hidden.toml", "rubbish");
    let said = home.stint(&["config", "check"]).ok();
    let expected = "valid\nfiles:\n  ~/.config/stint/stint.toml\n  ~/.config/stint/conf.d/20-home.toml\n\
                    targets:\n  home (rest, off)\n  work (redmine)\n";
    assert_eq!((said.stdout.as_str(), said.stderr.as_str()), (expected, ""));
    assert_eq!(
        home.json(&["config", "check"]),
        json!({
            "version": 1,
            "valid": true,
            "files": ["~/.config/stint/stint.toml", "~/.config/stint/conf.d/20-home.toml"],
            "targets": [
                {"name": "home", "plugin": "rest", "enabled": false},
                {"name": "work", "plugin": "redmine", "enabled": true},
            ],
            "diagnostics": [],
        })
    );
}

#[test]
fn no_configuration_is_a_good_one() {
    let said = Home::empty().stint(&["config", "check"]).ok();
    assert_eq!(said.stdout, "valid\nfiles:\n  none, all defaults\ntargets:\n  none\n");
}

#[test]
fn what_is_doubtful_is_shown_and_nothing_fails() {
    let home = Home::with("[credentials.old]\nscheme = \"bearer\"\nvalue = { env = \"OLD\" }\n");
    let said = home.stint(&["config", "check"]).ok();
    assert!(said.stdout.starts_with("valid, 1 warning\n"), "{}", said.stdout);
    assert_eq!(
        said.stderr,
        "warning: nothing uses the credential `old`\n --> ~/.config/stint/stint.toml:1:14\n\
         1 | [credentials.old]\n  |              ^^^\n= hint: name it in a target, or take it out\n\n"
    );
    let json = home.json(&["config", "check"]);
    assert_eq!((&json["valid"], &json["diagnostics"][0]["severity"]), (&true.into(), &"warning".into()));
}

#[test]
fn all_mistakes_are_told_at_once() {
    let home = Home::with("[sync]\nintervall = \"30s\"\n\n[log]\nlevel = \"loud\"\n");
    let said = home.stint(&["config", "check"]);
    assert_eq!((said.code, said.stdout.as_str()), (78, ""));
    assert_eq!(
        said.stderr,
        "error: [sync] has no key `intervall`\n --> ~/.config/stint/stint.toml:2:1\n\
         2 | intervall = \"30s\"\n  | ^^^^^^^^^\n= hint: did you mean `interval`?\n\n\
         error: `loud` is none of the words that can stand here\n --> ~/.config/stint/stint.toml:5:9\n\
         5 | level = \"loud\"\n  |         ^^^^^^\n= hint: known here: error, warn, info, debug, trace\n\n\
         error: failed to use the configuration: there are 2 mistakes in it\n"
    );
    let error = error(&home.stint(&["config", "check", "--json"]));
    assert_eq!(error["exit"], 78);
    let list = error["diagnostics"].as_array().unwrap();
    assert_eq!(list.len(), 2);
    assert_eq!(
        list[0],
        json!({
            "severity": "error", "code": "unknown-key", "message": "[sync] has no key `intervall`",
            "key": "sync.intervall", "hint": "did you mean `interval`?", "notes": [],
            "at": {"file": "~/.config/stint/stint.toml", "line": 2, "column": 1,
                   "text": "intervall = \"30s\"", "start": 0, "length": 9},
        })
    );
}

#[test]
fn a_file_that_does_not_count_yet_can_be_looked_at() {
    let home = Home::with("[sync\n");
    home.workshop.write("new/stint.toml", WORK);
    home.workshop.write("new/conf.d/more.toml", "[log]\nlevel = \"debug\"\n");
    let said = home.stint(&["config", "check", "new/stint.toml"]).ok();
    assert!(said.stdout.contains("  new/stint.toml\n  new/conf.d/more.toml\n"), "{}", said.stdout);
    assert_eq!(home.stint(&["config", "check"]).code, 78);
    let both = home.stint(&["config", "check", "new/stint.toml", "--config", FILE]);
    assert_eq!(both.code, 2, "{}", both.stderr);
}

#[test]
fn a_file_that_is_not_there_is_told_by_whoever_named_it() {
    let home = Home::empty();
    let file = home.stint(&["config", "check", "gone.toml"]);
    file.failed(
        78,
        "error: the configuration file isn't there, and it is the one to be looked at\n--> gone.toml\n\
         = hint: correct the path, or create the file; an empty file has all defaults\n\n\
         error: failed to use the configuration: there is 1 mistake in it\n",
    );
    let flag = home.stint(&["config", "check", "--config", "gone.toml"]);
    assert!(flag.stderr.contains("isn't there, and --config names it"), "{}", flag.stderr);
    let variable = home.with_env(&[("STINT_CONFIG", "gone.toml")], &["config", "check"]);
    assert!(variable.stderr.contains("isn't there, and $STINT_CONFIG names it"), "{}", variable.stderr);
}

#[test]
fn a_folder_that_is_gone_is_told_by_every_verb() {
    let home = Home::empty();
    let said = home.stint(&["pause", "--config", "gone/stint.toml", "--data-dir", "data"]).ok();
    let note = "the folder of the configuration file is gone, and --config names it";
    assert!(
        said.stderr.starts_with("note: the configuration can't be used") && said.stderr.contains(note),
        "{said:?}"
    );
    for verb in [&["config", "check"][..], &["config", "show"], &["run"]] {
        let args = [verb, &["--config", "gone/stint.toml", "--data-dir", "data"]].concat();
        home.stint(&args).failed(
            78,
            "error: the folder of the configuration file is gone, and --config names it\n--> gone/stint.toml\n\
             = hint: bring gone back, or name another file with --config\n\n\
             error: failed to use the configuration: there is 1 mistake in it\n",
        );
    }
}

#[test]
fn two_files_that_define_one_target_are_both_shown() {
    let home = Home::with(WORK);
    home.workshop.write(".config/stint/conf.d/work.toml", "[targets.work]\nplugin = \"rest\"\n");
    home.stint(&["config", "check"]).failed(
        78,
        "error: the target `work` is defined in two files\n --> ~/.config/stint/conf.d/work.toml:1:10\n\
         1 | [targets.work]\n  |          ^^^^\n= note: it is defined here already\n --> ~/.config/stint/stint.toml:1:10\n\
         1 | [targets.work]\n  |          ^^^^\n= hint: give one of the two another name, or keep all of [targets.work] in one file\n\n\
         error: failed to use the configuration: there is 1 mistake in it\n",
    );
}

#[test]
fn data_and_plugin_folders_that_cannot_be_are_told() {
    let home = Home::with("[storage]\ndata_dir = \"\"\n\n[plugins]\ndir = 7\n");
    home.stint(&["config", "check"]).failed(
        78,
        "error: this path is empty\n --> ~/.config/stint/stint.toml:2:12\n2 | data_dir = \"\"\n  |            ^^\n\
         = hint: leave the key out to get its default\n\n\
         error: this is a number; expected: a path, such as \"~/stint\"\n --> ~/.config/stint/stint.toml:5:7\n\
         5 | dir = 7\n  |       ^\n\n\
         error: failed to use the configuration: there are 2 mistakes in it\n",
    );
    let home = Home::with("[storage]\ndata_dir = \"file/data\"\n");
    home.workshop.write(".config/stint/file", "");
    home.workshop.write("empty.toml", "");
    home.stint(&["start"]).failed(
        73,
        "error: failed to create \"~/.config/stint/file/data\": Not a directory (os error 20)\n hint: name another \
         directory with --data-dir, or as storage.data_dir in the configuration\n",
    );
    home.stint(&["start", "--data-dir", FILE]).failed(
        73,
        "error: failed to use \"~/.config/stint/stint.toml\": it is not a directory; move it away, or name another \
         directory with --data-dir\n",
    );
    home.with_env(&[("HOME", ""), ("STINT_CONFIG", "empty.toml")], &["start"]).failed(
        78,
        "error: failed to find a place for the data: there is no home folder; name one with --data-dir or \
         storage.data_dir\n",
    );
}

#[test]
fn paths_that_lead_to_nothing_are_doubtful() {
    let home = Home::with(
        "[storage]\ndata_dir = \"file\"\n[network]\nca_file = \"ca.pem\"\n[plugins]\ndir = \"plugins\"\n\
         [targets.work]\nplugin = \"archive\"\nfiles = \"made-when-needed\"\n",
    );
    home.workshop.write(".config/stint/file", "");
    let said = home.stint(&["config", "check"]).ok();
    assert!(said.stdout.starts_with("valid, 3 warnings\n"), "{}", said.stdout);
    let at = |line: &str| format!(" --> ~/.config/stint/stint.toml:{line}\n");
    for (message, at) in [
        ("warning: this is a file, and a folder is meant\n", at("2:12")),
        ("warning: this file isn't there\n", at("4:11")),
        ("warning: this folder isn't there\n", at("6:7")),
    ] {
        assert!(said.stderr.contains(&format!("{message}{at}")), "{}", said.stderr);
    }
}

#[test]
fn no_secret_is_repeated() {
    let home = Home::with("[credentials.key]\nscheme = \"bearer\"\nvalue = \"hunter2\"\n");
    for args in [&["config", "check"][..], &["config", "check", "--json"], &["config", "show"]] {
        let said = home.stint(args);
        assert_eq!(said.code, 78);
        assert!(!said.stderr.contains("hunter2") && said.stderr.contains("•••"), "{}", said.stderr);
    }
}
