//! `stint plugin inspect` on files that are no plugin. What it says of good ones is tested where they are built.

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
    let message = "failed to read gone.wasm: No such file or directory (os error 2)";
    assert_eq!(error, serde_json::json!({ "version": 1, "exit": 65, "error": message, "hint": null }));
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let said = Workshop::new().stint("plugin inspect gone.wasm");
    said.failed(65, "error: failed to read gone.wasm: No such file or directory (os error 2)\n");
}

#[test]
fn a_device_and_a_folder_are_no_plain_files() {
    for place in ["/dev/zero", "/"] {
        let said = Workshop::new().stint(&format!("plugin inspect {place}"));
        assert_eq!(
            (said.code, said.stderr),
            (65, format!("error: failed to read {place}: it is no plain file\n"))
        );
    }
}

#[test]
fn no_control_character_of_a_stranger_reaches_the_terminal() {
    let manifest = br#"{"name":"x","version":"1.0.0","kinds":["policy"],"description":"\u001b[2Jhello","licence":"MIT"}"#;
    let name = b"\x0estint:manifest";
    let mut file = COMPONENT.to_vec();
    file.extend([0, u8::try_from(name.len() + manifest.len()).unwrap() | 0x80, 0x00]);
    // The length has two bytes because it is above 127; the second holds its eighth bit.
    *file.last_mut().unwrap() = u8::try_from((name.len() + manifest.len()) >> 7).unwrap();
    file.extend(name.iter().chain(manifest));
    let (code, stderr) = inspect(&file);
    assert_eq!(code, 65);
    assert!(!stderr.contains('\u{1b}'), "{stderr:?}");
}
