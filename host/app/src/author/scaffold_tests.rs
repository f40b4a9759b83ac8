//! Names that are refused with one that would do, and folders that are left alone. That each project builds and
//! passes its test is shown in `tests/`, with the program itself.

use std::collections::HashSet;

use super::*;

fn suggested(name: &str) -> String {
    match check_name(name, Kind::Target) {
        Err(ScaffoldError::Name { suggestion, .. }) => {
            check_name(&suggestion, Kind::Target).expect("a suggestion is a good name");
            suggestion
        }
        other => panic!("{name} gave {other:?}"),
    }
}

#[test]
fn a_bad_name_gets_a_good_one() {
    let long = "a".repeat(80);
    for (bad, good) in [
        ("My Backend", "my-backend"),
        ("my_backend", "my-backend"),
        ("3cx", "plugin-3cx"),
        ("--", "my-plugin"),
        ("", "my-plugin"),
        ("../etc/passwd", "etc-passwd"),
        ("Zeiterfassung für alle", "zeiterfassung-f-r-alle"),
        ("test", "test-plugin"),
        ("serde", "serde-plugin"),
        ("async", "async-plugin"),
        (&long, &"a".repeat(57)),
    ] {
        assert_eq!(suggested(bad), good, "{bad}");
    }
    for good in ["redmine", "a", "my-backend-2"] {
        check_name(good, Kind::Target).expect(good);
    }
}

#[test]
fn the_error_says_what_a_name_is() {
    assert_eq!(
        check_name("My\u{1b}[2J", Kind::Target).unwrap_err().to_string(),
        "begin a plugin: `My\\u{1b}[2J` is no plugin's name, which has small letters, digits and `-`, a letter first"
    );
    assert_eq!(
        check_name("std", Kind::Target).unwrap_err().to_string(),
        "begin a plugin: `std` is a name that Rust keeps for itself"
    );
    assert_eq!(
        check_name("serde", Kind::Target).unwrap_err().to_string(),
        "begin a plugin: `serde` is the name of something that the project is built with"
    );
}

#[test]
fn a_types_name_ends_in_its_kind() {
    for (name, kind, expected) in [
        ("my-backend", Kind::Target, "MyBackendTarget"),
        ("chat-target", Kind::Target, "ChatTarget"),
        ("chat-target", Kind::Policy, "ChatTargetPolicy"),
        ("target", Kind::Target, "TargetTarget"),
        ("a-2", Kind::Transform, "A2Transform"),
    ] {
        assert_eq!(type_name(name, kind), expected, "{name}");
    }
}

/// The worst names are the template's own words.
#[test]
fn no_name_makes_a_type_that_the_project_uses() {
    for kind in Kind::ALL {
        let mut files = files("zzz", kind).into_iter();
        let (_, source) = files.find(|(path, _)| path == "src/lib.rs").unwrap();
        let source = source.replace(&type_name("zzz", kind), "");
        let words: HashSet<&str> =
            source.split(|letter: char| !letter.is_alphanumeric() && letter != '_').collect();
        assert!(words.contains("Deserialize") && words.contains("Host"), "{words:?}");
        let unwritten = ["box", "option", "result", "string", "vec", "target", "transform", "policy"];
        let names = words.iter().map(|word| word.to_ascii_lowercase());
        let names = names.chain(unwritten.map(str::to_owned));
        for name in names.filter(|name| check_name(name, Kind::Target).is_ok()) {
            let made = type_name(&name, kind);
            assert!(!words.contains(made.as_str()), "{name} as a {kind} is {made}");
        }
    }
}

#[test]
fn a_project_is_whole_and_what_is_there_is_left_alone() {
    let parent = tempfile::tempdir().unwrap();
    let project = scaffold("my-backend", Kind::Target, parent.path()).unwrap();
    let read = |path: &str| fs::read_to_string(project.join(path)).unwrap();
    assert!(read("src/lib.rs").contains("register!(target: MyBackendTarget);"));
    assert!(read("Cargo.toml").contains("name = \"my-backend\""));
    assert!(read("vendor/wit/stint-plugin-0.1/types.wit").contains("package stint:plugin@0.1.0;"));
    for (path, content) in files("my-backend", Kind::Target) {
        assert!(!content.contains("@NAME@") && !content.contains("@TYPE@"), "{path}");
        assert!(!content.contains(env!("CARGO_MANIFEST_DIR")), "{path}");
    }
    let error = scaffold("my-backend", Kind::Policy, parent.path()).unwrap_err();
    assert!(error.to_string().ends_with("my-backend is there already"), "{error}");
    let left: Vec<_> = fs::read_dir(parent.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "nothing unfinished is left behind");
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let error = scaffold("a", Kind::Target, Path::new("/proc/self")).unwrap_err();
    assert!(matches!(error, ScaffoldError::Write { .. }), "{error}");
}
