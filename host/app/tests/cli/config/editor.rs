//! `stint config edit` with an editor: a shell command stands in for the person.

use serde_json::json;

use super::{FILE, Home};
use crate::support::Said;

const TEXT: &str = "[sync]\ninterval = \"5m\"\n";

fn edit(home: &Home, editor: &str) -> Said {
    home.with_env(&[("EDITOR", editor)], &["config", "edit"])
}

/// The copies that are left beside the file.
fn copies(home: &Home) -> Vec<String> {
    let entries = std::fs::read_dir(home.workshop.path(FILE).parent().unwrap()).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name != "stint.toml").collect()
}

#[test]
fn what_is_right_replaces_the_file() {
    let home = Home::with(TEXT);
    let said = edit(&home, "sed -i s/5m/30s/").ok();
    assert_eq!((said.stdout.as_str(), said.stderr.as_str()), ("changed ~/.config/stint/stint.toml\n", ""));
    assert_eq!((home.text(), copies(&home)), (TEXT.replace("5m", "30s"), vec![]));
}

#[test]
fn the_visual_editor_comes_first_and_may_have_arguments() {
    let home = Home::with(TEXT);
    let env = [("VISUAL", "sed -i -e 's/5m/1 m/' -e 's/1 m/7m/'"), ("EDITOR", "false")];
    home.with_env(&env, &["config", "edit"]).ok();
    assert_eq!(home.text(), TEXT.replace("5m", "7m"));
}

#[test]
fn a_mistake_changes_nothing_and_the_text_is_kept() {
    let home = Home::with(TEXT);
    let said = edit(&home, "sed -i s/5m/soon/");
    assert_eq!((said.code, said.stdout.as_str()), (78, ""));
    assert!(said.stderr.contains("2 | interval = \"soon\"\n  |            ^^^^^^\n"), "{}", said.stderr);
    let copies = copies(&home);
    let [copy] = copies.as_slice() else { panic!("{copies:?}") };
    let copy = format!("~/.config/stint/{copy}");
    let last = format!(
        "error: failed to change the configuration, which would be wrong then; nothing was written\n hint: what you \
         wrote is kept in {copy}; correct it there, look at it with `stint config check {copy}`, then `mv {copy} \
         ~/.config/stint/stint.toml`\n"
    );
    assert!(said.stderr.ends_with(&last), "{}", said.stderr);
    assert_eq!(home.text(), TEXT);
    let kept = copy.trim_start_matches("~/");
    assert_eq!(home.workshop.read(kept), TEXT.replace("5m", "soon"));
    assert_eq!(home.stint(&["config", "check", kept]).code, 78);
}

#[test]
fn nothing_changed_is_no_change() {
    let home = Home::with(TEXT);
    assert_eq!(edit(&home, "true").ok().stdout, "nothing changed in ~/.config/stint/stint.toml\n");
    let said = home.with_env(&[("EDITOR", "true")], &["config", "edit", "--json"]).ok();
    let said: serde_json::Value = serde_json::from_str(&said.stdout).unwrap();
    let expected = json!({
        "version": 1, "path": "~/.config/stint/stint.toml", "changed": false, "setting": null,
        "overridden_by": null,
    });
    assert_eq!((said, copies(&home)), (expected, vec![]));
}

#[test]
fn a_new_file_begins_with_the_defaults_in_comments() {
    let home = Home::empty();
    edit(&home, "true").ok();
    assert!(!home.workshop.path(FILE).exists());
    edit(&home, "sed -i 's/^# level = \"info\"/level = \"debug\"/'").ok();
    let text = home.text();
    assert!(text.contains("# interval = \"60s\"\n") && text.contains("\nlevel = \"debug\"\n"), "{text}");
    assert!(!text.contains("#:schema"), "there is no schema beside it");
    home.stint(&["config", "check"]).ok();
}

#[test]
fn a_broken_file_can_be_mended() {
    let home = Home::with("[sync\ninterval = \"5m\"\n");
    edit(&home, "sed -i '1s/.*/[sync]/'").ok();
    assert_eq!(home.text(), TEXT);
}

#[test]
fn a_file_that_somebody_else_changed_meanwhile_is_left_to_them() {
    let home = Home::with(TEXT);
    let said = edit(&home, "echo '# theirs' >> ~/.config/stint/stint.toml; sed -i s/5m/30s/");
    assert_eq!(said.code, 75, "{}", said.stderr);
    assert!(
        said.stderr.starts_with(
            "error: failed to change ~/.config/stint/stint.toml: it was changed by somebody else meanwhile; it is as \
             they left it\n hint: what you wrote is kept in ~/.config/stint/.stint-edit-"
        ),
        "{}",
        said.stderr
    );
    assert!(
        said.stderr.contains(
            "; see what differs with `diff ~/.config/stint/stint.toml ~/.config/stint/.stint-edit-"
        )
    );
    assert_eq!(home.text(), format!("{TEXT}# theirs\n"));
    assert_eq!(copies(&home).len(), 1);
}

#[test]
fn an_editor_that_fails_changes_nothing() {
    let home = Home::with(TEXT);
    edit(&home, "false").failed(
        69,
        "error: failed to edit: `false` ended with exit status: 1, so nothing was changed\n hint: see what $VISUAL, or \
         else $EDITOR, is set to\n",
    );
    assert_eq!(copies(&home), [""; 0]);
    let said = edit(&home, "crash() { echo more >> $1; exit 3; }; crash");
    assert_eq!(said.code, 69);
    assert!(
        said.stderr.contains("\n hint: what you wrote is kept in ~/.config/stint/.stint-edit-"),
        "{}",
        said.stderr
    );
    assert_eq!((copies(&home).len(), home.text()), (1, TEXT.to_owned()));
}

#[test]
fn without_an_editor_it_says_which_variable_to_set() {
    let home = Home::with(TEXT);
    home.stint(&["config", "edit"]).failed(
        69,
        "error: failed to open an editor: neither $VISUAL nor $EDITOR names one\n hint: set one: `export EDITOR=nano`; \
         or change one value: `stint config edit KEY=VALUE`\n",
    );
}

#[test]
fn a_named_file_that_is_not_there_is_not_begun() {
    let home = Home::empty();
    let said = home.with_env(&[("EDITOR", "true")], &["config", "edit", "--config", "gone.toml"]);
    assert!(
        said.stderr.contains("the configuration file isn't there, and --config names it"),
        "{}",
        said.stderr
    );
    assert_eq!(said.code, 78);
}
