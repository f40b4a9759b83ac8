//! The section in real and in forged components, written byte by byte.

use super::*;

fn manifest() -> Manifest {
    Manifest::from_toml(include_str!("samples/short.toml"), |_| Ok(String::new())).unwrap()
}

fn component() -> Vec<u8> {
    [MAGIC, COMPONENT].concat()
}

fn section(number: u8, content: &[u8]) -> Vec<u8> {
    [&[number], leb128(content.len()).as_slice(), content].concat()
}

fn custom(name: &str, content: &[u8]) -> Vec<u8> {
    section(CUSTOM, &[leb128(name.len()).as_slice(), name.as_bytes(), content].concat())
}

fn refusal(parts: &[&[u8]]) -> String {
    find(&parts.concat()).unwrap_err().to_string()
}

#[test]
fn what_is_embedded_is_read_back_behind_everything_else() {
    let plain = [component(), custom("name", b"x"), section(7, &[0])].concat();
    let whole = embed(&plain, &manifest()).unwrap();
    assert_eq!(&whole[..plain.len()], plain);
    assert_eq!(read(&whole).unwrap(), manifest());
    let error = embed(&whole, &manifest()).unwrap_err().to_string();
    assert!(error.starts_with("it carries 2 manifests"), "{error}");
}

#[test]
fn what_is_no_component_is_told_apart() {
    let not_wasm = "this is no WebAssembly component; build one with `stint plugin build`";
    assert_eq!(refusal(&[]), not_wasm);
    assert_eq!(refusal(&[b"\0as"]), not_wasm);
    assert_eq!(refusal(&[b"MZ\x90\0 a program"]), not_wasm);
    assert_eq!(refusal(&[MAGIC, &[2, 0, 0, 0]]), not_wasm);
    assert_eq!(
        refusal(&[MAGIC, MODULE]),
        "this is a core module, not a component; `stint plugin build` makes the component from it"
    );
    assert_eq!(
        refusal(&[&component()]),
        "it carries no manifest (section `stint:manifest`); write a plugin.toml and build with `stint plugin build`"
    );
}

#[test]
fn every_cut_through_a_component_is_noticed_or_leaves_it_without_manifest() {
    let whole = embed(&component(), &manifest()).unwrap();
    for length in 0..whole.len() {
        let error = find(&whole[..length]).unwrap_err();
        let cut = match length {
            0..8 => matches!(error, ManifestError::NotWasm),
            8 => matches!(error, ManifestError::Missing),
            _ => matches!(error, ManifestError::Truncated { offset: 8 }),
        };
        assert!(cut, "cut at {length}: {error}");
    }
    assert_eq!(
        refusal(&[&component(), &[0, 5, 1]]),
        "the file ends in the middle of a section at byte 8; copy or build it again"
    );
}

#[test]
fn a_second_manifest_and_a_nested_one_are_refused() {
    let one = custom(SECTION, b"{}");
    assert_eq!(
        refusal(&[&component(), &one, &one]),
        "it carries 2 manifests, and which one counts must not be a guess; build it again with `stint plugin build`"
    );
    let nested = "a manifest sits inside a nested component or module, where it doesn't speak for this file; embed it in \
                  the finished component with `stint plugin build`";
    let inner = section(NESTED_COMPONENT, &[component(), one.clone()].concat());
    assert_eq!(refusal(&[&component(), &inner]), nested);
    assert_eq!(refusal(&[&component(), &one, &inner]), nested);
    let module = section(NESTED_MODULE, &[MAGIC, MODULE, &one].concat());
    assert_eq!(refusal(&[&component(), &module]), nested);
    let deep = section(NESTED_COMPONENT, &[component(), inner].concat());
    assert_eq!(refusal(&[&component(), &deep]), nested);
}

#[test]
fn a_manifest_out_of_bounds_is_refused() {
    let large = custom(SECTION, &vec![b' '; MANIFEST_BYTES_MAX + 1]);
    assert_eq!(
        refusal(&[&component(), &large]),
        "the manifest has 262145 bytes, and at most 262144 are read; shorten the settings schema"
    );
    let endless =
        (0..100).fold(component(), |inner, _| [component(), section(NESTED_COMPONENT, &inner)].concat());
    assert_eq!(
        refusal(&[&endless]),
        "its components are nested deeper than 16 levels, which no plugin needs"
    );
    let mut huge = manifest();
    huge.settings_schema = Some(serde_json::json!({"description": "x".repeat(MANIFEST_BYTES_MAX)}));
    assert!(matches!(embed(&component(), &huge), Err(ManifestError::TooLarge { .. })));
}

#[test]
fn a_name_longer_than_its_section_is_noticed() {
    let lying = section(CUSTOM, &[0x7f, b's']);
    assert!(matches!(find(&[component(), lying].concat()), Err(ManifestError::Truncated { offset: 8 })));
    let endless_number = [0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
    assert!(matches!(
        find(&[component().as_slice(), &endless_number].concat()),
        Err(ManifestError::Truncated { .. })
    ));
}
