//! Reports for the tests of their forms.

use serde_json::{Value, json};

use crate::{
    api::ReportView,
    time::{Days, Period, read_days},
    view::Paper,
};

/// From the second to the fourth of March.
pub(super) fn days() -> Days {
    let paper = Paper::sample(100);
    read_days(Some("2026-03-02"), Some("2026-03-04"), Period::Week, paper.now, &paper.zone).unwrap()
}

/// Work by these names: the key of a group, and its hours.
pub(super) fn report(by: &str, groups: &[(Value, f64)], overlapping: bool) -> ReportView {
    let line = |(key, hours): &(Value, f64)| {
        let mut line = tally(*hours);
        line.as_object_mut().unwrap().extend(key.as_object().unwrap().clone());
        line
    };
    let groups: Vec<Value> = groups.iter().map(line).collect();
    let mut total = tally(7.5);
    total["claimed_ms"] = json!(3_600_000);
    serde_json::from_value(json!({
        "version": 1, "by": by, "zone": "Europe/Vienna", "total": total, "groups": groups, "overlapping": overlapping
    }))
    .unwrap()
}

fn tally(hours: f64) -> Value {
    let worked_ms = std::time::Duration::from_secs_f64(hours * 3_600.0).as_millis();
    let worked_ms = u64::try_from(worked_ms).unwrap();
    json!({"worked_ms": worked_ms, "measured_ms": worked_ms, "unattended_ms": 0, "claimed_ms": 0, "billable_ms": 0,
           "entries": 2})
}
