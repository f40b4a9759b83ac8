//! The task that takes screenshots when they are due.

use std::convert::Infallible;

use stint_config::model::{Capture, OnlyWhile};
use stint_domain::timer::State;
use stint_store::timeline;

use super::{
    error::ShotError,
    schedule::{Pace, Schedule, Step},
    take::Asked,
};
use crate::{
    chance,
    desk::Desk,
    supervise::{Stop, stopped},
};

/// Takes screenshots when they are due until it is told to stop. What goes wrong is in the status, and is tried again
/// when the next one is due.
pub(crate) async fn take_when_due(desk: Desk, mut stop: Stop) -> Result<(), Infallible> {
    let (mut schedule, mut current) = (Schedule::default(), desk.current.clone());
    let mut known = None;
    loop {
        let capture = current.borrow_and_update().loaded.config.capture.clone();
        if capture.enabled && known.as_ref() != Some(&capture) {
            // A source that can't work is told now, and not when the timer runs some day.
            desk.look_around(&capture).await;
            known = Some(capture.clone());
        }
        let step = match wanted(&desk, &capture) {
            Ok(wanted) => step(&mut schedule, &desk, &capture, wanted),
            Err(error) => {
                desk.shots().went(Some((&error).into()));
                step(&mut schedule, &desk, &capture, false)
            }
        };
        let wait = match step {
            Step::Wait(wait) => wait,
            Step::Shoot => {
                tokio::select! {
                    // Its error is in the status.
                    _told = desk.take(&capture, Asked::BySchedule) => continue,
                    () = stopped(&mut stop) => return Ok(()),
                }
            }
        };
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            _ = current.changed() => {}
            () = stopped(&mut stop) => return Ok(()),
        }
    }
}

fn step(schedule: &mut Schedule, desk: &Desk, capture: &Capture, wanted: bool) -> Step {
    let pace = Pace { interval: capture.interval.millis(), jitter: capture.jitter.millis() };
    // Without chance the moments are regular, which is no reason to take none.
    let chance = chance::entropy().unwrap_or_default();
    let chance = chance.iter().fold(0_u64, |joined, byte| joined.rotate_left(8) ^ u64::from(*byte));
    schedule.step(desk.clock().sample().monotonic, wanted, pace, chance)
}

/// Whether screenshots are wanted now. One that was paused or switched off has no error to show.
fn wanted(desk: &Desk, capture: &Capture) -> Result<bool, ShotError> {
    if !capture.enabled {
        desk.shots().went(None);
        return Ok(false);
    }
    if desk.attention().is_away(desk.current().loaded.config.timer.idle_after.millis()) {
        return Ok(false);
    }
    let state = desk.read(|tx| Ok(timeline::load(tx)?.timer.state()))?;
    let fits = match capture.only_while {
        OnlyWhile::Always => true,
        OnlyWhile::Open => state != State::Idle,
        OnlyWhile::Running => state == State::Running,
    };
    Ok(fits && desk.screenshots_paused_until()?.is_none())
}
