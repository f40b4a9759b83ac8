//! Whether anything may be sent to a target now, and if not, why not and until when. The order is the order of
//! precedence: a hold over a floor over the breaker; what the policy says and when items are due comes after.

use stint_domain::{
    clock::ClockSample,
    pace::{self, backoff},
    time::Millis,
};
use stint_store::target::{Hold, HoldReason, Status};

/// What may pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Gate {
    /// Everything.
    Open,
    /// One item, to see whether the target is back.
    Probe,
    /// Nothing.
    Shut(Shut),
}

/// Why nothing may be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shut {
    /// In words that stay the same while the reason does.
    pub(super) why: String,
    /// How long yet; nothing where something has to happen first.
    pub(super) wait: Option<Millis>,
}

/// What may pass to a target that stands like this. `chance` tries a target that rests at once, and goes over no
/// hold and no floor.
pub(super) fn gate(status: &Status, now: &ClockSample, chance: bool, suspensions: u32) -> Gate {
    let shut = |why: String, wait| Gate::Shut(Shut { why, wait });
    if status.paused {
        return shut(format!("paused; `stint target resume {}` lets it go on", status.name), None);
    }
    if let Some(hold) = &status.hold {
        return match held(hold, now, suspensions) {
            Some(wait) => shut(format!("{}: {}", words(hold.reason), hold.message), wait),
            None => Gate::Probe,
        };
    }
    if let Some(floor) = status.pace.floor {
        let left = floor.remaining(now);
        if left > Millis::ZERO {
            return shut("left alone for as long as the backend asked".to_owned(), Some(left));
        }
    }
    match status.pace.breaker.gate(now.wall) {
        pace::Gate::Open => Gate::Open,
        pace::Gate::Probe => Gate::Probe,
        pace::Gate::Shut(_) if chance => Gate::Probe,
        pace::Gate::Shut(until) => {
            let failures = match status.pace.breaker.streak {
                1 => "its last attempt failed".to_owned(),
                streak => format!("its last {streak} attempts failed"),
            };
            shut(format!("resting, because {failures}"), Some(until.since(now.wall)))
        }
    }
}

/// How long a hold lasts yet: without an end, where something has to change first. Nothing when it is over, which
/// only a suspension ever is by itself.
#[expect(clippy::option_option, reason = "over, so long yet, or until something changes")]
fn held(hold: &Hold, now: &ClockSample, suspensions: u32) -> Option<Option<Millis>> {
    if hold.reason != HoldReason::Suspended {
        return Some(None);
    }
    let length = suspension(suspensions);
    let until = hold.since + length;
    // A wall clock that was set back doesn't make it longer.
    let left = until.since(now.wall).min(length);
    (left > Millis::ZERO).then_some(Some(left))
}

/// How long a plugin is suspended the nth time in a row.
pub(super) fn suspension(nth: u32) -> Millis {
    backoff::cap(backoff::ITEM_BASE, nth)
}

/// A hold's reason, for people.
pub(super) const fn words(reason: HoldReason) -> &'static str {
    match reason {
        HoldReason::NeedsLogin => "needs login",
        HoldReason::Misconfigured => "misconfigured",
        HoldReason::Missing => "plugin missing",
        HoldReason::Suspended => "plugin suspended",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use stint_domain::{
        id::BootId,
        pace::{Breaker, Floor},
        time::UnixMs,
    };
    use stint_store::{Counts, TargetId, target::Pace};

    fn sample(at: u64) -> ClockSample {
        let at_ms = Millis(at);
        ClockSample {
            boot: BootId::from_bytes([1; 16]),
            boottime: at_ms,
            monotonic: at_ms,
            wall: UnixMs(i64::try_from(at).unwrap()),
        }
    }

    fn status() -> Status {
        Status {
            id: TargetId(1),
            name: "work".into(),
            retired_at: None,
            paused: false,
            hold: None,
            pace: Pace { breaker: Breaker::default(), floor: None, batch: 10 },
            last_pass: None,
            last_error: None,
            counts: Counts::default(),
            oldest_pending: None,
            next_due: None,
        }
    }

    fn hold(reason: HoldReason) -> Hold {
        Hold { reason, message: "why".into(), since: UnixMs(0) }
    }

    fn shut(why: &str, wait: Option<u64>) -> Gate {
        Gate::Shut(Shut { why: why.into(), wait: wait.map(Millis) })
    }

    #[test]
    fn a_hold_goes_over_a_floor_and_a_floor_over_the_breaker() {
        let mut status = status();
        assert_eq!(gate(&status, &sample(5), false, 0), Gate::Open);
        status.pace.breaker = Breaker { streak: 2, open_until: Some(UnixMs(1_000)) };
        let resting = shut("resting, because its last 2 attempts failed", Some(995));
        assert_eq!(gate(&status, &sample(5), false, 0), resting);
        status.pace.floor = Some(Floor::new(&sample(0), Millis(500)));
        let floor = shut("left alone for as long as the backend asked", Some(495));
        assert_eq!(gate(&status, &sample(5), true, 0), floor, "no wish goes under a floor");
        status.hold = Some(hold(HoldReason::NeedsLogin));
        assert_eq!(gate(&status, &sample(5), true, 0), shut("needs login: why", None));
        status.paused = true;
        let paused = shut("paused; `stint target resume work` lets it go on", None);
        assert_eq!(gate(&status, &sample(5), true, 0), paused);
    }

    #[test]
    fn a_target_that_rests_is_tried_when_its_rest_is_over_or_there_is_a_chance() {
        let mut status = status();
        status.pace.breaker = Breaker { streak: 1, open_until: Some(UnixMs(1_000)) };
        let resting = shut("resting, because its last attempt failed", Some(1));
        assert_eq!(gate(&status, &sample(999), false, 0), resting);
        assert_eq!(gate(&status, &sample(1_000), false, 0), Gate::Probe);
        assert_eq!(gate(&status, &sample(5), true, 0), Gate::Probe);
    }

    #[test]
    fn a_suspension_ends_by_itself_and_lasts_longer_each_time() {
        let mut status = status();
        status.hold = Some(hold(HoldReason::Suspended));
        let first = shut("plugin suspended: why", Some(59_000));
        assert_eq!(gate(&status, &sample(1_000), true, 1), first);
        assert_eq!(gate(&status, &sample(60_000), false, 1), Gate::Probe);
        let second = shut("plugin suspended: why", Some(60_000));
        assert_eq!(gate(&status, &sample(60_000), false, 2), second);
        let mut early = status.clone();
        early.hold = Some(Hold { since: UnixMs(9_000_000), ..hold(HoldReason::Suspended) });
        assert_eq!(gate(&early, &sample(5), false, 1), shut("plugin suspended: why", Some(60_000)));
    }
}
