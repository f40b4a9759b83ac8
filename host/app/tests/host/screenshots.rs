//! Screenshots as a person has them: the verbs, the API beside them, and what is told where none can be taken.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
};

use serde_json::{Value, json};

use crate::{
    desk::{Desk, ONE_TARGET, mode, until},
    loopback::Door,
};

/// Cards that are drawn, and none by themselves: the timer doesn't run.
const DRAWN: &str = "[capture]\nenabled = true\nsource = \"synthetic\"\n";

fn desk(capture: &str) -> Desk {
    let desk = Desk::new();
    desk.configure(&format!("{capture}{ONE_TARGET}"));
    desk
}

/// Every file of the data directory.
fn files(desk: &Desk) -> Vec<std::path::PathBuf> {
    let mut folders = vec![desk.data()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files
}

/// Whether a part of the picture is in any file.
fn is_somewhere(desk: &Desk, picture: &[u8]) -> bool {
    let middle = picture.len() / 2;
    let part = &picture[middle..middle + 64];
    let holds = |path: &std::path::PathBuf| {
        std::fs::read(path).is_ok_and(|bytes| bytes.windows(part.len()).any(|window| window == part))
    };
    files(desk).iter().any(holds)
}

fn list(desk: &Desk) -> Vec<Value> {
    desk.json(&["capture", "list"])["screenshots"].as_array().unwrap().clone()
}

#[test]
fn one_is_taken_listed_and_taken_back() {
    let desk = desk(DRAWN);
    let _host = desk.host();
    assert_eq!(desk.stint(&["capture", "list"]).ok(), "no screenshots are kept here\n");
    let taken = desk.json(&["capture", "now"]);
    let screen = &taken["screens"][0];
    assert_eq!((&screen["monitor"], &screen["seen"]), (&json!("test-card"), &json!("kept")), "{taken}");
    let listed = list(&desk);
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0]["id"], screen["id"]);
    assert_eq!((&listed[0]["width"], &listed[0]["mime"]), (&json!(1280), &json!("image/jpeg")));
    assert_eq!((&listed[0]["pending"], &listed[0]["sent"]), (&json!(1), &json!(0)));
    for file in files(&desk) {
        assert_eq!(mode(&file) & 0o077, 0, "its owner's alone: {}", file.display());
    }

    let number = screen["number"].to_string();
    let said = desk.stint(&["capture", "list"]).ok();
    assert!(said.contains(&format!("#{number}")) && said.contains("1280x720"), "{said}");
    assert_eq!(desk.stint(&["capture", "delete", &number]).ok(), "deleted; no target has it\n");
    assert_eq!(list(&desk).len(), 0);
    assert_eq!(desk.json(&["status"])["queue"]["pending"], 0, "nobody gets it");
    let said = desk.stint(&["capture", "delete", &number]);
    assert_eq!(said.code, 65, "{said:?}");
    assert!(said.stderr.contains("`stint capture list` shows what is there"), "{said:?}");
}

#[test]
fn one_that_was_delivered_is_gone_here_all_the_same() {
    let mut door = Door::at({
        let desk = Desk::new();
        std::fs::create_dir_all(desk.path("plugins")).unwrap();
        let archive = stint_tests::guests::first_party("archive").unwrap();
        std::fs::write(desk.path("plugins/archive.wasm"), archive).unwrap();
        let target = "[targets.work]\nplugin = \"archive\"\naccepts = [\"screenshot\"]\nfiles = \"out\"\n";
        desk.configure(&format!("{DRAWN}{target}"));
        desk
    });
    let number = door.desk.json(&["capture", "now"])["screens"][0]["number"].to_string();
    let (_, whole) = picture(&door, &format!("/api/v1/screenshots/{number}/file"));
    until("a delivery", || door.desk.json(&["status"])["queue"]["sent"] == 1);
    let said = door.desk.stint(&["capture", "delete", &number]).ok();
    assert_eq!(
        said,
        "deleted here, and withdrawn from 0 targets; too late for 1 target, which has it or may have it: delete it \
         there\n"
    );
    assert!(!is_somewhere(&door.desk, &whole), "neither in the database nor in its log");
    assert_eq!(list(&door.desk).len(), 0);
    let bearer = format!("Bearer {}", door.token);
    let path = format!("/api/v1/screenshots/{number}/thumbnail");
    assert_eq!(door.ask("GET", &path, &[("Authorization", &bearer)], "").status, 404);
    assert_eq!(door.desk.json(&["status"])["queue"]["sent"], 1, "the history knows");
    door.end();
}

#[test]
fn a_pause_holds_also_over_a_restart_and_the_timer_goes_on() {
    let desk = desk(DRAWN);
    let host = desk.host();
    let said = desk.stint(&["capture", "pause", "15m"]).ok();
    assert!(said.starts_with("no screenshots until "), "{said}");
    assert_eq!(host.end(), 0);
    let _host = desk.host();
    assert!(desk.json(&["status"])["capture"]["paused_until"].is_string());
    let said = desk.stint(&["status"]).ok();
    assert!(said.contains("\nscreenshots are paused until "), "{said}");
    let said = desk.stint(&["doctor"]).stdout;
    assert!(said.contains("screenshots are paused until "), "{said}");
    let said = desk.stint(&["capture", "now"]);
    assert_eq!(said.code, 77, "{said:?}");
    assert!(said.stderr.contains("they are paused") && said.stderr.contains("`stint capture resume`"));
    desk.stint(&["start"]).ok();
    assert_eq!(desk.timer()["state"], "running");
    assert_eq!(desk.stint(&["capture", "resume"]).ok(), "screenshots are not paused\n");
    assert_eq!(desk.json(&["capture", "now"])["screens"][0]["seen"], "kept");
    for wrong in ["0s", "soon", "-5m"] {
        assert_eq!(desk.stint(&["capture", "pause", wrong]).code, 2, "{wrong}");
    }
    assert_eq!(desk.stint(&["capture", "pause", "8d"]).code, 65, "whoever wants that switches them off");
}

#[test]
fn what_is_switched_off_says_how_to_switch_it_on() {
    let desk = desk("");
    let _host = desk.host();
    let said = desk.stint(&["capture", "now"]);
    assert_eq!(said.code, 77, "{said:?}");
    assert!(said.stderr.contains("hint: write enabled = true under [capture]"), "{said:?}");
    assert_eq!(desk.json(&["status"])["capture"]["enabled"], false);
}

/// The heads and the bytes of a picture.
fn picture(door: &Door, path: &str) -> (String, Vec<u8>) {
    let mut stream = TcpStream::connect(&door.address).unwrap();
    let (host, token) = (&door.address, &door.token);
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    let heads = String::from_utf8(answer[..end].to_vec()).unwrap();
    assert!(heads.starts_with("HTTP/1.1 200"), "{heads}");
    (heads, answer[end + 4..].to_vec())
}

#[test]
fn what_was_taken_back_lies_in_no_file_any_more() {
    let mut door = Door::at(desk(DRAWN));
    let number = door.desk.json(&["capture", "now"])["screens"][0]["number"].to_string();
    let (_, whole) = picture(&door, &format!("/api/v1/screenshots/{number}/file"));
    assert!(is_somewhere(&door.desk, &whole), "the search finds what is there");
    door.desk.stint(&["capture", "delete", &number]).ok();
    assert!(!is_somewhere(&door.desk, &whole), "not in the database's log either, while the host runs");
    door.end();
    assert!(!is_somewhere(&door.desk, &whole));
}

#[test]
fn a_browser_gets_the_picture_and_a_small_one_and_keeps_neither() {
    let door = Door::at(desk(DRAWN));
    let number = door.desk.json(&["capture", "now"])["screens"][0]["number"].to_string();
    let whole = picture(&door, &format!("/api/v1/screenshots/{number}/file"));
    let small = picture(&door, &format!("/api/v1/screenshots/{number}/thumbnail"));
    let tiny = picture(&door, &format!("/api/v1/screenshots/{number}/thumbnail?width=40"));
    for (heads, bytes) in [&whole, &small, &tiny] {
        assert!(bytes.starts_with(&[0xff, 0xd8, 0xff]), "it is a JPEG");
        assert!(heads.contains("content-type: image/jpeg"), "{heads}");
        assert!(heads.contains("cache-control: no-store"), "what is deleted here lies in no cache: {heads}");
        assert!(heads.contains("x-content-type-options: nosniff"), "{heads}");
    }
    assert!(tiny.1.len() < small.1.len() && small.1.len() < whole.1.len());
    assert!(small.1.len() < 40_000, "{}", small.1.len());
    for path in ["/api/v1/screenshots/99/thumbnail", "/api/v1/screenshots/99/file", "/api/v1/screenshots/x"] {
        let bearer = format!("Bearer {}", door.token);
        assert_eq!(door.ask("GET", path, &[("Authorization", &bearer)], "").status, 404, "{path}");
    }
    let path = format!("/api/v1/screenshots/{number}/thumbnail");
    assert_eq!(door.ask("GET", &path, &[], "").status, 401, "without a key there is no picture");
}

/// The error in the status, once there is one.
fn error(desk: &Desk) -> String {
    let error = || desk.json(&["status"])["capture"]["error"].as_str().map(str::to_owned);
    until("an error in the status", || error().is_some());
    error().unwrap()
}

fn is_troubled(desk: &Desk, why: &str) {
    let error = error(desk);
    assert!(error.contains(why), "{error}");
    let doctor = desk.stint(&["doctor"]);
    assert!(doctor.stdout.contains("no screenshots can be taken"), "{doctor:?}");
    assert!(!doctor.stdout.contains("synthetic"), "a card is no screen: {doctor:?}");
    desk.stint(&["start"]).ok();
    assert_eq!(desk.timer()["state"], "running", "the timer goes on");
    let said = desk.stint(&["capture", "now"]);
    assert_eq!(said.code, 75, "{said:?}");
}

#[test]
fn a_machine_without_a_display_is_told_so_before_the_first_shot_is_due() {
    let desk = desk("[capture]\nenabled = true\n");
    let _host = desk.host();
    is_troubled(&desk, "DISPLAY isn't set; start stint inside the graphical session");
}

#[test]
fn a_display_that_is_gone_is_told() {
    let desk = desk("[capture]\nenabled = true\ndisplay = \":987\"\n");
    let _host = desk.host();
    is_troubled(&desk, "failed to reach display :987");
}

#[test]
fn an_area_on_a_screen_that_is_not_there_is_told_and_stops_nothing() {
    let hide = "hide = [{ monitor = \"DP-9\", width = 4, height = 4 }]\n";
    let desk = desk(&format!("{DRAWN}{hide}"));
    let _host = desk.host();
    let taken = desk.json(&["capture", "now"]);
    assert_eq!(taken["screens"][0]["seen"], "kept");
    let warning = "an area to hide is on screen DP-9, which isn't there; the screens here are test-card";
    assert_eq!(taken["warnings"], json!([warning]));
    for verb in [&["capture", "now"][..], &["status"], &["doctor"]] {
        let said = desk.stint(verb);
        let words = said.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains(warning), "{verb:?}: {said:?}");
    }
}
