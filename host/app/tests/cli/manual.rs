//! Completions and the manual, as they are installed.

use serde_json::Value;

use crate::support::Workshop;

#[test]
fn every_shell_gets_a_script_that_knows_the_verbs() {
    let workshop = Workshop::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = workshop.stint(&format!("completions {shell}")).ok().stdout;
        for word in ["pause", "config", "check", "--unset", "--data-dir"] {
            let word = if shell == "fish" { word.trim_start_matches('-') } else { word };
            assert!(script.contains(word), "{shell} doesn't know {word}");
        }
        let said = workshop.stint(&format!("completions {shell} --json")).ok();
        let json: Value = serde_json::from_str(&said.stdout).unwrap();
        assert_eq!(
            (&json["version"], &json["shell"], &json["script"]),
            (&1.into(), &shell.into(), &script.into())
        );
    }
    let said = workshop.stint("completions bsh");
    assert_eq!(said.code, 2);
    assert!(said.stderr.contains("'bash'"), "{}", said.stderr);
}

#[test]
fn bash_takes_its_script_and_completes_a_verb() {
    let workshop = Workshop::new();
    let complete = "eval \"$(stint completions bash)\"\nCOMP_WORDS=(stint conf) COMP_CWORD=1\n_stint stint conf stint\n\
                    echo \"${COMPREPLY[@]}\"";
    workshop.write("try.bash", complete);
    assert_eq!(workshop.shell("".as_ref(), "bash try.bash").ok().stdout, "config\n");
}

#[test]
fn the_manual_is_a_page_for_every_verb() {
    let workshop = Workshop::new();
    let said = workshop.stint("man --dir man1 --json").ok();
    let made: Value = serde_json::from_str(&said.stdout).unwrap();
    let pages = made["pages"].as_array().unwrap();
    for name in ["stint.1", "stint-pause.1", "stint-gap-keep.1", "stint-config-edit.1", "stint-plugin-new.1"]
    {
        let page = pages.iter().find(|page| page["name"] == name).unwrap();
        assert_eq!(page["path"], format!("man1/{name}"));
        assert!(workshop.read(&format!("man1/{name}")).contains(".SH SYNOPSIS"));
    }
    let count = std::fs::read_dir(workshop.path("man1")).unwrap().count();
    assert_eq!(count, pages.len());
    let again = workshop.stint("man --dir man1").ok();
    assert_eq!(again.stdout, format!("wrote {count} pages to man1\n"));
    let printed = workshop.stint("man").ok().stdout;
    assert_eq!(printed.lines().filter(|line| line.starts_with(".TH ")).count(), count);
}

#[test]
fn examples_keep_their_lines() {
    let workshop = Workshop::new();
    workshop.stint("man --dir man1").ok();
    let page = workshop.read("man1/stint-config-edit.1");
    assert!(page.contains("\n  stint config edit sync.interval=5m\n"), "{page}");
    assert!(workshop.read("man1/stint.1").contains("\n  78  the configuration is wrong\n"));
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let workshop = Workshop::new();
    workshop.write("file", "");
    workshop.stint("man --dir file/man1").failed(
        73,
        "error: failed to write the manual's page file/man1/stint.1: Not a directory (os error 20)\n",
    );
}
