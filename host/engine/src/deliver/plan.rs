//! When to deliver, and how much: by the target's policy, or by the built-in rules where it has none or the policy
//! fails. What a policy says is kept within bounds.

use stint_clock::Clock as _;
use stint_domain::{
    item::{Kind, Priority},
    time::{Millis, UnixMs},
    timer::Timer,
};
use stint_plugin_runtime::contract::{self, Count, Decision, Link, Power, Snapshot};
use stint_store::{
    target::{self, Outlook, Status, census},
    timeline,
};

use super::{DeliverError, call::tell_log, judge::Advice, station::Station};
use crate::wiring::Bound;

/// A policy that wants to be asked again sooner is asked after this.
const LEAST_WAIT: Millis = Millis::from_secs(1);
/// A policy that wants to wait longer is asked again after this.
const LONGEST_WAIT: Millis = Millis::from_mins(60);
/// How far a policy's numbers are counted.
const COUNTED: usize = 10_000;

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Plan {
    /// Nothing yet.
    Wait {
        /// Why, in words that stay the same while the reason does.
        why: String,
        /// How long.
        wait: Millis,
    },
    /// A pass.
    Go(Scope),
}

/// What a pass may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Scope {
    /// How many items at most.
    pub(super) items: usize,
    /// How many calls at once at most.
    pub(super) in_flight: usize,
    /// Nothing less important.
    pub(super) priority_max: Priority,
    /// Only these kinds.
    pub(super) kinds: Option<Vec<Kind>>,
}

impl Scope {
    /// Everything.
    pub(super) const ALL: Self =
        Self { items: usize::MAX, in_flight: usize::MAX, priority_max: Priority::Low, kinds: None };
}

/// The built-in rules' settings, and what they look at.
#[derive(Clone, Copy, Debug)]
pub(super) struct BuiltIn {
    /// How long after its start the host begins.
    pub(super) initial_delay: Millis,
    /// How long between passes when nothing important came.
    pub(super) interval: Millis,
    /// How long ago the loop began.
    pub(super) up: Millis,
    /// How long ago the last pass ended, if there was one.
    pub(super) since_last: Option<Millis>,
    /// Whether something was recorded meanwhile.
    pub(super) recorded: bool,
}

/// The built-in rules: what is critical goes at once, and a doubt is resolved at once; everything else, and what was
/// there at the start, in its time.
pub(super) fn built_in(rules: &BuiltIn, outlook: &Outlook) -> Plan {
    let urgent = outlook.doubt || outlook.ready == Some(Priority::Critical);
    if urgent && (rules.recorded || rules.since_last.is_some()) {
        return Plan::Go(Scope::ALL);
    }
    let (wait, why) = match rules.since_last {
        Some(since) => (rules.interval.since(since), "waiting for the next round"),
        None => (rules.initial_delay.since(rules.up), "waiting a little after the start"),
    };
    if wait == Millis::ZERO {
        return Plan::Go(Scope::ALL);
    }
    Plan::Wait { why: why.to_owned(), wait }
}

/// Asks the target's policy. Where it gives no answer, why not: the built-in rules count then.
pub(super) async fn asked(
    station: &Station,
    policy: &Bound,
    status: &Status,
) -> Result<Result<Plan, String>, DeliverError> {
    let snapshot = snapshot(station, status)?;
    let (around, _) = policy.for_call();
    let name = &policy.plugin.manifest().name;
    match policy.plugin.plan(around, snapshot).await {
        Ok(answered) => {
            tell_log(&station.name, name, &answered.report.log);
            Ok(Ok(clamped(answered.answer, name)))
        }
        Err(failed) => {
            tell_log(&station.name, name, &failed.report.log);
            Ok(Err(failed.to_string()))
        }
    }
}

/// Asks the target's policy about a failed attempt. Nothing where it wants what the host would do; where it gives no
/// answer, why not.
pub(super) async fn advice(
    station: &Station,
    policy: &Bound,
    attempt: u32,
    failure: stint_domain::failure::Failure,
) -> Result<Option<Advice>, String> {
    use stint_plugin_runtime::Advice as Said;
    let (around, _) = policy.for_call();
    let name = &policy.plugin.manifest().name;
    match policy.plugin.on_failure(around, attempt, failure.into()).await {
        Ok(answered) => {
            tell_log(&station.name, name, &answered.report.log);
            Ok(match answered.answer {
                Said::Retry(wait) => Some(Advice::Retry(Millis(wait))),
                Said::GiveUp => Some(Advice::GiveUp),
                Said::Default => None,
            })
        }
        Err(failed) => {
            tell_log(&station.name, name, &failed.report.log);
            tracing::warn!(target: "stint::deliver", to = &*station.name, "{failed}; the built-in rules count");
            Err(failed.to_string())
        }
    }
}

/// What a policy said, within bounds.
fn clamped(decision: Decision, policy: &str) -> Plan {
    match decision {
        Decision::Wait(wait) => Plan::Wait {
            why: format!("the policy `{policy}` waits"),
            wait: Millis(wait).clamp(LEAST_WAIT, LONGEST_WAIT),
        },
        Decision::Sync(sync) => Plan::Go(Scope {
            items: usize::try_from(sync.max_items).unwrap_or(usize::MAX).max(1),
            in_flight: usize::try_from(sync.max_in_flight).unwrap_or(usize::MAX).max(1),
            priority_max: Priority::from_number(sync.max_priority),
            kinds: kinds(&sync.kinds),
        }),
    }
}

/// The kinds a policy names. Those of an entry's events go along with whatever belongs to an entry, for it would
/// otherwise wait for them for ever.
fn kinds(words: &[String]) -> Option<Vec<Kind>> {
    if words.is_empty() {
        return None;
    }
    let named = |kind: &Kind| words.iter().any(|word| word == kind.word());
    let own = |word: &String| Kind::ALL.iter().all(|kind| kind.word() != word);
    let mut kinds: Vec<Kind> = Kind::ALL.into_iter().filter(named).collect();
    if words.iter().any(own) && !kinds.contains(&Kind::Custom) {
        kinds.push(Kind::Custom);
    }
    if kinds.iter().any(|kind| matches!(kind, Kind::Screenshot | Kind::Activity))
        && !kinds.contains(&Kind::TimeEntry)
    {
        kinds.push(Kind::TimeEntry);
    }
    Some(kinds)
}

fn snapshot(station: &Station, status: &Status) -> Result<Snapshot, DeliverError> {
    let now = station.now();
    let (counts, timer) = station.desk.read(|connection| {
        Ok((census(connection, station.id, COUNTED)?, timeline::load(connection)?.timer))
    })?;
    let count = |(state, priority, items): (stint_domain::delivery::DeliveryState, Priority, u64)| Count {
        state: state.word().to_owned(),
        priority: priority.number(),
        items,
    };
    Ok(Snapshot {
        now: now.0,
        utc_offset: utc_offset(&station.desk.place().zone, now),
        counts: counts.into_iter().map(count).collect(),
        oldest_pending_ms: status.oldest_pending.map(|oldest| now.since(oldest).0),
        last_pass: last_failure(status),
        link: if status.pace.breaker.streak == 0 { Link::Unknown } else { Link::Down },
        metered: None,
        power: power(),
        timer: match timer {
            Timer::Idle => contract::Timer::Idle,
            Timer::Running { .. } => contract::Timer::Running,
            Timer::Paused { .. } => contract::Timer::Paused,
        },
        items_per_minute: 0.0,
        extra: "{}".to_owned(),
    })
}

fn last_failure(status: &Status) -> Option<contract::Failure> {
    let message = status.last_error.clone().filter(|_| status.pace.breaker.streak > 0)?;
    let cause = contract::Cause::Other("last-pass".to_owned());
    Some(contract::Failure { cause, message, retry_after_ms: None, http_status: None })
}

fn utc_offset(zone: &str, now: UnixMs) -> i32 {
    let at = jiff::Timestamp::from_millisecond(now.0).unwrap_or_default();
    stint_clock::zone(zone).map_or(0, |zone| zone.to_offset(at).seconds())
}

/// Where the machine's power comes from, as the kernel says it.
fn power() -> Power {
    let Ok(supplies) = std::fs::read_dir("/sys/class/power_supply") else { return Power::Unknown };
    let read = |path: std::path::PathBuf| std::fs::read_to_string(path).unwrap_or_default();
    let (mut known, mut mains) = (false, false);
    for supply in supplies.flatten() {
        if read(supply.path().join("type")).trim() == "Mains" {
            known = true;
            mains |= read(supply.path().join("online")).trim() == "1";
        }
    }
    match (known, mains) {
        (false, _) => Power::Unknown,
        (true, true) => Power::Mains,
        (true, false) => Power::Battery,
    }
}

/// What there is to do at a target now.
pub(super) fn outlook(station: &Station) -> Result<Outlook, DeliverError> {
    let now = station.desk.clock().sample().wall;
    Ok(station.desk.read(|connection| target::outlook(connection, station.id, now))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: BuiltIn = BuiltIn {
        initial_delay: Millis::from_secs(10),
        interval: Millis::from_secs(60),
        up: Millis::ZERO,
        since_last: None,
        recorded: false,
    };

    fn ready(priority: Priority) -> Outlook {
        Outlook { ready: Some(priority), ..Outlook::default() }
    }

    fn waits(plan: Plan) -> Option<u64> {
        match plan {
            Plan::Wait { wait, .. } => Some(wait.0),
            Plan::Go(scope) => {
                assert_eq!(scope, Scope::ALL);
                None
            }
        }
    }

    #[test]
    fn it_begins_ten_seconds_after_the_start_or_with_the_first_event() {
        let critical = ready(Priority::Critical);
        assert_eq!(waits(built_in(&RULES, &critical)), Some(10_000));
        assert_eq!(waits(built_in(&BuiltIn { up: Millis(4_000), ..RULES }, &critical)), Some(6_000));
        assert_eq!(waits(built_in(&BuiltIn { up: Millis(10_000), ..RULES }, &critical)), None);
        assert_eq!(waits(built_in(&BuiltIn { recorded: true, ..RULES }, &critical)), None);
    }

    #[test]
    fn afterwards_time_goes_at_once_and_the_rest_once_a_minute() {
        let later = BuiltIn { since_last: Some(Millis(5_000)), ..RULES };
        assert_eq!(waits(built_in(&later, &ready(Priority::Critical))), None);
        assert_eq!(waits(built_in(&later, &ready(Priority::Low))), Some(55_000));
        let due = BuiltIn { since_last: Some(Millis(60_000)), ..RULES };
        assert_eq!(waits(built_in(&due, &ready(Priority::Low))), None);
        let doubt = Outlook { doubt: true, ..Outlook::default() };
        assert_eq!(waits(built_in(&later, &doubt)), None);
    }

    #[test]
    fn a_policy_that_never_waits_or_never_stops_is_kept_in_bounds() {
        let wait = |ms| waits(clamped(Decision::Wait(ms), "p"));
        assert_eq!((wait(0), wait(5_000), wait(u64::MAX)), (Some(1_000), Some(5_000), Some(3_600_000)));
        let sync = contract::Sync {
            max_items: 0,
            max_in_flight: 0,
            max_priority: 0,
            kinds: vec!["screenshot".into(), "mood".into()],
        };
        let scope = Scope {
            items: 1,
            in_flight: 1,
            priority_max: Priority::Critical,
            kinds: Some(vec![Kind::Screenshot, Kind::Custom, Kind::TimeEntry]),
        };
        assert_eq!(clamped(Decision::Sync(sync), "p"), Plan::Go(scope));
        assert_eq!(kinds(&[]), None);
        assert_eq!(kinds(&["time-entry".into()]), Some(vec![Kind::TimeEntry]));
    }
}
