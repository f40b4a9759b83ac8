//! Good configurations: they load without a word, and mean what they say.

use std::path::{Path, PathBuf};

use serde_json::json;
use stint_config::{
    Asked, Changes, Config, ConfigFile, Loaded, Request, load,
    model::{CredentialScheme, OnQuit},
    value::{ByteSize, Monitors, Period, Proxy, SecretRef, TokenStore},
};
use stint_domain::item::Kind;

fn loaded(path: &Path) -> Loaded {
    let request = Request {
        file: Some(ConfigFile { path: path.to_owned(), asked: Asked::Flag }),
        env: vec![("HOME".into(), "/home/anna".into())],
        flags: Vec::new(),
        cwd: PathBuf::from("/cwd"),
    };
    let loaded = load(&request).unwrap_or_else(|diagnostics| panic!("{}\n{diagnostics}", path.display()));
    assert!(loaded.warnings.is_empty(), "{}\n{}", path.display(), loaded.warnings);
    loaded
}

fn config(name: &str) -> Config {
    loaded(&Path::new("tests/good").join(name)).config
}

#[test]
fn every_good_configuration_loads_without_a_warning() {
    let mut seen = 0;
    for entry in std::fs::read_dir("tests/good").unwrap() {
        loaded(&entry.unwrap().path());
        seen += 1;
    }
    assert!(seen >= 3);
}

#[test]
fn an_empty_file_has_all_defaults() {
    assert_eq!(config("empty.toml"), Config::default());
}

#[test]
fn fixed_tables_mean_what_they_say() {
    let loaded = loaded(Path::new("tests/good/everything.toml"));
    let config = &loaded.config;
    assert_eq!(loaded.data_dir(), Some("/home/anna/tracked".into()));
    assert_eq!(loaded.plugin_dir(), Some("/cwd/tests/good/../plugins".into()));
    assert_eq!(config.storage.quota, ByteSize::from_bytes(500_000_000));
    assert_eq!(config.storage.retain_sent_days, 0);
    assert_eq!(config.storage.retain_pictures, ByteSize::from_bytes(50_000_000));
    assert_eq!(config.identity.person.as_ref().unwrap().as_str(), "Анна");
    assert!(matches!(&config.network.proxy, Proxy::At(url) if url.scheme() == "socks5h"));
    assert_eq!(config.timer.on_quit, OnQuit::Stop);
    assert!(config.timer.rules().keep_sleep);
    assert!(matches!(&config.capture.monitors, Monitors::Named(names) if names.len() == 2));
    let titles: Vec<bool> = config.capture.exclude.iter().map(|rule| rule.title.is_some()).collect();
    assert_eq!(titles, [false, true, true]);
    assert_eq!(config.sync.interval, Period::from_secs(90));
    assert_eq!(config.sync.batch, [1, 20]);
    assert_eq!(config.limits.of("redmine").call, Period::from_mins(5));
    assert_eq!(config.limits.of("other").call, Period::from_secs(120));
    assert_eq!(config.control.listen.address().port(), 0);
    assert_eq!(config.log.file.as_ref().unwrap().path(), Path::new("/cwd/tests/good/stint.log"));
    let pin = config.plugins.pin.values().next().unwrap().hex();
    assert!(pin.starts_with("9f86d081") && pin.len() == 64);
}

#[test]
fn a_target_and_what_it_refers_to_mean_what_they_say() {
    let config = config("everything.toml");
    let target = &config.targets["work"];
    assert!(!target.enabled);
    assert_eq!(target.accepts, Kind::ALL);
    let grants: Vec<String> = target.allow.iter().map(ToString::to_string).collect();
    assert_eq!(
        grants,
        ["https://redmine.example.com", "POST https://*.example.com:8443", "http://10.0.0.0/8"]
    );
    assert_eq!(
        target.settings.to_value(),
        json!({
            "url": "https://redmine.example.com",
            "projects": {"stint": 7, "Проект №1": 8},
            "since": "2026-01-31",
            "factor": 1.5,
            "nested": [{"deep": [true, "a/b"]}],
        })
    );
    let key = &config.credentials["redmine-key"];
    assert_eq!(key.scheme, CredentialScheme::Header);
    assert_eq!(key.value, Some(SecretRef::Env("REDMINE_KEY".into())));
    let app = &config.credentials["app"];
    assert!(
        matches!(&app.store, Some(TokenStore::File(path)) if path.path() == Path::new("/home/anna/token"))
    );
    let refresh = app.refresh.as_ref().unwrap();
    assert_eq!(refresh.body, r#"{"refreshToken":"{refresh}"}"#);
    assert_eq!(refresh.expires.as_ref().unwrap().as_str(), "/expiresIn");
    assert!(app.value.is_none());
    let login = config.credentials["login"].refresh.as_ref().unwrap();
    assert_eq!(login.refresh_token, SecretRef::Command(vec!["pass".into(), "show".into(), "x".into()]));
}

#[test]
fn a_reload_knows_what_changed() {
    let (old, mut new) = (config("everything.toml"), config("everything.toml"));
    assert!(Changes::between(&old, &new).is_empty());
    new.sync.max_attempts = 9;
    new.credentials.get_mut("app").unwrap().scheme = CredentialScheme::Query;
    let copy = new.targets["work"].clone();
    let changes = Changes::between(&old, &new);
    assert_eq!(changes.tables, ["sync"]);
    assert_eq!(changes.changed.iter().map(ToString::to_string).collect::<Vec<_>>(), ["work"]);
    let empty = Config::default();
    let added = Changes::between(&empty, &old);
    assert_eq!((added.added.len(), added.removed.len(), added.changed.len()), (1, 0, 0));
    let removed = Changes::between(&old, &empty);
    assert_eq!((removed.added.len(), removed.removed.len()), (0, 1));
    assert_eq!(copy, old.targets["work"]);
}
