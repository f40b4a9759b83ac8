//! What `stint log` says.

use serde_json::{Value, json};

use super::{
    super::samples::{assert_fits, odd_names, plain},
    *,
};
use crate::time::{Period, read_days};

const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

fn segment(start: &str, end: &str, worked_ms: u64, basis: &str) -> Value {
    json!({"start": start, "end": end, "worked_ms": worked_ms, "basis": basis, "recovered": basis == "measured"})
}

fn entry(start: &str, end: Option<&str>, worked_ms: u64) -> Value {
    json!({
        "id": ID, "project": "Website", "task": null, "note": "Read", "tags": ["a"], "billable": true,
        "started_at": start, "ended_at": end, "worked_ms": worked_ms,
        "state": if end.is_some() { "finished" } else { "running" },
        "segments": [], "gaps": [], "zone": "Europe/Vienna"
    })
}

fn shown(entries: Vec<Value>, width: usize) -> String {
    let entries: Vec<EntryView> = serde_json::from_value(Value::Array(entries)).unwrap();
    let paper = Paper::sample(width);
    let days =
        read_days(Some("2026-03-01"), Some("2026-03-02"), Period::Day, paper.now, &paper.zone).unwrap();
    plain(&log(&entries, days, &paper))
}

#[test]
fn entries_stand_under_the_day_on_which_they_began() {
    let mut night = entry("2026-03-01T22:00:00Z", Some("2026-03-02T00:00:00Z"), 7_200_000);
    night["segments"] =
        json!([segment("2026-03-01T22:00:00Z", "2026-03-02T00:00:00Z", 7_200_000, "claimed")]);
    let mut morning = entry("2026-03-02T08:00:00Z", None, 5_400_000);
    morning["project"] = json!(null);
    morning["note"] = json!(null);
    morning["tags"] = json!([]);
    morning["billable"] = json!(false);
    morning["segments"] = json!([
        segment("2026-03-02T08:00:00Z", "2026-03-02T08:30:00Z", 1_800_000, "unattended"),
        segment("2026-03-02T08:30:00Z", "2026-03-02T09:00:00Z", 1_800_000, "claimed"),
        segment("2026-03-02T09:00:00Z", "2026-03-02T09:30:00Z", 1_800_000, "measured"),
    ]);
    morning["gaps"] = json!([{"id": ID, "entry_id": ID, "kind": "idle", "start": "2026-03-02T09:00:00Z",
                              "end": "2026-03-02T09:05:00Z", "length_ms": 300_000, "kept": true}]);
    assert_eq!(
        shown(vec![night, entry("2026-03-01T22:30:00Z", Some("2026-03-01T22:45:00Z"), 900_000), morning], 100),
        "\
Sunday 2026-03-01: 2 entries, 2 h 15 min
  099a8057  23:00-2026-03-02 01:00   2 h 00 min  finished, claimed
    Website: Read  #a  billable
  099a8057  23:30-23:45       15 min  finished
    Website: Read  #a  billable

Monday 2026-03-02: 1 entry, 1 h 30 min
  099a8057  09:00-        1 h 30 min  running, 30 min claimed, 30 min unattended, 30 min recovered after a crash
    idle 10:00-10:05, 5 min: counts; else: stint gap drop 099a8057
"
            .replace("recovered after a crash", "recovered\n    after a crash")
    );
}

#[test]
fn an_empty_day_is_said_as_such() {
    assert_eq!(shown(Vec::new(), 100), "nothing from 2026-03-01 to 2026-03-02\n");
    let paper = Paper::sample(100);
    let today = read_days(None, None, Period::Day, paper.now, &paper.zone).unwrap();
    assert_eq!(log(&[], today, &paper), "nothing on 2026-03-02\n");
}

#[test]
fn no_name_is_too_odd_and_no_screen_too_narrow() {
    for name in odd_names() {
        let mut odd = entry("2026-03-02T08:00:00Z", Some("2026-03-02T09:00:00Z"), 3_600_000);
        for key in ["project", "task", "note"] {
            odd[key] = json!(name);
        }
        odd["tags"] = json!([name, name]);
        for width in [20, 60, 120] {
            assert_fits(&shown(vec![odd.clone()], width), width);
        }
    }
}
