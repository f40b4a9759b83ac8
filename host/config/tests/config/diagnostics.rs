//! How diagnostics look, as text and as JSON, and a plugin's complaint in the user's file.

use std::fs;

use serde_json::json;
use stint_config::{Asked, ConfigFile, Diagnostics, Loaded, Owner, Request, Style, load, value::Name};

fn try_load(text: &str) -> Result<Loaded, Diagnostics> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stint.toml");
    fs::write(&path, text).unwrap();
    load(&Request {
        file: Some(ConfigFile { path, asked: Asked::Flag }),
        cwd: folder.path().to_owned(),
        ..Request::default()
    })
}

fn shown(diagnostics: &Diagnostics, style: &Style) -> String {
    let text = diagnostics.render(style);
    let mut lines = text.lines().map(|line| match line.find("stint.toml") {
        Some(at) if line.contains("-->") => format!(" --> {}", &line[at..]),
        _ => line.to_owned(),
    });
    let mut out = String::new();
    for line in &mut lines {
        out.push_str(&line);
        out.push('\n');
    }
    out
}

#[test]
fn twenty_columns_are_enough() {
    let text = "[targets.work]\nplugin = \"rest\"\ntransforms = [\"first-one\", \"second-one\"]\n\
                [transforms.first-one]\nplugin = \"redact\"\n";
    let diagnostics = try_load(text).unwrap_err();
    let narrow = diagnostics.render(&Style { colour: false, width: 20 });
    assert!(narrow.contains("\n3 | …ne\", \"second-o…\n  |       ^^^^^^^^^^\n"), "{narrow}");
    assert!(narrow.starts_with("error: there is no\ntransform\n`second-one`\n"), "{narrow}");
    assert!(narrow.contains("= hint: known here:\n  `first-one`\n"), "{narrow}");
}

#[test]
fn colour_adds_nothing_but_colour() {
    let diagnostics = try_load("[sync]\nintervall = 1\n").unwrap_err();
    let plain = diagnostics.render(&Style { colour: false, width: 80 });
    let coloured = diagnostics.render(&Style { colour: true, width: 80 });
    assert!(coloured.contains("\u{1b}[1;31merror:\u{1b}[0m"));
    let mut stripped = String::new();
    let mut rest = coloured.as_str();
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        stripped.push_str(before);
        rest = after.split_once('m').unwrap().1;
    }
    stripped.push_str(rest);
    assert_eq!(stripped, plain);
    assert!(!plain.contains('\u{1b}'));
}

#[test]
fn json_says_the_same() {
    let diagnostics = try_load("[log]\nformat = \"json\" # ж\nlevel = \"жук\"\n").unwrap_err();
    let mut value = diagnostics.to_json();
    assert!(value["diagnostics"][0]["at"]["file"].take().as_str().unwrap().ends_with("stint.toml"));
    assert_eq!(
        value,
        json!({"version": 1, "more": 0, "diagnostics": [{
            "severity": "error",
            "code": "bad-value",
            "message": "`жук` is none of the words that can stand here",
            "key": "log.level",
            "at": {"file": null, "line": 3, "column": 9, "text": "level = \"жук\"", "start": 8, "length": 5},
            "notes": [],
            "hint": "known here: error, warn, info, debug, trace",
        }]})
    );
    assert_eq!(diagnostics.errors(), 1);
    let summary = diagnostics.iter().next().unwrap().summary();
    assert!(summary.ends_with("stint.toml:3:9: `жук` is none of the words that can stand here"), "{summary}");
}

#[test]
fn a_file_of_rubbish_is_not_told_in_full() {
    let lines = (0..300).fold(String::new(), |lines, number| lines + &format!("key{number} = 1\n"));
    let diagnostics = try_load(&lines).unwrap_err();
    assert_eq!((diagnostics.iter().count(), diagnostics.errors()), (100, 300));
    assert!(diagnostics.to_string().ends_with("and 200 more"));
}

const SETTINGS: &str = "[targets.work]
plugin = \"rest\"

[targets.work.settings]
url = \"https://a.test\"
projects = { stint = 7, \"a/b~c\" = 8 }
[[targets.work.settings.rules]]
match = \"x\"
[[targets.work.settings.rules]]
match = \"(y\"

[targets.bare]
plugin = \"rest\"
";

fn underlined(pointer: &str, target: &str) -> (u32, String) {
    let loaded = try_load(SETTINGS).unwrap();
    let name = loaded.config.targets.keys().find(|name| name.as_str() == target).cloned().unwrap();
    let owner: Owner<'_> = Owner::Target(&name);
    let diagnostic = loaded.underline(owner, pointer, "this is wrong", Some("correct it"));
    assert_eq!(
        (diagnostic.message.as_str(), diagnostic.hint.as_deref()),
        ("this is wrong", Some("correct it"))
    );
    let excerpt = diagnostic.at.unwrap().excerpt.unwrap();
    (excerpt.position.line, excerpt.line[excerpt.start..excerpt.end].to_owned())
}

#[test]
fn a_plugins_complaint_is_shown_at_its_setting() {
    assert_eq!(underlined("/url", "work"), (5, "\"https://a.test\"".into()));
    assert_eq!(underlined("/projects/stint", "work"), (6, "7".into()));
    assert_eq!(underlined("/projects/a~1b~0c", "work"), (6, "8".into()));
    assert_eq!(underlined("/projects", "work"), (6, "projects".into()));
    assert_eq!(underlined("/rules/1/match", "work"), (10, "\"(y\"".into()));
    assert_eq!(underlined("", "work"), (4, "settings".into()));
}

#[test]
fn a_complaint_about_what_is_not_written_is_shown_at_what_is() {
    assert_eq!(underlined("/timeout", "work"), (4, "settings".into()));
    assert_eq!(underlined("/projects/other", "work"), (6, "projects".into()));
    assert_eq!(underlined("/url/deeper", "work"), (5, "url".into()));
    assert_eq!(underlined("/url", "bare"), (12, "bare".into()));
    assert_eq!(underlined("no pointer", "bare"), (12, "bare".into()));
}

#[test]
fn transforms_and_policies_have_settings_too() {
    let text = "[targets.a]\nplugin = \"rest\"\npolicy = \"p\"\ntransforms = [\"t\"]\n[policies.p]\nplugin = \"x\"\n\
                settings = { from = 9 }\n[transforms.t]\nplugin = \"y\"\nsettings = { word = \"z\" }\n";
    let loaded = try_load(text).unwrap();
    let policy = loaded.config.policies.keys().next().unwrap();
    let transform: &Name = loaded.config.transforms.keys().next().unwrap();
    let lines = [(Owner::Policy(policy), "/from", 7), (Owner::Transform(transform), "/word", 10)];
    for (owner, pointer, line) in lines {
        let diagnostic = loaded.underline(owner, pointer, "m", None);
        assert_eq!(diagnostic.at.unwrap().excerpt.unwrap().position.line, line);
    }
}

#[test]
fn control_characters_reach_no_terminal() {
    let text = "[log]\nfile = 7\nlevel = \"\\u001b]0;owned\\u0007\" # \u{202e}\u{200b}\n";
    let diagnostics = try_load(text).unwrap_err();
    let text = shown(&diagnostics, &Style::default());
    assert!(!text.chars().any(|letter| letter.is_control() && letter != '\n'), "{text:?}");
    assert!(!text.contains(['\u{202e}', '\u{200b}']), "{text:?}");
    assert!(text.contains("\\u{202e}\\u{200b}"), "{text}");
}
