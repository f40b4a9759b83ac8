//! The day's screenshots: small pictures that the browser asks for when they come into sight, and the buttons to pause
//! and to take one back. They have a part of their own, so that the line of the day, which goes on by itself, doesn't
//! have them loaded again.

use serde::Serialize;
use stint_domain::time::UnixMs;
use stint_engine::status::CaptureStatus;

use super::{
    button::Button,
    today::{Bar, Day},
    words::line,
};
use crate::{
    api::ScreenshotView,
    time::{Zone, clock, when},
};

/// So many are shown, the latest first.
pub(super) const SHOWN: usize = 48;
const PAUSE_MS: u64 = 15 * 60 * 1_000;

/// The day's screenshots.
#[derive(Serialize)]
pub(super) struct ShotsView {
    /// Whether there is anything to show at all.
    pub(super) is_there: bool,
    pub(super) state: String,
    pub(super) shots: Vec<ShotLine>,
    pub(super) buttons: Vec<Button>,
}

/// A screenshot.
#[derive(Serialize)]
pub(super) struct ShotLine {
    pub(super) number: i64,
    /// What stands under it, and instead of it where the picture isn't there any more.
    pub(super) text: String,
    pub(super) treated: String,
    pub(super) waits: String,
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) delete: Button,
}

impl ShotsView {
    /// Those of the day.
    pub(super) fn of(
        shots: &[ScreenshotView],
        capture: &CaptureStatus,
        day: Day,
        now: UnixMs,
        zone: &Zone,
    ) -> Self {
        let shots: Vec<ShotLine> = of_day(shots, day).map(|shot| ShotLine::of(shot, zone)).collect();
        let state = match (capture.enabled, capture.paused_until) {
            (false, _) => "off".to_owned(),
            (true, Some(until)) => format!("paused until {}", when(until.0, now, zone)),
            (true, None) => "on".to_owned(),
        };
        let button = |label: &str, for_ms: u64| {
            Button::new("shots-pause", label, format!("{label}: screenshots"))
                .with("for_ms", for_ms.to_string())
        };
        let buttons = match (capture.enabled, capture.paused_until) {
            (false, _) => Vec::new(),
            (true, None) => vec![button("Pause for 15 minutes", PAUSE_MS)],
            (true, Some(_)) => vec![button("Resume", 0)],
        };
        Self { is_there: capture.enabled || !shots.is_empty(), state, shots, buttons }
    }
}

/// Where they lie on the line of the day.
pub(super) fn marks(shots: &[ScreenshotView], day: Day, zone: &Zone) -> Vec<Bar> {
    let mark = |shot: &ScreenshotView| {
        let at = shot.taken_at.0;
        day.bar(at, UnixMs(at.0.saturating_add(1)), "shot", title(shot, zone))
    };
    of_day(shots, day).filter_map(mark).collect()
}

fn of_day(shots: &[ScreenshotView], day: Day) -> impl Iterator<Item = &ScreenshotView> {
    shots.iter().filter(move |shot| shot.taken_at.0 >= day.from && shot.taken_at.0 < day.to)
}

fn title(shot: &ScreenshotView, zone: &Zone) -> String {
    format!("{} {}", clock(shot.taken_at.0, zone), line(&shot.monitor))
}

impl ShotLine {
    fn of(shot: &ScreenshotView, zone: &Zone) -> Self {
        let text = title(shot, zone);
        let treated: Vec<&str> = shot.treated.iter().map(|treatment| treatment.word()).collect();
        let waits = match shot.pending {
            0 => String::new(),
            1 => "not sent yet".to_owned(),
            targets => format!("not sent yet to {targets} targets"),
        };
        let delete = Button::new("shot-delete", "Delete", format!("Delete the screenshot of {text}"));
        Self {
            number: shot.number,
            treated: treated.join(", "),
            waits,
            width: shot.width,
            height: shot.height,
            delete: delete.with("shot", shot.number.to_string()),
            text,
        }
    }
}
