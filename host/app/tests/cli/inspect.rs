//! `stint plugin inspect` on files that are no plugin. What it says of good ones is tested where they are built.

use std::process::Command;

use crate::support::Workshop;

const COMPONENT: &[u8] = b"\0asm\x0d\0\x01\0";

fn inspect(content: &[u8]) -> (i32, String) {
    let workshop = Workshop::new();
    workshop.write("file.wasm", content);
    let said = workshop.stint("plugin inspect file.wasm");
    assert_eq!(said.stdout, "");
    (said.code, said.stderr)
}

#[test]
fn each_bad_file_has_its_own_message() {
    let beginning = "error: failed to read the manifest of file.wasm: ";
    for (content, reason) in [
        (&b"MZ a program"[..], "this is no WebAssembly component; build one with `stint plugin build`"),
        (
            b"\0asm\x01\0\0\0",
            "this is a core module, not a component; `stint plugin build` makes the component from it",
        ),
        (
            COMPONENT,
            "it carries no manifest (section `stint:manifest`); write a plugin.toml and build with `stint plugin build`",
        ),
        (
            &with_manifest(
                r#"{"name":"x","version":"1.0.0","contract":"0.2.0","kinds":["oracle"],"shape":"round","of":"stone","years":2}"#,
            ),
            "it was made for a newer stint (contract 0.2.0, this one speaks 0.1.0); update stint, or get an older build of \
             the plugin",
        ),
        (
            b"\0asm\x0d\0\x01\0\x00\x7f\x05hello",
            "the file ends in the middle of a section at byte 8; copy or build it again",
        ),
    ] {
        assert_eq!(inspect(content), (65, format!("{beginning}{reason}\n")));
    }
}

#[test]
fn an_error_can_be_json_too() {
    let said = Workshop::new().stint("plugin inspect gone.wasm --json");
    let error: serde_json::Value = serde_json::from_str(&said.stderr).unwrap();
    let message = "failed to look at the file: gone.wasm can't be read: No such file or directory (os error 2); check \
                   that it is there and may be read";
    assert_eq!(error, serde_json::json!({ "version": 1, "exit": 65, "error": message, "hint": null }));
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let said = Workshop::new().stint("plugin inspect gone.wasm");
    said.failed(
        65,
        "error: failed to look at the file: gone.wasm can't be read: No such file or directory (os error 2); check that \
         it is there and may be read\n",
    );
}

#[test]
fn what_is_no_plain_file_is_neither_read_nor_waited_for() {
    let workshop = Workshop::new();
    assert!(Command::new("mkfifo").arg(workshop.path("pipe.wasm")).status().unwrap().success());
    for place in ["/dev/zero", "/", "pipe.wasm"] {
        workshop.stint(&format!("plugin inspect {place}")).failed(
            65,
            &format!(
                "error: failed to look at the file: {place} can't be read: it is no plain file; check that it is there \
                 and may be read\n"
            ),
        );
    }
}

#[test]
fn a_file_larger_than_any_plugin_is_not_read_to_its_end() {
    let workshop = Workshop::new();
    let file = std::fs::File::create(workshop.path("large.wasm")).unwrap();
    file.set_len(1 << 40).unwrap();
    workshop.stint("plugin inspect large.wasm").failed(
        65,
        "error: failed to look at the file: large.wasm has 1099511627776 bytes, and 67108864 are the most a plugin may \
         have; it isn't one, or get a smaller build\n",
    );
}

#[test]
fn no_control_character_of_a_stranger_reaches_the_terminal() {
    let manifest =
        r#"{"name":"x","version":"1.0.0","kinds":["policy"],"description":"\u001b[2Jhello","licence":"MIT"}"#;
    let (code, stderr) = inspect(&with_manifest(manifest));
    assert_eq!(code, 65);
    assert!(stderr.contains("/description: a control character is in the text"), "{stderr:?}");
    assert!(!stderr.contains('\u{1b}'), "{stderr:?}");
}

#[test]
fn what_is_invisible_or_turns_the_writing_is_shown_as_what_it_is() {
    let manifest = r#"{"name":"x","version":"1.0.0","kinds":["target"],"licence":"MIT",
        "description":"safe\u202e evas\u2028\u200b",
        "target":{"idempotency":"native-key","ordering":"none","accepts":["time-entry"]},
        "settings_schema":{},"asks":{"hosts":[{"setting":"/u\u202erl","methods":["GET"],"reason":"a\u200bb"}]}}"#;
    let workshop = Workshop::new();
    workshop.write("file.wasm", with_manifest(manifest));
    let said = workshop.stint("plugin inspect file.wasm").ok();
    assert!(said.stdout.contains("about     safe\\u{202e} evas\\u{2028}\\u{200b}\n"), "{}", said.stdout);
    assert!(
        said.stdout.contains("GET the address in the setting /u\\u{202e}rl: a\\u{200b}b\n"),
        "{}",
        said.stdout
    );
}

/// A component with nothing but a manifest, which has to be longer than 127 bytes.
fn with_manifest(manifest: &str) -> Vec<u8> {
    let content = [b"\x0estint:manifest", manifest.as_bytes()].concat();
    let [low, high, ..] = content.len().to_le_bytes();
    let length = [low | 0x80, high << 1 | low >> 7];
    [COMPONENT, &[0], &length, &content].concat()
}
