//! What `stint status` says.

use serde_json::{Value, json};

use super::{
    super::samples::{assert_fits, odd_names, plain},
    *,
};

fn idle() -> Value {
    json!({
        "version": 1,
        "host": {"running": false, "pid": null, "since": null, "tasks": [],
                 "config": {"path": "/etc/stint.toml", "valid": true, "error": null}},
        "timer": {"state": "idle", "entry_id": null, "project": null, "task": null, "note": null, "tags": [],
                  "billable": false, "started_at": null, "worked_ms": 0, "gaps": []},
        "targets": [], "queue": {"pending": 0, "failed": 0, "sent": 0, "dropped": 0}, "plugins": [],
        "capture": {"enabled": false, "last_at": null, "error": null}, "alerts": []
    })
}

/// A running timer with a gap, a host, and two targets of which one is held.
fn busy() -> Value {
    let mut status = idle();
    status["host"]["running"] = json!(true);
    status["host"]["pid"] = json!(42);
    status["host"]["since"] = json!("2026-03-01T08:00:00Z");
    status["timer"] = json!({
        "state": "running", "entry_id": "01890a5d-ac96-774b-bcce-b302099a8057", "project": "Website",
        "task": "Review", "note": "Read the draft", "tags": ["a"], "billable": true,
        "started_at": "2026-03-02T08:00:00Z", "worked_ms": 4_505_000,
        "gaps": [{"id": "01890a5d-ac96-774b-bcce-b302099a8058", "kind": "sleep", "start": "2026-03-02T08:30:00Z",
                  "end": "2026-03-02T08:42:00Z", "length_ms": 720_000, "kept": false}]
    });
    let work = json!({
        "name": "work", "plugin": "redmine", "state": "held", "held_because": "the credential was refused",
        "retired": false, "pending": 3, "failed": 1, "sent": 120, "dropped": 0, "oldest_pending_ms": 7_500_000,
        "next_attempt_at": null, "last_error": "HTTP 401: Unauthorized",
        "last_pass": {"at": "2026-03-02T09:29:00Z", "result": "held", "delivered": 0}
    });
    let archive = json!({
        "name": "archive", "plugin": "archive", "state": "ok", "held_because": null, "retired": false,
        "pending": 1, "failed": 0, "sent": 9, "dropped": 2, "oldest_pending_ms": 5_000,
        "next_attempt_at": "2026-03-02T09:30:30Z", "last_error": "an old one", "last_pass": null
    });
    status["targets"] = json!([archive, work]);
    status
}

fn shown(value: Value, width: usize) -> String {
    plain(&status(&serde_json::from_value(value).unwrap(), &Paper::sample(width)))
}

#[test]
fn everything_is_seen_at_a_glance() {
    assert_eq!(
        shown(busy(), 100),
        "\
running  1:15:05
  Website / Review: Read the draft  #a  billable
  since 09:00, entry 099a8057
  sleep 09:30-09:42, 12 min: doesn't count; else: stint gap keep 099a8058

TARGET   STATE  PENDING  FAILED  SENT  DROPPED  OLDEST      NEXT ATTEMPT
archive  ok     1        0       9     2        5 s         in 30 s
    last error: an old one
work     held   3        1       120            2 h 05 min
    held because the credential was refused
    see: stint queue list --state failed --target work
    last error: HTTP 401: Unauthorized
    last pass 1 min ago: held, 0 delivered

the host runs since 2026-03-01 09:00 (pid 42)
"
    );
}

#[test]
fn what_holds_a_target_is_said_once() {
    let mut value = busy();
    let why = "HTTP 401: Unauthorized; `stint auth set work` puts in a new one";
    value["targets"][1]["held_because"] = json!(why);
    value["targets"][1]["last_pass"]["result"] = json!(format!("then it was held: {why}"));
    let said = shown(value, 100);
    assert_eq!(said.matches("HTTP 401").count(), 1, "{said}");
    assert!(said.contains("\n    last pass 1 min ago: held, 0 delivered\n"), "{said}");
}

#[test]
fn twenty_columns_say_the_same() {
    let narrow = shown(busy(), 20).split_whitespace().collect::<Vec<_>>().join(" ");
    for part in [
        "running 1:15:05",
        "Website / Review: Read the draft #a billable",
        "else: stint gap keep 099a8058",
        "archive state: ok pending: 1 failed: 0 sent: 9 dropped: 2 oldest: 5 s next attempt: in 30 s",
        "held because the credential was refused",
        "last pass 1 min ago: held, 0 delivered",
        "(pid 42)",
    ] {
        assert!(narrow.contains(part), "{part} is not in: {narrow}");
    }
}

#[test]
fn nothing_to_show_is_said_as_such() {
    assert_eq!(
        shown(idle(), 100),
        "\
idle
  begin with: stint start

no targets: what is recorded stays on this machine

no host is running: nothing is delivered until `stint run`
"
    );
}

#[test]
fn a_paused_timer_says_how_to_go_on() {
    let mut value = busy();
    value["timer"]["state"] = json!("paused");
    value["timer"]["gaps"][0]["kept"] = json!(true);
    let said = shown(value, 100);
    assert!(said.starts_with("paused  1:15:05\n"), "{said}");
    assert!(
        said.contains("12 min: counts; else: stint gap drop 099a8058\n  go on with: stint resume\n"),
        "{said}"
    );
}

#[test]
fn trouble_is_told() {
    let mut value = busy();
    value["alerts"] = json!(["the database was gone; there was no sound backup, so stint began a new one"]);
    value["host"]["tasks"] = json!([{"name": "upkeep", "falls": 2, "error": "it panicked"},
                                    {"name": "heartbeat", "falls": 0, "error": null}]);
    value["plugins"] = json!([
        {"name": "redmine", "kind": "target", "version": null, "sha256": null, "state": "rejected", "error": "no manifest"},
        {"name": "helo", "kind": "", "version": null, "sha256": null, "state": "missing",
         "error": "plugin `helo` is missing: no file in /p has this name; put helo.wasm there"},
        {"name": "archive", "kind": "target", "version": "1.0.0", "sha256": "00", "state": "ready", "error": null}]);
    value["capture"]["enabled"] = json!(true);
    value["capture"]["error"] = json!("no screen");
    value["targets"][0]["retired"] = json!(true);
    let said = shown(value, 120);
    for line in [
        "alert: the database was gone; there was no sound backup, so stint began a new one\n",
        "task upkeep fell 2 times and is started again: it panicked\n",
        "plugin redmine is rejected: no manifest\n",
        "\nplugin `helo` is missing: no file in /p has this name; put helo.wasm there\n",
        "no screenshots: no screen\n",
        "    what waits here is delivered nowhere\n",
    ] {
        assert!(said.contains(line), "{line} is not in: {said}");
    }
    assert!(!said.contains("heartbeat"), "{said}");
}

#[test]
fn what_holds_a_target_is_not_said_again_of_its_plugin() {
    let mut value = busy();
    let why = "plugin `helo` is missing: no file in /p has this name; put helo.wasm there";
    value["targets"][0]["held_because"] = json!(why);
    value["plugins"] = json!([
        {"name": "helo", "kind": "", "version": null, "sha256": null, "state": "missing", "error": why}]);
    let said = shown(value, 120);
    assert_eq!(said.matches(why).count(), 1, "{said}");
}

#[test]
fn screenshots_are_told_to_be_on_paused_or_in_trouble() {
    let mut value = busy();
    assert!(!shown(value.clone(), 100).contains("screenshots"), "they are off");
    value["capture"]["enabled"] = json!(true);
    assert!(shown(value.clone(), 100).contains("\nscreenshots are on\n"));
    value["capture"]["warnings"] = json!(["one thing"]);
    assert!(shown(value.clone(), 100).contains("\nscreenshots are on\nscreenshots: one thing\n"));
    value["capture"]["error"] = json!("no screen");
    assert!(shown(value.clone(), 100).contains("\nno screenshots: no screen\n"));
    value["capture"]["paused_until"] = json!("2026-03-02T09:45:00Z");
    let said = shown(value.clone(), 100);
    let line = "\nscreenshots are paused until 10:45; take them again with: stint capture resume\n";
    assert!(said.contains(line) && !said.contains("no screen\n"), "{said}");
    value["host"]["running"] = json!(false);
    value["capture"] = json!({"enabled": true, "last_at": null, "error": null});
    let said = shown(value, 100);
    assert!(said.contains("screenshots are on, and taken while a host runs\n"), "{said}");
}

#[test]
fn a_refused_configuration_is_told_with_its_first_mistake() {
    let mut value = idle();
    let error = "error: unknown key `nonsense`\n --> /etc/stint.toml:3:1\n3 | nonsense = true\n  | ^^^^^^^^\n\
                 = hint: leave it out\n\nerror: another one";
    value["host"]["config"]["valid"] = json!(false);
    value["host"]["config"]["error"] = json!(error);
    let alone = "the configuration can't be used: what is built in counts, and the targets are those known";
    assert!(shown(value.clone(), 100).contains(alone), "{}", shown(value, 100));
    value["host"]["running"] = json!(true);
    let said = shown(value.clone(), 100);
    assert!(
        said.contains(
            "the configuration was refused, the one before goes on:\n  error: unknown key `nonsense`\n   --> \
             /etc/stint.toml:3:1\n  3 | nonsense = true\n    | ^^^^^^^^\n  = hint: leave it out\n  see all: stint \
             config check\n"
        ),
        "{said}"
    );
    assert!(!said.contains("another"), "{said}");
    value["host"]["config"]["error"] = json!("error: only one\n");
    assert!(!shown(value, 100).contains("see all"));
}

#[test]
fn no_name_is_too_odd_and_no_screen_too_narrow() {
    for name in odd_names() {
        let mut value = busy();
        for key in ["project", "task", "note"] {
            value["timer"][key] = json!(name);
        }
        value["timer"]["tags"] = json!([name, name]);
        value["targets"][0]["name"] = json!(name);
        value["targets"][1]["held_because"] = json!(name);
        value["targets"][1]["last_error"] = json!(name);
        value["alerts"] = json!([name]);
        value["host"]["config"] = json!({"path": null, "valid": false, "error": name});
        for width in [20, 60, 120] {
            let status = status(&serde_json::from_value(value.clone()).unwrap(), &Paper::sample(width));
            assert_fits(&status, width);
        }
    }
}
