//! The folder of plugins, seen through the program, with and without a host.

use serde_json::{Value, json};

use crate::desk::{Desk, until};

/// A component that says it is a target and is nothing: a manifest in an empty component.
fn hollow() -> Vec<u8> {
    let manifest = json!({
        "name": "nothing", "version": "1.0.0", "kinds": ["target"], "description": "Nothing.", "licence": "MIT",
        "target": { "idempotency": "native-key", "ordering": "none", "accepts": ["time-entry"] },
        "asks": { "state": { "reason": "To forget." } },
    });
    let mut content = b"\x0estint:manifest".to_vec();
    content.extend(manifest.to_string().into_bytes());
    let mut file = b"\0asm\x0d\0\x01\0\0".to_vec();
    let length = u16::try_from(content.len()).unwrap();
    file.extend([u8::try_from(length & 0x7f).unwrap() | 0x80, u8::try_from(length >> 7).unwrap()]);
    file.extend(content);
    file
}

fn put(desk: &Desk, file: &str, bytes: &[u8]) {
    std::fs::create_dir_all(desk.path("plugins")).unwrap();
    std::fs::write(desk.path("plugins").join(file), bytes).unwrap();
}

fn states(list: &Value) -> Vec<(String, String)> {
    let word = |plugin: &Value, key: &str| plugin[key].as_str().unwrap().to_owned();
    let plugins = list["plugins"].as_array().unwrap().iter();
    plugins.map(|plugin| (word(plugin, "name"), word(plugin, "state"))).collect()
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, state)| ((*name).to_owned(), (*state).to_owned())).collect()
}

#[test]
fn without_a_host_the_files_are_read_and_not_run() {
    let desk = Desk::new();
    put(&desk, "hollow.wasm", &hollow());
    put(&desk, "text.wasm", b"this is no component at all");
    let list = desk.json(&["plugin", "list"]);
    assert_eq!((list["version"].clone(), list["tried"].clone()), (json!(1), json!(false)));
    assert_eq!(states(&list), pairs(&[("nothing", "ready"), ("text", "rejected")]));
    let plugin = &list["plugins"][0];
    assert_eq!((plugin["kind"].as_str(), plugin["version"].as_str()), (Some("target"), Some("1.0.0")));
    assert_eq!(plugin["sha256"].as_str().unwrap().len(), 64);
    assert_eq!(plugin["used_by"][0]["place"], "targets.work");
    assert_eq!(plugin["used_by"][0]["may"], json!(["state"]));
    let said = desk.stint(&["plugin", "list"]).ok();
    assert!(said.contains("used by [targets.work]: it may use state"), "{said}");
    assert!(
        said.contains("no host is running: the files were read, and nothing of them was tried"),
        "{said}"
    );
}

#[test]
fn a_host_tells_what_serves_and_holds_what_cant() {
    let desk = Desk::new();
    let host = desk.host();
    let list = || desk.json(&["plugin", "list"]);
    until("it is missing", || states(&list()) == pairs(&[("nothing", "missing")]));
    let target = || desk.json(&["status"])["targets"][0].clone();
    until("its target is held", || target()["state"] == "missing");
    let held = target()["held_because"].as_str().unwrap().to_owned();
    assert!(held.starts_with("plugin `nothing` is missing: there is no folder "), "{held}");

    put(&desk, "hollow.wasm", &hollow());
    until("it is refused", || states(&list()) == pairs(&[("nothing", "rejected")]));
    assert_eq!(list()["tried"], true);
    let status = desk.json(&["status"]);
    assert_eq!(status["plugins"][0]["state"], "rejected");
    assert_eq!(status["plugins"][0]["version"], "1.0.0");
    let why = status["plugins"][0]["error"].as_str().unwrap();
    assert!(why.contains("hollow.wasm is a WebAssembly component for something else than stint"), "{why}");
    assert!(desk.log().contains("plugin nothing: "), "{}", desk.log());
    assert_eq!(host.end(), 0, "{}", desk.log());
}

#[test]
fn large_files_are_read_a_few_at_a_time() {
    let desk = Desk::new();
    std::fs::create_dir_all(desk.path("plugins")).unwrap();
    for number in 0..12 {
        let file = std::fs::File::create(desk.path(&format!("plugins/large{number}.wasm"))).unwrap();
        // Just what a plugin may have.
        file.set_len(64 << 20).unwrap();
    }
    let host = desk.host();
    until("all were read", || {
        let list = desk.json(&["plugin", "list"]);
        states(&list).iter().filter(|(_, state)| state == "rejected").count() == 12
    });
    let status = std::fs::read_to_string(format!("/proc/{}/status", host.pid())).unwrap();
    let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"));
    let most_mib: u64 = most.unwrap().parse::<u64>().unwrap() / 1024;
    assert!(most_mib < 64 * 6, "twelve of 64 MiB took {most_mib} MiB at one time");
    assert_eq!(host.end(), 0);
}

#[test]
fn what_is_wrong_with_a_transform_or_a_policy_stands_at_its_place() {
    let desk = Desk::new();
    put(&desk, "archive.wasm", &stint_tests::guests::first_party("archive").unwrap());
    put(&desk, "redact.wasm", &stint_tests::guests::first_party("redact").unwrap());
    std::fs::create_dir(desk.path("out")).unwrap();
    desk.configure(
        "[targets.work]\nplugin = \"archive\"\naccepts = [\"time-entry\"]\nfiles = \"out\"\n\
         transforms = [\"words\"]\npolicy = \"hours\"\n\
         [transforms.words]\nplugin = \"redact\"\nsettings = { replace = [{ pattern = \"(\" }] }\n\
         [policies.hours]\nplugin = \"archive\"\n",
    );
    let host = desk.host();
    let error = |plugin: &str, place: &str| {
        let list = desk.json(&["plugin", "list"]);
        let plugin = list["plugins"].as_array()?.iter().find(|known| known["name"] == plugin)?.clone();
        let used = plugin["used_by"].as_array()?.iter().find(|used| used["place"] == place)?.clone();
        used["error"].as_str().map(str::to_owned)
    };
    until("the transform's settings were tried", || {
        error("redact", "transforms.words")
            .is_some_and(|error| error.contains("this is no regular expression"))
    });
    let policy = error("archive", "policies.hours").unwrap();
    assert!(
        policy.contains("the plugin `archive` is a target, and [policies.hours] needs a policy"),
        "{policy}"
    );
    assert_eq!(error("archive", "targets.work"), None);
    assert_eq!(host.end(), 0);
}
