//! What is written is what is enforced: both sides read a grant alike.

use std::time::Duration;

use stint_config::{Loaded, Request};
use stint_plugin_runtime::grants::Grants;
use stint_plugin_runtime::manifest::Manifest;

use super::*;

fn loaded(text: &str) -> Loaded {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("stint.toml");
    std::fs::write(&file, text).unwrap();
    stint_config::load(&Request::new(Some(file), Vec::new(), [], folder.path().to_owned())).unwrap()
}

const TEXT: &str = r#"
[targets.work]
plugin = "redmine"
accepts = ["time-entry", "screenshot"]
allow = [
    "https://api.example.com", "POST https://*.example.com:8443", "https://*", "http://127.0.0.1:8080",
    "http://10.0.0.0/8", "http://[::1]:81", "https://[fc00::]/7",
]
credentials = { default = "key" }
transforms = ["private"]
[transforms.private]
plugin = "redact"
[credentials.key]
scheme = "bearer"
value = { env = "KEY" }
[sync]
request_timeout = "30s"
[limits]
cpu = "2s"
[limits.plugin.redmine]
memory = "16MiB"
"#;

#[test]
fn a_grant_means_the_same_on_both_sides() {
    let loaded = loaded(TEXT);
    let config = &loaded.config;
    let (name, target) = config.targets.iter().next().unwrap();
    let granted = allowed(&User::target(config, name).unwrap(), target).unwrap();
    let texts: Vec<String> = granted.hosts.iter().map(ToString::to_string).collect();
    let written: Vec<String> = target.allow.iter().map(ToString::to_string).collect();
    assert_eq!(texts, written);
    assert_eq!(granted.place, "targets.work");
    assert!(granted.credentials.contains("default") && granted.attachments && !granted.files);

    let transform = User::transform(config, &target.transforms[0]).unwrap();
    let none = allowed(&transform, target).unwrap();
    assert!(none.hosts.is_empty() && none.credentials.is_empty() && !none.files && none.attachments);
    assert_eq!(none.place, "transforms.private");
}

#[test]
fn limits_are_those_of_the_plugin() {
    let config = loaded(TEXT).config;
    let own = limits(&config, "redmine");
    assert_eq!((own.memory_bytes, own.cpu), (16 << 20, Duration::from_secs(2)));
    assert_eq!((limits(&config, "other").memory_bytes, own.request), (64 << 20, Duration::from_secs(30)));
}

#[test]
fn the_line_to_write_keeps_what_stands_there() {
    let loaded = loaded(TEXT);
    let (_, target) = loaded.config.targets.iter().next().unwrap();
    let manifest = r#"
        name = "redmine"
        version = "2.0.0"
        kinds = ["target"]
        description = "Delivers."
        licence = "MIT"
        [target]
        idempotency = "native-key"
        ordering = "none"
        accepts = ["time-entry"]
        [[asks.hosts]]
        host = "https://new.test:99"
        methods = ["GET", "PUT"]
        reason = "To look."
        [[asks.credentials]]
        name = "second"
        reason = "To sign."
        [asks.files]
        reason = "To keep."
    "#;
    let manifest = Manifest::from_toml(manifest, |_| Ok(String::new())).unwrap();
    let few = Target { allow: target.allow[..1].to_vec(), ..target.clone() };
    let missing = Grants::new(&manifest, &serde_json::Value::Null, Allowed::default()).missing();
    assert_eq!(
        line_to_write(Some(&few), &missing),
        [
            "allow = [\"https://api.example.com\", \"GET https://new.test:99\", \"PUT https://new.test:99\"]",
            "credentials = { default = \"key\", second = \"…\" }",
            "files = \"FOLDER\"",
        ]
    );
}
