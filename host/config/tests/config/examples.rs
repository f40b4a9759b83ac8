//! The files in `config/`: the commented default says what is so, the demo loads, the schema is the model's.

use std::{fs, path::PathBuf};

use stint_config::{Asked, Config, ConfigFile, Diagnostics, Loaded, Request, load, schema, value::Name};

const FOLDER: &str = "../../config";

fn load_file(path: PathBuf) -> Result<Loaded, Diagnostics> {
    load(&Request {
        file: Some(ConfigFile { path, asked: Asked::Flag }),
        env: vec![("HOME".into(), "/home/anna".into())],
        flags: Vec::new(),
        cwd: std::env::current_dir().unwrap(),
    })
}

fn load_text(text: &str) -> Loaded {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stint.toml");
    fs::write(&path, text).unwrap();
    load_file(path).unwrap_or_else(|diagnostics| panic!("{diagnostics}\n{text}"))
}

/// The commented file: the fixed tables, and the examples from the first target on.
fn parts() -> (String, String) {
    let text = fs::read_to_string(format!("{FOLDER}/stint.toml")).unwrap();
    let at = text.find("# [targets.work]").unwrap();
    (text[..at].to_owned(), text[at..].to_owned())
}

/// `# key = value` without its `# `.
fn uncommented(line: &str, mark: &str) -> Option<String> {
    let rest = line.strip_prefix(mark)?;
    let key = rest.split_once(" = ")?.0;
    key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_').then(|| rest.to_owned())
}

#[test]
fn the_commented_file_is_valid_and_changes_nothing() {
    let loaded = load_file(format!("{FOLDER}/stint.toml").into()).unwrap();
    assert_eq!(loaded.config, Config::default());
    assert!(loaded.warnings.is_empty());
}

#[test]
fn the_defaults_that_it_shows_are_the_defaults() {
    let (fixed, _) = parts();
    let lines: Vec<String> =
        fixed.lines().map(|line| uncommented(line, "# ").unwrap_or(line.to_owned())).collect();
    let loaded = load_text(&lines.join("\n"));
    assert_eq!(loaded.config, Config::default());
    let settings = loaded.settings();
    let unwritten: Vec<&str> = settings
        .iter()
        .filter(|setting| setting.origin.to_string() == "default")
        .map(|setting| setting.key.as_str())
        .collect();
    assert!(unwritten.is_empty(), "config/stint.toml doesn't show {unwritten:?}");
}

#[test]
fn every_key_of_the_model_is_shown() {
    let text = fs::read_to_string(format!("{FOLDER}/stint.toml")).unwrap();
    let schema = schema();
    let definitions = schema["$defs"].as_object().unwrap().values().chain([&schema]);
    let variants = definitions.flat_map(|def| def["oneOf"].as_array().into_iter().flatten().chain([def]));
    let mut keys = 0;
    for key in variants.filter_map(|def| def["properties"].as_object()).flat_map(|keys| keys.keys()) {
        let shown = [
            format!("{key} = "),
            format!("[{key}]"),
            format!("[{key}."),
            format!(".{key}]"),
            format!("{{ {key} = "),
        ];
        assert!(
            shown.iter().any(|shown| text.contains(shown)) || text.contains(&format!("`{key}`")),
            "{key}"
        );
        keys += 1;
    }
    assert!(keys > 90, "{keys}");
}

#[test]
fn what_has_no_default_is_shown_with_an_example_that_works() {
    let (fixed, examples) = parts();
    let fixed = fixed.lines().map(|line| uncommented(line, "#? ").unwrap_or(line.to_owned()));
    let examples = examples.lines().map(|line| {
        let rest = line.strip_prefix("# ").unwrap_or(line);
        if rest.starts_with('[') || uncommented(line, "# ").is_some() {
            rest.to_owned()
        } else {
            line.to_owned()
        }
    });
    let lines: Vec<String> = fixed.chain(examples).collect();
    let login = "[credentials.proxy-login]\nscheme = \"basic\"\nvalue = { keyring = \"proxy\" }\n";
    let loaded = load_text(&format!("{}\n{login}", lines.join("\n")));
    let targets: Vec<&str> = loaded.config.targets.keys().map(Name::as_str).collect();
    assert_eq!(targets, ["work"]);
    assert_eq!(loaded.config.credentials.len(), 3);
    let warnings: Vec<&str> = loaded.warnings.iter().map(|warning| warning.message.as_str()).collect();
    assert_eq!(warnings, ["nothing uses the credential `app`"]);
}

#[test]
fn the_demo_keeps_everything_in_one_folder() {
    let loaded = load_file(format!("{FOLDER}/demo.toml").into()).unwrap();
    assert!(loaded.warnings.is_empty(), "{}", loaded.warnings);
    let root = std::env::current_dir().unwrap().join(FOLDER).join("..");
    let root = root.canonicalize().unwrap();
    let inside = |path: PathBuf| -> PathBuf {
        let parts = path.components().collect::<Vec<_>>();
        let parts = parts.into_iter().fold(PathBuf::new(), |mut path, part| {
            if part == std::path::Component::ParentDir {
                path.pop();
            } else {
                path.push(part);
            }
            path
        });
        parts.strip_prefix(&root).unwrap().to_owned()
    };
    assert_eq!(inside(loaded.data_dir().unwrap()), PathBuf::from("demo-data"));
    let files = loaded.config.targets["archive"].files.as_ref().unwrap().path().to_owned();
    assert_eq!(inside(files), PathBuf::from("demo-data/archive"));
    assert_eq!(inside(loaded.plugin_dir().unwrap()), PathBuf::from("target/plugins"));
}

#[test]
fn the_schema_is_the_models() {
    let path = format!("{FOLDER}/stint.schema.json");
    let made = format!("{}\n", serde_json::to_string_pretty(&schema()).unwrap());
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, &made).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == made, "config/stint.schema.json is old: run the tests with UPDATE_DOCS=1");
    for name in ["stint.toml", "demo.toml"] {
        let text = fs::read_to_string(format!("{FOLDER}/{name}")).unwrap();
        assert!(text.starts_with("#:schema ./stint.schema.json\n"), "{name}");
    }
}
