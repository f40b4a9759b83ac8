//! Units for systemd: their text, what systemd itself says of it, and what it is asked. Here it is a program that writes
//! down what it was asked, because the tests' machine is not to get a service.

use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use serde_json::json;

use crate::support::Workshop;

/// Puts a systemctl first in the path, which answers as it is told and remembers what it was asked.
fn with_systemctl(workshop: &Workshop, answer: &str) -> String {
    let script = format!("#!/bin/sh\necho \"$*\" >> {}\n{answer}\n", workshop.path("asked").display());
    workshop.write("bin/systemctl", script);
    let file = workshop.path("bin/systemctl");
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o755)).unwrap();
    format!("{}:{}", workshop.path("bin").display(), std::env::var("PATH").unwrap())
}

fn unit(workshop: &Workshop, words: &[&str]) -> String {
    let mut command = workshop.command(&[&["service", "install", "--print"], words].concat());
    let output = command.env_remove("STINT_DATA_DIR").env_remove("SUDO_USER").output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_units_are_the_templates_with_the_places_of_this_machine() {
    let workshop = Workshop::new();
    let program = env!("CARGO_BIN_EXE_stint");
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../config/systemd");
    let template = |name: &str| std::fs::read_to_string(format!("{root}/{name}.service")).unwrap();
    let own = template("user").replace("@PROGRAM@", program).replace("@WHERE@", "");
    assert_eq!(unit(&workshop, &[]), own);
    workshop.write("my files/stint.toml", "");
    let config = workshop.path("my files/stint.toml").display().to_string();
    let place = format!("--config \"{config}\" ");
    let systems = template("system").replace("@PROGRAM@", program).replace("@WHERE@", &place);
    let words = ["--system", "--as", "kiosk", "--config", "my files/stint.toml"];
    assert_eq!(unit(&workshop, &words), systems.replace("@USER@", "kiosk"));
    for left in ["@PROGRAM@", "@WHERE@", "@USER@", "\nMemoryDenyWriteExecute"] {
        assert!(!own.contains(left) && !unit(&workshop, &words).contains(left), "{left}");
    }
}

#[test]
fn systemd_understands_every_line() {
    if Command::new("systemd-analyze").arg("--version").output().is_err() {
        eprintln!("SKIPPED: this machine has no systemd-analyze, so nobody looked at the units");
        return;
    }
    let workshop = Workshop::new();
    // The user has to be one that this machine knows.
    for words in [&["--into", "own"][..], &["--system", "--as", "daemon", "--into", "system"]] {
        let said = workshop.say(&[&["service", "install"], words].concat()).ok();
        let folder = words[words.len() - 1];
        assert!(said.stdout.ends_with(&format!("{folder}/stint.service is written\n")), "{said:?}");
        let mut command = Command::new("systemd-analyze");
        let file = workshop.path(folder).join("stint.service");
        command.args(["verify", "--man=no", "--recursive-errors=no"]);
        let output = command.arg(&file).output().unwrap();
        let complaints = String::from_utf8_lossy(&output.stderr);
        let ours: Vec<&str> = complaints.lines().filter(|line| line.contains("stint.service")).collect();
        assert!(ours.is_empty() && output.status.success(), "{complaints}");
    }
    // What systemd thinks of how far the system's service is shut in: tenths, of which a service that isn't has 96.
    let mut command = Command::new("systemd-analyze");
    let file = workshop.path("system/stint.service");
    let output =
        command.args(["security", "--offline=true", "--no-pager", "--threshold=20"]).arg(file).output();
    let output = output.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn it_is_installed_shown_and_taken_away() {
    let workshop = Workshop::new();
    let path =
        with_systemctl(&workshop, "echo ActiveState=active; echo UnitFileState=enabled; echo MainPID=17");
    let json = |words: &[&str]| -> serde_json::Value {
        let output =
            workshop.command(&[&["service"], words, &["--json"]].concat()).env("PATH", &path).output();
        let output = output.unwrap();
        assert!(output.status.success(), "{output:?}");
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let file = workshop.path("config/systemd/user/stint.service");
    let shown = file.display().to_string();
    assert_eq!(json(&["status"])["installed"], false);
    let installed = json(&["install"]);
    assert_eq!(
        (
            &installed["version"],
            &installed["scope"],
            &installed["path"],
            &installed["changed"],
            &installed["started"]
        ),
        (&json!(1), &json!("user"), &json!(shown), &json!(true), &json!(true))
    );
    assert_eq!(std::fs::read_to_string(&file).unwrap(), installed["unit"].as_str().unwrap());
    let data = format!("--data-dir {}", workshop.path("data").display());
    assert!(
        installed["unit"].as_str().unwrap().contains(&data),
        "where the data is, is said to the service too"
    );
    assert_eq!(json(&["install"])["changed"], false);
    let status = json(&["status"]);
    assert_eq!(
        (&status["installed"], &status["state"], &status["enabled"], &status["pid"], &status["problem"]),
        (&json!(true), &json!("active"), &json!(true), &json!(17), &json!(null))
    );
    assert_eq!(json(&["uninstall"])["changed"], true);
    assert!(!file.exists());
    assert_eq!(json(&["uninstall"])["changed"], false);
    let show = "--user show stint.service --property=ActiveState,UnitFileState,MainPID\n";
    let start = "--user daemon-reload\n--user enable stint.service\n--user restart stint.service\n";
    let end = "--user disable --now stint.service\n--user daemon-reload\n";
    assert_eq!(workshop.read("asked"), format!("{show}{start}{start}{show}{end}"));
}

#[test]
fn where_systemd_cant_be_asked_the_unit_is_written_and_the_command_told() {
    let workshop = Workshop::new();
    let path = with_systemctl(&workshop, "echo Failed to connect to bus: No medium found >&2; exit 1");
    let say = |words: &[&str]| {
        let output = workshop.command(&[&["service"], words].concat()).env("PATH", &path).output().unwrap();
        crate::support::Said::from(output)
    };
    say(&["install"]).failed(
        69,
        "error: failed to have systemd do `systemctl --user daemon-reload`: Failed to connect to bus: No medium found\n \
         hint: where systemd runs: `systemctl --user daemon-reload`; elsewhere have `stint run` started at login\n",
    );
    assert!(workshop.path("config/systemd/user/stint.service").exists());
    let said = say(&["status"]).ok();
    assert!(said.stdout.contains("installed as ") && said.stdout.contains("No medium found"), "{said:?}");
}

#[test]
fn the_systems_host_never_is_root() {
    let workshop = Workshop::new();
    for words in [&["--as", "root"][..], &["--as", "a b"], &[]] {
        let mut command = workshop.command(&[&["service", "install", "--system", "--print"], words].concat());
        let said = crate::support::Said::from(command.env_remove("SUDO_USER").output().unwrap());
        assert_eq!(said.code, 2, "{said:?}");
        assert!(
            said.stderr.contains("hint: name it: `stint service install --system --as NAME`"),
            "{said:?}"
        );
    }
    assert_eq!(workshop.stint("service install --as kiosk").code, 2, "--as is for the system's alone");
    for verb in ["service install", "service uninstall", "service status", "doctor"] {
        let said = workshop.stint(&format!("{verb} --help")).ok();
        assert!(
            said.stdout.contains(&format!("  stint {verb}")) && said.stdout.contains("Example"),
            "{said:?}"
        );
    }
}
