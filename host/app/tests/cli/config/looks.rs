//! How it looks where there is little room, no colour, or nobody who reads on.

use std::io::Read as _;
use std::process::Stdio;

use unicode_width::UnicodeWidthStr as _;

use super::{FILE, Home};

const NARROW: [(&str, &str); 1] = [("COLUMNS", "20")];

#[test]
fn twenty_columns_are_enough_for_diagnostics() {
    let home = Home::with("[sync]\nintervall = \"30s\"\nbatch = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]\n");
    let said = home.with_env(&NARROW, &["config", "check", "--config", FILE]);
    let (diagnostics, _) = said.stderr.split_once("\nerror: failed to").unwrap();
    for line in diagnostics.lines() {
        assert!(line.width() <= 20, "{line:?}");
    }
    assert!(diagnostics.contains("intervall") && diagnostics.contains("^^^^^^^^^"), "{diagnostics}");
}

#[test]
fn twenty_columns_break_before_a_path_and_never_in_it() {
    let home = Home::with("[log]\nlevel = \"info\"\n");
    let path = home.with_env(&NARROW, &["config", "path"]).ok();
    assert!(path.stdout.starts_with("file\n  ~/.config/stint/stint.toml\n"), "{}", path.stdout);
    let show = home.with_env(&NARROW, &["config", "show", "--origin"]).ok();
    let expected = "# ~/.config/stint/stint.toml:2:9\nlog.level = \"info\"\n";
    assert!(show.stdout.contains(expected), "{}", show.stdout);
    show.stdout.parse::<toml::Table>().unwrap();
    let check = home.with_env(&NARROW, &["config", "check"]).ok();
    assert_eq!(check.stdout, "valid\nfiles:\n  ~/.config/stint/stint.toml\ntargets:\n  none\n");
}

#[test]
fn a_pipe_gets_no_colour_unless_it_is_asked_for() {
    let home = Home::with("[sync]\nintervall = 1\n");
    for args in [&["config", "check"][..], &["config", "path"], &["--help"], &["nonsense"]] {
        let said = home.stint(args);
        assert!(!said.stdout.contains('\u{1b}') && !said.stderr.contains('\u{1b}'), "{args:?}");
    }
    assert!(home.stint(&["config", "check", "--color", "always"]).stderr.contains('\u{1b}'));
}

#[test]
fn nothing_in_a_name_acts_on_the_terminal() {
    let home = Home::empty();
    home.workshop.write("a\u{1b}[2J\u{202e}/stint.toml", "[sync]\nintervall = 1\n");
    for verb in ["check", "path", "show"] {
        let said = home.stint(&["config", verb, "--config", "a\u{1b}[2J\u{202e}/stint.toml"]);
        let both = said.stdout + &said.stderr;
        assert!(!both.contains(['\u{1b}', '\u{202e}']) && both.contains('␛'), "{both:?}");
    }
    let said = home.stint(&["config", "edit", "a\u{1b}[2J"]);
    assert!(!said.stderr.contains('\u{1b}') && said.stderr.contains('␛'), "{:?}", said.stderr);
}

#[test]
fn a_reader_that_leaves_early_is_no_failure() {
    let home = Home::with("");
    for args in [
        &["config", "show", "--origin"][..],
        &["config", "schema"],
        &["completions", "bash"],
        &["man"],
        &["man", "--json"],
        &["status"],
        &["--help"],
    ] {
        let mut command = home.command(&[], args);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // Closed before anything is read: whenever the program writes, nobody is there.
        drop(child.stdout.take());
        let mut stderr = String::new();
        child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        let status = child.wait().unwrap();
        assert_eq!((status.code(), stderr.as_str()), (Some(0), ""), "{args:?}");
    }
}

#[test]
fn a_full_disk_is_a_failure() {
    let home = Home::with("");
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let said = home.command(&[], &["config", "show"]).stdout(full).output().unwrap();
    assert_eq!(said.status.code(), Some(73));
    let stderr = String::from_utf8(said.stderr).unwrap();
    assert_eq!(stderr, "error: failed to write the answer: No space left on device (os error 28)\n");
}
