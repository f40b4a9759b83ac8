//! Takes screenshots now: every screen that is asked for, one after the other.

use std::sync::Arc;

use stint_capture::{
    Area, Exclusion, OnExcluded, Rules, Screen, Sight, Source, SourceError, TestCard, Which,
};
use stint_config::model::{Capture, CaptureSource, ExcludeAction, PictureFormat};
use stint_config::value::{Monitors, Wording};
use stint_domain::{
    id::{EntryId, ItemId},
    time::UnixMs,
    timer::State,
};
use stint_pixels::{Format, Region};
use stint_store::{Serial, timeline};

use super::{
    areas::unknown_areas,
    error::ShotError,
    record::{Occasion, record},
    remedy::Trouble,
};
use crate::{
    desk::Desk,
    ledger::{Event, Part},
};

/// What came of looking at one screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glance {
    /// The screen.
    pub monitor: String,
    /// What was seen.
    pub seen: Seen,
}

/// What was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// A picture, and it is kept.
    Kept {
        /// Its number.
        serial: Serial,
        /// Its id.
        id: ItemId,
    },
    /// What was there before.
    Unchanged,
    /// A window that must not be seen, so nobody looked.
    Excluded,
    /// Nothing: a person paused screenshots meanwhile, or nobody was there any more. Had there been a picture already,
    /// it was thrown away.
    Paused,
    /// Nothing, for this reason.
    Failed {
        /// The reason.
        trouble: Trouble,
    },
}

/// Who wants a shot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// A person: whoever asks is there.
    ByPerson,
    /// The schedule: only while somebody is there.
    BySchedule,
}

impl Desk {
    /// Takes screenshots because a person wants some: also of a screen that is unchanged, and whatever the timer does.
    pub async fn take_screenshots(&self) -> Result<Vec<Glance>, ShotError> {
        let capture = self.current().loaded.config.capture.clone();
        if !capture.enabled {
            return Err(ShotError::Off);
        }
        if self.screenshots_paused_until()?.is_some() {
            return Err(ShotError::Paused);
        }
        self.take(&Capture { skip_unchanged: false, ..capture }, Asked::ByPerson).await
    }

    /// What somebody should look at, though screenshots are taken.
    pub fn screenshot_warnings(&self) -> Vec<String> {
        unknown_areas(&self.current().loaded.config.capture, &self.shots().news().screens)
    }

    /// Until when a person paused screenshots, if that is still to come.
    pub fn screenshots_paused_until(&self) -> Result<Option<UnixMs>, ShotError> {
        let until = self.read(stint_store::capture_pause)?;
        Ok(until.filter(|until| *until > self.now()))
    }

    /// Pauses screenshots until then; not any more, for nothing.
    pub async fn pause_screenshots(&self, until: Option<UnixMs>) -> Result<(), ShotError> {
        self.store().write(move |tx| stint_store::pause_capture(tx, until)).await?;
        self.shots_changed();
        Ok(())
    }

    /// Takes them. What went wrong with all is in the status until it goes well again.
    pub(super) async fn take(&self, capture: &Capture, asked: Asked) -> Result<Vec<Glance>, ShotError> {
        let (taken, before) = (self.look_at_all(capture, asked).await, self.shots().news());
        self.shots().went(match &taken {
            Ok(glances) => glances.iter().find_map(|glance| match &glance.seen {
                Seen::Failed { trouble } => Some(trouble.clone()),
                _ => None,
            }),
            Err(error) => Some(error.into()),
        });
        let is_kept = |glance: &Glance| matches!(glance.seen, Seen::Kept { .. });
        if self.shots().news() != before || taken.iter().flatten().any(is_kept) {
            self.shots_changed();
        }
        taken
    }

    /// Whoever shows screenshots looks again.
    pub(super) fn shots_changed(&self) {
        self.ledger().tell(self.now(), Event::Changed { what: Part::Screenshots });
    }

    /// Finds out whether screenshots can be taken. No pixel is looked at.
    pub(super) async fn look_around(&self, capture: &Capture) {
        let _camera = self.shots().camera().await;
        let found = self.begin(capture).await;
        self.shots().went(found.err().as_ref().map(Trouble::from));
    }

    /// Opens the source, and finds the screens that are meant.
    async fn begin(&self, capture: &Capture) -> Result<(Box<dyn Source>, Vec<Screen>), ShotError> {
        let (which, now) = (which(&capture.monitors), self.now());
        let (source, display) = (capture.source, capture.display.clone());
        let begun = tokio::task::spawn_blocking(move || {
            let mut source = open(source, display.as_ref().map(Wording::as_str), now)?;
            let there = source.screens()?;
            let screens = stint_capture::choose(&mut *source, &which)?;
            Ok::<_, SourceError>((source, there, screens))
        });
        let (source, there, screens) = begun.await.map_err(|_| ShotError::Stopping)??;
        self.shots().found(there.into_iter().map(|screen| screen.name).collect());
        Ok((source, screens))
    }

    /// Whether what was begun is to be left: there may be many screens, and each takes its time.
    async fn is_unwanted_by_now(&self, asked: Asked) -> Result<bool, ShotError> {
        let idle_after = self.current().loaded.config.timer.idle_after.millis();
        let is_away = asked == Asked::BySchedule && {
            self.attention().refresh().await;
            self.attention().is_away(idle_after)
        };
        Ok(is_away || self.screenshots_paused_until()?.is_some())
    }

    async fn look_at_all(&self, capture: &Capture, asked: Asked) -> Result<Vec<Glance>, ShotError> {
        let mut kept = self.shots().camera().await;
        let rules = Arc::new(rules(capture));
        let (mut source, screens) = self.begin(capture).await?;
        let entry = self.running_entry()?;
        kept.retain(|name, _| screens.iter().any(|screen| screen.name == *name));
        let mut glances = Vec::new();
        for screen in screens {
            let (name, at) = (screen.name.clone(), self.now());
            if self.is_unwanted_by_now(asked).await? {
                glances.push(Glance { monitor: name, seen: Seen::Paused });
                continue;
            }
            let before = kept.get(&name).cloned();
            let (back, sight) = look(source, screen, Arc::clone(&rules), before).await?;
            source = back;
            let seen = match sight {
                Ok(Sight::Unchanged) => Seen::Unchanged,
                Ok(Sight::Excluded) => Seen::Excluded,
                Err(error) => Seen::Failed { trouble: Trouble::from(&ShotError::from(error)) },
                Ok(Sight::Taken(_)) if self.is_unwanted_by_now(asked).await? => Seen::Paused,
                Ok(Sight::Taken(shot)) => {
                    let likeness = shot.likeness.clone();
                    match record(self, shot, Occasion { screen: name.clone(), at, entry }).await? {
                        Some((serial, id)) => {
                            kept.insert(name.clone(), likeness);
                            Seen::Kept { serial, id }
                        }
                        None => Seen::Paused,
                    }
                }
            };
            glances.push(Glance { monitor: name, seen });
        }
        Ok(glances)
    }

    /// The entry that runs.
    fn running_entry(&self) -> Result<Option<EntryId>, ShotError> {
        let timer = self.read(|tx| Ok(timeline::load(tx)?.timer))?;
        Ok(timer.entry().filter(|_| timer.state() == State::Running).map(|entry| entry.id))
    }
}

type Looked = (Box<dyn Source>, Result<Sight, SourceError>);

/// Looks at a screen where waiting and computing harm nobody.
async fn look(
    mut source: Box<dyn Source>,
    screen: Screen,
    rules: Arc<Rules>,
    before: Option<stint_capture::Likeness>,
) -> Result<Looked, ShotError> {
    let looked = tokio::task::spawn_blocking(move || {
        let sight = stint_capture::shoot(&mut *source, &screen, &rules, before.as_ref());
        (source, sight)
    });
    looked.await.map_err(|_| ShotError::Stopping)
}

fn open(source: CaptureSource, display: Option<&str>, now: UnixMs) -> Result<Box<dyn Source>, SourceError> {
    match source {
        CaptureSource::Screen => stint_capture::screens(display),
        CaptureSource::Synthetic => Ok(Box::new(TestCard::new(now))),
    }
}

fn which(monitors: &Monitors) -> Which {
    match monitors {
        Monitors::All => Which::All,
        Monitors::Primary => Which::Primary,
        Monitors::Active => Which::Active,
        Monitors::Named(names) => Which::Named(names.iter().map(ToString::to_string).collect()),
    }
}

/// Windows that nothing is to be seen of, neither as a picture nor by name.
pub(crate) fn exclusions(capture: &Capture) -> Vec<Exclusion> {
    let rules = capture.exclude.iter().map(|rule| Exclusion {
        app: rule.app.as_ref().map(ToString::to_string),
        title: rule.title.as_ref().map(|title| title.regex().clone()),
    });
    rules.collect()
}

pub(super) fn rules(capture: &Capture) -> Rules {
    let areas = capture.hide.iter().map(|area| Area {
        screen: area.monitor.as_ref().map(ToString::to_string),
        region: Region { x: area.x, y: area.y, width: area.width, height: area.height },
    });
    Rules {
        exclude: exclusions(capture),
        on_excluded: match capture.exclude_action {
            ExcludeAction::Skip => OnExcluded::Skip,
            ExcludeAction::Blur => OnExcluded::Hide,
        },
        areas: areas.collect(),
        blur: capture.blur,
        width_max: capture.max_width,
        format: match capture.format {
            PictureFormat::Jpeg => Format::Jpeg { quality: u8::try_from(capture.quality).unwrap_or(100) },
            PictureFormat::Png => Format::Png,
        },
        skip_unchanged: capture.skip_unchanged,
    }
}
