//! Every verb explains itself, and a wrong word on the command line is answered as such.

use crate::support::Workshop;

#[test]
fn every_verb_has_help_with_an_example() {
    let verbs = [
        "plugin new",
        "plugin build",
        "plugin inspect",
        "plugin list",
        "status",
        "log",
        "report",
        "queue list",
        "queue show",
        "auth set",
        "auth status",
        "auth forget",
    ];
    for verb in verbs {
        let said = Workshop::new().stint(&format!("{verb} --help")).ok();
        assert!(said.stdout.contains("Example"), "{verb}:\n{}", said.stdout);
        assert!(said.stdout.contains(&format!("  stint {verb} ")), "{verb}:\n{}", said.stdout);
        assert!(said.stdout.contains("--json"), "{verb}:\n{}", said.stdout);
    }
}

#[test]
fn a_mistake_in_usage_ends_with_2() {
    for line in
        ["", "plugn", "plugin new", "plugin new a", "plugin new a --kind tagret", "plugin build -v -q"]
    {
        let said = Workshop::new().stint(line);
        assert_eq!(said.code, 2, "{line}: {}", said.stderr);
        assert!(said.stderr.contains("--help"), "{line}: {}", said.stderr);
    }
    let said = Workshop::new().stint("plugin new a --kind tagret");
    assert!(said.stderr.contains("'target'"), "{}", said.stderr);
}

#[test]
fn a_word_that_is_nearly_right_is_suggested() {
    for (line, tip) in [
        ("statsu", "'status'"),
        ("reprot", "'report'"),
        ("queue lsit", "'list'"),
        ("queue list --staet failed", "'--state'"),
        ("status --wtach", "'--watch'"),
        ("log --form today", "'--from'"),
    ] {
        Workshop::new().stint(line).failed_with_tip(tip);
    }
}

#[test]
fn colours_are_used_when_asked_for_and_not_for_a_pipe() {
    let workshop = Workshop::new();
    assert!(workshop.stint("plugin inspect x --color always").stderr.starts_with('\u{1b}'));
    assert!(workshop.stint("plugin inspect x").stderr.starts_with("error: "));
}
