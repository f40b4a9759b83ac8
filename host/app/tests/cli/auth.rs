//! `stint auth`: secrets go in by a pipe or a terminal, and come out nowhere.

use std::io::{Read as _, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::support::{Said, Workshop};

const SECRET: &str = "canary-4d1f7a";

fn workshop() -> Workshop {
    let workshop = Workshop::new();
    workshop.configure(
        "[credentials.in-file]\nscheme = \"bearer\"\npublic_id = \"ada\"\nvalue = { file = \"keys/work\" }\n\
         [credentials.in-variable]\nscheme = \"header\"\nname = \"X-Key\"\nvalue = { env = \"STINT_TEST_NO_SUCH\" }\n\
         [credentials.by-command]\nscheme = \"basic\"\nvalue = { command = [\"pass\", \"show\", \"work\"] }\n\
         [credentials.login]\nscheme = \"bearer\"\nstore = { file = \"keys/tokens\" }\n\
         [credentials.login.refresh]\nurl = \"https://login.example.com/token\"\nbody = '{\"r\":\"{refresh}\"}'\n\
         refresh_token = { env = \"STINT_TEST_NO_SUCH\" }\naccess = \"/access\"\nrefresh = \"/refresh\"\n",
    );
    workshop
}

/// Runs a verb with something on its standard input.
fn given(workshop: &Workshop, args: &[&str], input: &str) -> Said {
    let mut command = workshop.command(args);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // It may be refused before it is read.
    let _either_way = child.stdin.take().unwrap().write_all(input.as_bytes());
    let said = Said::from(child.wait_with_output().unwrap());
    assert!(!said.stdout.contains(SECRET) && !said.stderr.contains(SECRET), "{said:?}");
    said
}

fn status(workshop: &Workshop, name: &str) -> Value {
    let list = workshop.json(&["auth", "status", name]);
    assert_eq!(list["version"], 1);
    list["credentials"][0].clone()
}

#[test]
fn a_secret_is_put_in_by_a_pipe_and_taken_away() {
    let workshop = workshop();
    assert_eq!(status(&workshop, "in-file")["present"], false);
    let said = given(&workshop, &["auth", "set", "in-file"], &format!("{SECRET}\n")).ok();
    let file = workshop.path("config/stint/keys/work");
    assert_eq!(said.stdout, format!("in-file is kept in the file {}\n", file.display()));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), SECRET);
    assert_eq!(std::fs::metadata(&file).unwrap().mode() & 0o777, 0o600);
    let seen = status(&workshop, "in-file");
    assert_eq!(
        (&seen["present"], &seen["problem"], &seen["public_id"]),
        (&json!(true), &json!(null), &json!("ada"))
    );
    let again = given(&workshop, &["auth", "set", "in-file", "--json"], SECRET).ok();
    let done: Value = serde_json::from_str(&again.stdout).unwrap();
    assert_eq!(
        (&done["version"], &done["changed"], &done["host_told"]),
        (&json!(1), &json!(true), &json!(false))
    );
    assert_eq!(workshop.stint("auth forget in-file").ok().stdout, "in-file is forgotten\n");
    assert!(!file.exists());
    assert_eq!(workshop.stint("auth forget in-file").ok().stdout, "in-file was not there\n");
}

#[test]
fn a_secret_is_typed_without_being_shown() {
    let workshop = workshop();
    let mut command = workshop.command(&["auth", "set", "in-file"]);
    let line = format!("{} auth set in-file", env!("CARGO_BIN_EXE_stint"));
    let surroundings: Vec<_> =
        command.get_envs().filter_map(|(key, value)| Some((key.to_owned(), value?.to_owned()))).collect();
    // `script` gives it a terminal of its own, which shows what is typed unless the program says otherwise.
    command = std::process::Command::new("script");
    command
        .args(["-qec", &line, "/dev/null"])
        .envs(surroundings)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let (mut keyboard, mut screen) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let (mut seen, mut byte) = (Vec::new(), [0]);
    while !seen.ends_with(b"not shown): ") {
        screen.read_exact(&mut byte).unwrap();
        seen.push(byte[0]);
    }
    keyboard.write_all(format!("{SECRET}\n").as_bytes()).unwrap();
    screen.read_to_end(&mut seen).unwrap();
    assert!(child.wait().unwrap().success());
    let seen = String::from_utf8_lossy(&seen);
    assert!(seen.contains("secret of in-file (it is not shown): ") && !seen.contains(SECRET), "{seen}");
    assert_eq!(workshop.read("config/stint/keys/work"), SECRET);
}

#[test]
fn what_can_not_be_put_anywhere_is_refused_before_anybody_types() {
    let workshop = workshop();
    let said = workshop.stint("auth set in-variable");
    said.failed(
        77,
        "failed to set the credential `in-variable`: it is kept in the variable STINT_TEST_NO_SUCH, where stint can't put \
         anything; give STINT_TEST_NO_SUCH a valid one where `stint run` is started, and start it again, or keep it in \
         the keyring: value = { keyring = \"in-variable\" }\n",
    );
    let said = workshop.stint("auth set by-command");
    assert!(said.code == 77 && said.stderr.contains("the command pass, where"), "{said:?}");
    assert_eq!(workshop.stint("auth forget in-variable").code, 77);
    let said = workshop.stint("auth set nobody");
    assert_eq!(said.code, 65);
    assert!(said.stderr.contains("the configuration has no [credentials.nobody]"), "{}", said.stderr);
    assert!(said.stderr.contains("hint: `stint auth status` shows those"), "{}", said.stderr);
    let said = given(&workshop, &["auth", "set", "in-file"], "\n");
    said.failed(65, "error: failed to use what was given: it is empty\n");
    let said = given(&workshop, &["auth", "set", "in-file", SECRET], "");
    assert_eq!(said.code, 2);
    assert!(said.stderr.contains("and change it, because it was seen"), "{}", said.stderr);
    let said = given(&workshop, &["auth", "set", "in-file"], &"x".repeat(70_000));
    assert!(said.code == 65 && said.stderr.contains("more than 65536 bytes"), "{said:?}");
}

#[test]
fn what_begins_a_login_is_put_where_its_tokens_are() {
    let workshop = workshop();
    given(&workshop, &["auth", "set", "login"], SECRET).ok();
    assert!(workshop.read("config/stint/keys/tokens").contains(SECRET));
    let seen = status(&workshop, "login");
    assert_eq!((&seen["present"], &seen["refreshes"]), (&json!(true), &json!(true)));
    assert!(!seen.to_string().contains(SECRET));
}

#[test]
fn the_status_says_where_each_is_and_what_to_do() {
    let workshop = workshop();
    given(&workshop, &["auth", "set", "in-file"], SECRET).ok();
    let said = workshop.say_in(100, &["auth", "status"]).ok();
    let lines: Vec<&str> = said.stdout.lines().collect();
    assert_eq!(lines[0], "CREDENTIAL   SCHEME  PRESENT  EXPIRES");
    assert_eq!(lines[1], "by-command   basic   ?");
    assert_eq!(lines[2], "    kept in the command pass");
    assert_eq!(lines[3], "in-file      bearer  yes");
    assert!(
        said.stdout.contains("in-variable  header  no\n    kept in the variable STINT_TEST_NO_SUCH\n"),
        "{}",
        said.stdout
    );
    assert!(said.stdout.contains("start it again"), "{}", said.stdout);
    let list = workshop.json(&["auth", "status"]);
    let fields = [
        "name",
        "scheme",
        "public_id",
        "kept_in",
        "stored_in",
        "present",
        "expires_at",
        "refreshes",
        "problem",
        "warnings",
    ];
    for credential in list["credentials"].as_array().unwrap() {
        for field in fields {
            assert!(credential.as_object().unwrap().contains_key(field), "{field} is not in {credential}");
        }
    }
    assert_eq!(workshop.stint("auth status nobody").code, 65);
    let none = Workshop::new();
    none.configure("");
    assert_eq!(
        none.stint("auth status").ok().stdout,
        "no credentials: the configuration has no [credentials.NAME]\n"
    );
}
