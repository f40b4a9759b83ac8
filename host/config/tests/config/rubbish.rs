//! Whatever is in the files, the environment and the flags: loading answers, and what it says can be shown.

use std::fs;

use proptest::{collection::vec, prelude::*};
use stint_config::{Asked, ConfigFile, Edit, Flag, Owner, Request, Style, edit, load};

fn check(text: &[u8], env: &[(String, String)], flags: &[(String, String)]) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stint.toml");
    fs::write(&path, text).unwrap();
    let flags = flags.iter().filter_map(|(key, value)| Flag::new("--set", key, value).ok());
    let request = Request {
        file: Some(ConfigFile { path, asked: Asked::Flag }),
        env: env.iter().map(|(name, value)| (name.into(), value.into())).collect(),
        flags: flags.collect(),
        cwd: folder.path().to_owned(),
    };
    match load(&request) {
        Ok(loaded) => {
            loaded.settings();
            loaded.watched();
            for name in loaded.config.targets.keys() {
                loaded.underline(Owner::Target(name), "/a/0/b", "m", None);
            }
        }
        Err(diagnostics) => {
            assert!(diagnostics.errors() > 0);
            for width in [0, 20, 100] {
                diagnostics.render(&Style { colour: width == 20, width });
            }
            diagnostics.to_json();
            for diagnostic in &diagnostics {
                if let Some(excerpt) = diagnostic.at.as_ref().and_then(|spot| spot.excerpt.as_ref()) {
                    assert!(excerpt.line.get(excerpt.start..excerpt.end).is_some(), "{diagnostic:?}");
                }
            }
        }
    }
}

/// Edits end in a valid configuration, or leave the file as it is.
fn check_edits(text: &str, key: &str, value: &str) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stint.toml");
    fs::write(&path, text).unwrap();
    let file = Some(ConfigFile { path: path.clone(), asked: Asked::Flag });
    let request = Request { file, cwd: folder.path().to_owned(), ..Request::default() };
    for change in [Edit::Set { key, value }, Edit::Unset { key }] {
        let before = fs::read_to_string(&path).unwrap();
        match edit(&request, change) {
            Ok(_) => assert!(load(&request).is_ok()),
            Err(_) => assert_eq!(fs::read_to_string(&path).unwrap(), before),
        }
    }
}

fn key() -> impl Strategy<Value = String> {
    let words = "storage|network|proxy|capture|exclude|title|app|sync|batch|interval|targets|work|plugin|allow|credentials|\
                 value|env|refresh|body|limits|settings|control|listen|store|scheme|name|\"a.b\"|'ж'";
    prop_oneof![8 => proptest::string::string_regex(words).unwrap(), 1 => "[a-z_]{1,6}"]
}

fn value() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("\"10s\"".to_owned()),
        Just("'2GiB'".to_owned()),
        Just("\"https://*.a.test:8443\"".to_owned()),
        Just("\"http://10.0.0.0/8\"".to_owned()),
        Just("\"bearer\"".to_owned()),
        Just("'''\n(?i)[ж'''".to_owned()),
        Just("\"\\u00e9\\t(*\"".to_owned()),
        Just("true".to_owned()),
        Just("nan".to_owned()),
        Just("1979-05-27".to_owned()),
        any::<i64>().prop_map(|number| number.to_string()),
        "\"[ -!#-\\[\\]-~ж工]{0,12}\"",
        "\\PC{0,6}",
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(|items| format!("[{}]", items.join(", "))),
            vec((key(), inner), 0..3).prop_map(|fields| {
                let fields: Vec<String> =
                    fields.iter().map(|(key, value)| format!("{key} = {value}")).collect();
                format!("{{ {} }}", fields.join(", "))
            }),
        ]
    })
}

fn line() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => vec(key(), 1..4).prop_map(|keys| format!("[{}]", keys.join("."))),
        1 => vec(key(), 1..4).prop_map(|keys| format!("[[{}]]", keys.join("."))),
        6 => (vec(key(), 1..3), value()).prop_map(|(keys, value)| format!("{} = {value}", keys.join("."))),
        1 => "\\PC{0,20}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_are_answered(bytes in vec(any::<u8>(), 0..300)) {
        check(&bytes, &[], &[]);
    }

    #[test]
    fn random_toml_is_answered(lines in vec(line(), 0..12)) {
        check(lines.join("\n").as_bytes(), &[], &[]);
    }

    #[test]
    fn random_edits_leave_a_valid_file_or_the_old_one(keys in vec(key(), 1..4), value in value(), comment in "\\PC{0,9}") {
        let text = format!("# {comment}\n[sync]\ninterval = '1m' # {comment}\nbatch = [10,\n 20]\n[targets.work]\nplugin = 'rest'\n");
        check_edits(&text, &keys.join("."), &value);
        check_edits(&text, "sync.interval", &value);
    }

    #[test]
    fn random_variables_and_flags_are_answered(
        keys in vec(vec(key(), 1..4), 0..5),
        values in vec(value(), 5),
        rubbish in "\\PC{0,12}",
    ) {
        let name = |keys: &Vec<String>| format!("STINT_{}", keys.join("__").to_uppercase());
        let mut env: Vec<_> = keys.iter().map(name).zip(values.clone()).collect();
        env.push((format!("STINT_{rubbish}").replace(['\0', '='], ""), rubbish.replace('\0', "")));
        let flags: Vec<_> = keys.iter().map(|keys| keys.join(".")).zip(values).collect();
        check(b"[targets.work]\nplugin = \"rest\"\n[credentials.name]\n", &env, &flags);
    }
}

#[test]
fn depth_and_length_are_no_weapon() {
    let deep = 100_000;
    check(format!("a = {}", "[".repeat(deep)).as_bytes(), &[], &[]);
    check(format!("a = {}", "{a=".repeat(deep)).as_bytes(), &[], &[]);
    check(format!("{}a = 1", "a.".repeat(deep)).as_bytes(), &[], &[]);
    check(format!("[{}a]", "a.".repeat(deep)).as_bytes(), &[], &[]);
    check(format!("[targets.{}]", "x".repeat(deep)).as_bytes(), &[], &[]);
    check(format!("[log]\nlevel = \"{}\"", "x".repeat(deep)).as_bytes(), &[], &[]);
    check(format!("[[capture.exclude]]\ntitle = \"{}\"", "(".repeat(deep)).as_bytes(), &[], &[]);
    check(b"", &[(format!("STINT_A{}", "__A".repeat(deep)), "1".into())], &[]);
    check(b"", &[("STINT_SYNC__BATCH".into(), "[".repeat(deep))], &[]);
    check(b"", &[], &[("a.".repeat(deep) + "a", "1".into())]);
}
