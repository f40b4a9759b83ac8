//! Programs that stand in for `stint-screen`: what they are told, and what comes of what they say.

use std::{fs, os::unix::fs::PermissionsExt as _};

use super::*;
use crate::rules::tests::screen;

/// Grabs with a program that is this script.
fn with(script: &str, patience: Duration) -> Result<Picture, SourceError> {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("look");
    fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o700)).unwrap();
    let small = Screen { height: 1, ..screen("desk", 0, 2) };
    grab_with(&program, &Way::X11 { display: ":7".into() }, &small, 64, patience)
}

fn error(script: &str) -> String {
    with(script, Duration::from_mins(1)).unwrap_err().to_string()
}

#[test]
fn a_picture_is_its_size_and_its_pixels() {
    let script = r"printf '\002\0\0\0\001\0\0\0abcdefgh'; exec sleep 1000";
    let picture = with(script, Duration::from_mins(1)).unwrap();
    assert_eq!((picture.width(), picture.as_rgba()), (2, &b"abcdefgh"[..]), "nobody waits for its end");
}

#[test]
fn it_is_told_which_display_and_which_monitor_and_nothing_that_is_secret() {
    let said = error("echo \"$1 $DISPLAY $XDG_SESSION_TYPE [$WAYLAND_DISPLAY]\" >&2; exit 1");
    assert_eq!(said, "get a picture of screen desk: stint-screen: 64 :7 x11 []");
    let said = error("env | cut -d= -f1 | tr '\\n' ' ' >&2; exit 1");
    let names: Vec<&str> = said.rsplit_once(": ").unwrap().1.split_whitespace().collect();
    assert!(names.contains(&"DISPLAY"), "{names:?}");
    let known = |name: &&str| {
        // The last are the shell's own.
        PASSED_ON.contains(name)
            || ["DISPLAY", "XDG_SESSION_TYPE", "OLDPWD", "PWD", "SHLVL", "_"].contains(name)
    };
    assert!(names.iter().all(known), "{names:?}");
}

#[test]
fn what_it_says_is_one_line_without_control_characters() {
    let said = error(r"printf 'no\033[31m display\nat all' >&2; exit 1");
    assert_eq!(said, "get a picture of screen desk: stint-screen: no [31m display at all");
    assert_eq!(error("exit 1"), "get a picture of screen desk: stint-screen ended without a word");
    let said = error("printf '\\002\\0\\0\\0\\001\\0\\0\\0abc'; exec 1>&-; yes too long >&2");
    assert!(
        said.contains("too long") && said.len() < 1_200,
        "a picture that ends early, and endless words: {said}"
    );
}

#[test]
fn another_size_is_a_screen_that_changed() {
    let said = error(r"printf '\003\0\0\0\001\0\0\0abcdefghijkl'");
    assert_eq!(said, "look at screen desk: it went away or changed its size at that moment");
}

#[test]
fn one_that_is_silent_or_missing_is_an_error_with_what_to_do() {
    let error = with("exec sleep 1000", Duration::from_millis(1)).unwrap_err();
    assert!(matches!(error, SourceError::Silent { .. }), "{error}");
    let small = screen("desk", 0, 2);
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("look");
    // One byte after the other: none is waited for long.
    fs::write(&program, "#!/bin/sh\nprintf '\\0\\020\\0\\0\\0\\020\\0\\0'; while printf x; do :; done\n")
        .unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o700)).unwrap();
    let large = Screen { height: 4_096, ..screen("desk", 0, 4_096) };
    let way = Way::X11 { display: ":7".into() };
    let error = grab_with(&program, &way, &large, 1, Duration::from_millis(50)).unwrap_err();
    assert!(matches!(error, SourceError::Silent { .. }), "{error}");
    let way = Way::X11 { display: ":7".into() };
    let error = grab_with(Path::new("/nowhere/look"), &way, &small, 1, Duration::from_secs(1)).unwrap_err();
    assert!(error.to_string().starts_with("start /nowhere/look, which looks at the screens: "), "{error}");
}

#[test]
fn it_lies_beside_the_program_also_where_that_is_a_test() {
    let folder = program();
    assert!(folder.ends_with("stint-screen") && !folder.parent().unwrap().ends_with("deps"), "{folder:?}");
}
