//! A policy that delivers inside working hours only. Critical items, which are recorded time, go at any hour: the
//! hours are there to keep screenshots off a slow or shared line, never to hold time back.

mod hours;
mod zone;

use serde::Deserialize;
use stint_plugin_sdk::{Decision, Policy, Problem, Snapshot, Sync, clock, register};

use crate::hours::{Day, Span};
use crate::zone::Zone;

/// The priority of recorded time.
const CRITICAL: u8 = 0;
/// The states of items that are still to be delivered. Failed ones wait for a person.
const OPEN_STATES: [&str; 5] = ["ready", "waiting", "delayed", "leased", "unknown"];

/// The policy, as its settings make it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkHours {
    #[serde(default = "monday_to_friday")]
    days: Vec<Day>,
    hours: Vec<Span>,
    timezone: Option<String>,
}

fn monday_to_friday() -> Vec<Day> {
    vec![Day::Mon, Day::Tue, Day::Wed, Day::Thu, Day::Fri]
}

impl Policy for WorkHours {
    fn check(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        if let Some(name) = &self.timezone
            && clock::utc_offset(name, clock::now()).is_none()
        {
            problems.push(
                Problem::new("/timezone", format!("the time zone `{name}` is not known"))
                    .hint("write an IANA name such as Europe/Berlin, or leave it out for the machine's own"),
            );
        }
        for (path, is_empty, hint) in [
            ("/days", self.days.is_empty(), "for example days = [\"mon\", \"tue\"]"),
            ("/hours", self.hours.is_empty(), "for example hours = [\"09:00-17:00\"]"),
        ] {
            if is_empty {
                problems.push(Problem::new(path, "nothing would ever be delivered").hint(hint));
            }
        }
        problems
    }

    fn plan(&self, snapshot: &Snapshot) -> Decision {
        let zone = Zone::new(self.timezone.as_deref(), snapshot.utc_offset);
        let now = snapshot.now;
        if hours::is_open(&self.days, &self.hours, &zone, now) {
            return Decision::Sync(Sync::default());
        }
        if OPEN_STATES.iter().any(|state| snapshot.count(state, CRITICAL) > 0) {
            return Decision::Sync(Sync { max_priority: CRITICAL, ..Sync::default() });
        }
        let opens = hours::next_opening(&self.days, &self.hours, &zone, now);
        Decision::Wait(u64::try_from(opens.saturating_sub(now)).unwrap_or_default())
    }
}

register!(policy: WorkHours);

#[cfg(test)]
mod tests;
