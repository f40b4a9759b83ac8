//! The policy on the fake host, through a week of Berlin and both of its clock changes.

use serde_json::{Value, json};
use stint_plugin_sdk::testing::{Host, snapshot};
use stint_plugin_sdk::{Answer, Cause, Count, Decision, Failure, Problem, Sync, UnixMs};

use super::WorkHours;

const HOUR_MS: i64 = 3_600_000;
/// 2026-03-02T00:00:00+01:00, a Monday in Berlin.
const MONDAY: UnixMs = 1_772_406_000_000;
/// 2026-03-29T01:00:00Z and 2026-10-25T01:00:00Z: Berlin's clocks go forward, and back.
const SPRING: UnixMs = 1_774_746_000_000;
const AUTUMN: UnixMs = 1_792_890_000_000;

fn berlin(zone: &str, at: UnixMs) -> Option<i32> {
    (zone == "Europe/Berlin").then_some(if (SPRING..AUTUMN).contains(&at) { 7200 } else { 3600 })
}

fn host(settings: &Value) -> Host {
    let host = Host::new();
    host.set_timezone("Europe/Berlin", berlin);
    host.set_settings(settings);
    host
}

fn plan_with(settings: &Value, now: UnixMs, counts: Vec<Count>) -> Decision {
    let mut snapshot = snapshot(now, berlin("Europe/Berlin", now).unwrap());
    snapshot.counts = counts;
    host(settings).policy::<WorkHours>().plan(&snapshot)
}

fn plan(settings: &Value, now: UnixMs) -> Decision {
    plan_with(settings, now, vec![Count { state: "ready".into(), priority: 2, items: 9 }])
}

fn office() -> Value {
    json!({ "hours": ["08:30-12:00", "13:00-18:00"] })
}

fn wait(ms: i64) -> Decision {
    Decision::Wait(u64::try_from(ms).unwrap())
}

#[test]
fn everything_goes_inside_the_hours_and_waits_outside() {
    let at = |hour: i64, minute: i64| plan(&office(), MONDAY + hour * HOUR_MS + minute * 60_000);
    let all = Decision::Sync(Sync::default());
    assert_eq!(at(0, 0), wait(8 * HOUR_MS + HOUR_MS / 2));
    assert_eq!(at(8, 29), wait(60_000));
    assert_eq!(at(8, 30), all);
    assert_eq!(at(11, 59), all);
    assert_eq!(at(12, 0), wait(HOUR_MS));
    assert_eq!(at(13, 0), all);
    assert_eq!(at(18, 0), wait(14 * HOUR_MS + HOUR_MS / 2));
    let friday_evening = 4 * 24 + 18;
    assert_eq!(at(friday_evening, 0), wait((2 * 24 + 14) * HOUR_MS + HOUR_MS / 2));
}

#[test]
fn critical_items_go_at_any_hour() {
    let critical = Decision::Sync(Sync { max_priority: 0, ..Sync::default() });
    for state in ["ready", "waiting", "delayed", "leased", "unknown"] {
        let counts = vec![Count { state: state.into(), priority: 0, items: 1 }];
        assert_eq!(plan_with(&office(), MONDAY, counts), critical, "{state}");
    }
    let failed = vec![Count { state: "failed".into(), priority: 0, items: 1 }];
    assert_ne!(plan_with(&office(), MONDAY, failed), critical, "a failed item waits for a person");
}

#[test]
fn a_span_may_go_on_after_midnight() {
    let settings = json!({ "days": ["fri"], "hours": ["22:00-06:00"] });
    let all = Decision::Sync(Sync::default());
    let friday = MONDAY + 4 * 24 * HOUR_MS;
    assert_eq!(plan(&settings, friday + HOUR_MS), wait(21 * HOUR_MS), "Thursday's night is no night of ours");
    assert_eq!(plan(&settings, friday + 22 * HOUR_MS), all);
    assert_eq!(plan(&settings, friday + 30 * HOUR_MS - 1), all);
    assert_eq!(plan(&settings, friday + 30 * HOUR_MS), wait((7 * 24 - 8) * HOUR_MS));
}

#[test]
fn clock_changes_neither_shorten_nor_lengthen_the_wait_by_an_hour() {
    let settings = json!({ "days": ["sun", "mon"], "hours": ["09:00-17:00"] });
    // Saturday 23:00 local, before each change: opening is at 09:00 by the clocks of Sunday.
    assert_eq!(plan(&settings, SPRING - 3 * HOUR_MS), wait(9 * HOUR_MS));
    assert_eq!(plan(&settings, AUTUMN - 4 * HOUR_MS), wait(11 * HOUR_MS));
    // 02:30 does not exist on that Sunday: the span opens when clocks show 03:30.
    let night = json!({ "days": ["sun"], "hours": ["02:30-04:00"] });
    assert_eq!(plan(&night, SPRING - HOUR_MS), wait(HOUR_MS + HOUR_MS / 2));
    assert_eq!(plan(&night, SPRING + HOUR_MS / 2), Decision::Sync(Sync::default()));
}

#[test]
fn the_zone_of_the_settings_wins_over_the_machines() {
    let settings = json!({ "hours": ["09:00-17:00"], "timezone": "Europe/Berlin" });
    let host = host(&settings);
    host.set_timezone(
        "Asia/Tokyo",
        |zone, at| if zone == "Asia/Tokyo" { Some(32_400) } else { berlin(zone, at) },
    );
    let plan = |now| host.policy::<WorkHours>().plan(&snapshot(now, 32_400));
    assert_eq!(plan(MONDAY), wait(9 * HOUR_MS));
    host.set_settings(&json!({ "hours": ["09:00-17:00"] }));
    assert_eq!(plan(MONDAY), wait(HOUR_MS), "midnight in Berlin is 8:00 in Tokyo");
    host.set_timezone("Mars/Olympus", |_, _| None);
    assert_eq!(plan(MONDAY), wait(HOUR_MS), "what the snapshot says serves where the zone is not known");
}

#[test]
fn failures_are_left_to_the_host() {
    let host = host(&office());
    let answer = host.policy::<WorkHours>().on_failure(1, &Failure::new(Cause::Invalid, "no"));
    assert_eq!(answer, Answer::Default);
}

#[test]
fn a_mistake_in_the_settings_is_told_at_its_place() {
    let check = |settings: Value| host(&settings).policy::<WorkHours>().check();
    assert_eq!(check(office()), []);
    for wrong in
        ["9:00-17:00", "09:00", "09:00-25:00", "09:61-10:00", "09:00-09:00", "24:00-01:00", "aa:bb-cc:dd"]
    {
        let problems = check(json!({ "hours": ["09:00-10:00", wrong] }));
        assert_eq!(
            problems,
            [Problem::new("/hours/1", format!("`{wrong}` is no span of time, such as 09:00-17:30"))]
        );
    }
    assert_eq!(check(json!({ "hours": ["00:00-24:00"] })), []);
    assert_eq!(check(json!({ "hours": ["09:00-10:00"], "days": ["mo"] }))[0].path, "/days/0");
    assert_eq!(check(json!({ "hours": [], "days": [] })).len(), 2);
    assert_eq!(
        check(json!({ "hours": ["09:00-10:00"], "timezone": "Berlin" })),
        [Problem::new("/timezone", "the time zone `Berlin` is not known")
            .hint("write an IANA name such as Europe/Berlin, or leave it out for the machine's own")]
    );
}
