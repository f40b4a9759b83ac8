//! `stint plugin new` for each kind: the project builds and passes its own test as it is, and the finished file is
//! what the project says.

use serde_json::Value;

use crate::support::Workshop;

/// What a Rust plugin may weigh.
const BYTES_MAX: u64 = 250 * 1024;

fn begins(name: &str, kind: &str, interface: &str) {
    let workshop = Workshop::new();
    let said = workshop.stint(&format!("plugin new {name} --kind {kind}")).ok();
    assert!(said.stdout.starts_with(&format!("Made the {kind} {name} in {name}.")), "{}", said.stdout);
    let said = workshop.shell(name.as_ref(), "cargo test").ok();
    assert!(said.stdout.contains("test result: ok."), "{}", said.stdout);
    assert!(!said.stderr.contains("warning"), "{}", said.stderr);
    let said = workshop.stint(&format!("plugin build {name} --json")).ok();
    assert!(!said.stderr.contains("warning"), "{}", said.stderr);
    let built: Value = serde_json::from_str(&said.stdout).unwrap();
    assert_eq!(built["version"], 1);
    assert_eq!(built["file"], format!("{name}/target/{name}.wasm"));
    assert_eq!(built["manifest"]["kinds"], serde_json::json!([kind]));
    let exports: Vec<&str> =
        built["exports"].as_array().unwrap().iter().map(|export| export["name"].as_str().unwrap()).collect();
    assert_eq!(exports, [format!("stint:plugin/{interface}@0.1.0")]);
    for import in built["imports"].as_array().unwrap() {
        assert!(import["name"].as_str().unwrap().starts_with("stint:plugin/"), "{import}");
    }
    assert!(built["size"].as_u64().unwrap() <= BYTES_MAX, "{}", built["size"]);
    let inspected = workshop.stint(&format!("plugin inspect {name}/target/{name}.wasm --json")).ok();
    assert_eq!(serde_json::from_str::<Value>(&inspected.stdout).unwrap(), built);
}

#[test]
fn a_new_target_builds_and_passes_its_test() {
    begins("new-target", "target", "uploader");
}

/// A name that the template itself uses for something else.
#[test]
fn a_target_named_target_builds_and_passes_its_test() {
    begins("target", "target", "uploader");
}

#[test]
fn a_new_transform_builds_and_passes_its_test() {
    begins("new-transform", "transform", "transformer");
}

#[test]
fn a_new_policy_builds_and_passes_its_test() {
    begins("new-policy", "policy", "planner");
}

#[test]
fn a_bad_name_is_answered_with_a_good_one() {
    let workshop = Workshop::new();
    workshop.stint("plugin new My_Backend --kind target").failed(
        65,
        "error: failed to begin a plugin: `My_Backend` is no plugin's name, which has small letters, digits and `-`, a \
         letter first\n hint: try `stint plugin new my-backend --kind target`\n",
    );
}

#[test]
fn a_folder_that_is_there_is_left_alone() {
    let workshop = Workshop::new();
    workshop.write("mine/notes.txt", "precious");
    workshop.stint("plugin new mine --kind policy").failed(
        73,
        "error: failed to begin a plugin: mine is there already\n hint: choose another name, or move what is there out \
         of the way\n",
    );
    assert_eq!(workshop.read("mine/notes.txt"), "precious");
}

#[test]
fn the_answer_as_json_has_a_version() {
    let workshop = Workshop::new();
    let said = workshop.stint("plugin new json-target --kind target --json").ok();
    let made: Value = serde_json::from_str(&said.stdout).unwrap();
    assert_eq!(
        made,
        serde_json::json!({ "version": 1, "name": "json-target", "kind": "target", "path": "json-target" })
    );
}
