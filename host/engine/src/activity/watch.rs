//! The task that looks at the desk.

use std::{slice, time::Duration};

use stint_capture::{Bystander, Curiosity, Exclusion, Look, SourceError};
use stint_config::value::Wording;
use stint_domain::{
    id::ItemId,
    item::{Item, Payload},
    time::Millis,
    timer::State,
};
use stint_store::{Error, queue, queue::NewItem, timeline};

use super::{
    absence::Absence,
    spans::{Spans, Told},
};
use crate::{
    chance,
    desk::Desk,
    shots::exclusions,
    supervise::{Stop, stopped},
    targets,
    timer::TimerError,
};

/// How often it is looked whether somebody is there, however seldom activity is recorded.
const SELDOM: Duration = Duration::from_secs(5);
/// How soon a desk that never could be looked at is tried again: most such machines have none, and may sleep.
const BLIND: Duration = Duration::from_mins(1);

/// Why what was seen could not be kept.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WatchError {
    #[error(transparent)]
    Timer(#[from] TimerError),
    #[error(transparent)]
    Store(#[from] Error),
    #[error("failed to draw random bytes for an item: {source}")]
    Chance {
        #[from]
        source: getrandom::Error,
    },
    #[error("failed to look at the desk: the thread for it was lost")]
    Lost,
}

/// How a display is opened.
pub(crate) type Open = fn(Option<&str>) -> Result<Box<dyn Bystander>, SourceError>;

/// Looks at the desk until it is told to stop.
pub(crate) async fn watch_desk(desk: Desk, open: Open, mut stop: Stop) -> Result<(), WatchError> {
    let attention = desk.attention().clone();
    let _watched = attention.watch();
    let mut watcher = Watcher::new(desk, open);
    loop {
        tokio::select! {
            // Whichever comes first: it is time, or a look is wanted.
            _ = tokio::time::timeout(watcher.wait(), attention.wanted()) => watcher.look().await?,
            () = stopped(&mut stop) => return watcher.finish().await,
        }
    }
}

/// What is known of the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Known {
    /// Nobody has looked yet.
    Untried,
    /// It never could be looked at.
    Blind,
    /// It was looked at, if not the last time.
    Seen,
}

pub(super) struct Watcher {
    desk: Desk,
    open: Open,
    bystander: Option<Box<dyn Bystander>>,
    known: Known,
    /// When activity was recorded last, by the machine's awake time.
    sampled: Option<Millis>,
    absence: Absence,
    spans: Spans,
}

impl Watcher {
    pub(super) fn new(desk: Desk, open: Open) -> Self {
        let (absence, spans) = (Absence::default(), Spans::default());
        Self { desk, open, bystander: None, known: Known::Untried, sampled: None, absence, spans }
    }

    /// How long until the next look.
    fn wait(&self) -> Duration {
        if self.known == Known::Blind {
            return BLIND;
        }
        let activity = &self.desk.current().loaded.config.activity;
        if !activity.enabled {
            return SELDOM;
        }
        let sample = activity.sample.millis();
        let since = self.sampled.map(|at| self.desk.clock().sample().monotonic.0.saturating_sub(at.0));
        // A sample that is overdue came while a look failed: there is no hurry to fail again.
        let until = since.and_then(|since| sample.0.checked_sub(since)).unwrap_or(sample.0);
        Duration::from_millis(until).min(SELDOM)
    }

    /// Whether it is time for what is in front to be recorded.
    fn is_sample_due(&self, sample: Millis, now: Millis) -> bool {
        self.sampled.is_none_or(|at| now.0.saturating_sub(at.0) >= sample.0)
    }

    /// One look, and what follows from it.
    pub(super) async fn look(&mut self) -> Result<(), WatchError> {
        self.desk.attention().begin();
        let looked = self.look_once().await;
        self.desk.attention().end();
        looked
    }

    async fn look_once(&mut self) -> Result<(), WatchError> {
        let config = self.desk.current().loaded;
        let activity = config.config.activity.clone();
        let now = self.desk.clock().sample().monotonic;
        let is_due = self.is_sample_due(activity.sample.millis(), now);
        let excluded = exclusions(&config.config.capture);
        // A rule that names a title can't be judged without one; it goes no further where titles aren't asked for.
        let by_title = excluded.iter().any(|rule| rule.title.is_some());
        let curiosity = match (activity.enabled && is_due, activity.titles || by_title) {
            (false, _) => Curiosity::Idle,
            (true, false) => Curiosity::App,
            (true, true) => Curiosity::Title,
        };
        let (open, bystander) = (self.open, self.bystander.take());
        let display = config.config.capture.display.clone();
        // A display may keep us waiting.
        let looked = tokio::task::spawn_blocking(move || {
            let mut bystander = match bystander {
                Some(bystander) => bystander,
                None => open(display.as_ref().map(Wording::as_str))?,
            };
            let look = bystander.look(curiosity, now)?;
            Ok::<_, SourceError>((bystander, look))
        });
        match looked.await.map_err(|_| WatchError::Lost)? {
            Ok((bystander, look)) => {
                self.bystander = Some(bystander);
                self.known = Known::Seen;
                self.judge(&look, config.config.timer.idle_after.millis()).await?;
                match (activity.enabled, is_due) {
                    (true, false) => Ok(()),
                    (true, true) => {
                        self.sampled = Some(now);
                        let look = without_excluded(look, &excluded, activity.titles);
                        let told = self.spans.add(self.desk.now(), look);
                        tell(&self.desk, told).await
                    }
                    (false, _) => {
                        self.sampled = None;
                        self.finish().await
                    }
                }
            }
            Err(error) => {
                tracing::debug!(target: "stint::activity", "failed to {error}");
                self.absence.blind();
                if self.known == Known::Untried {
                    self.known = Known::Blind;
                }
                Ok(())
            }
        }
    }

    /// What a look says of whether somebody is there.
    async fn judge(&mut self, look: &Look, idle_after: Millis) -> Result<(), WatchError> {
        let now = self.desk.clock().sample().monotonic;
        tracing::trace!(target: "stint::activity", idle_ms = look.idle.0, look.locked, "looked at the desk");
        self.desk.attention().seen(look);
        if let Some(away) = self.absence.look(now, look.idle, idle_after) {
            tracing::info!(target: "stint::activity", away_s = away.0 / 1_000, "somebody is back");
            self.desk.timer().idle_ended(away).await?;
        }
        Ok(())
    }

    /// What was seen and not told yet is told.
    pub(super) async fn finish(&mut self) -> Result<(), WatchError> {
        let told = self.spans.take(self.desk.now());
        tell(&self.desk, told).await
    }
}

/// Leaves out what a window is called that nothing is to be seen of, and titles that nobody asked for.
fn without_excluded(look: Look, excluded: &[Exclusion], titles: bool) -> Look {
    if excluded.iter().any(|rule| rule.fits(&look.names)) {
        return Look { app: None, title: None, ..look };
    }
    Look { title: look.title.filter(|_| titles), ..look }
}

async fn tell(desk: &Desk, told: Option<Told>) -> Result<(), WatchError> {
    match told {
        Some(told) => record(desk, told).await,
        None => Ok(()),
    }
}

/// Makes what was seen an item.
async fn record(desk: &Desk, Told { window, samples }: Told) -> Result<(), WatchError> {
    let timer = desk.read(|tx| Ok(timeline::load(tx)?.timer))?;
    let entry_id = timer.entry().filter(|_| timer.state() == State::Running).map(|entry| entry.id);
    let id = ItemId::new(window.end, &chance::entropy()?);
    let payload = Payload::Activity { entry_id, window, samples };
    let item = NewItem::of(&Item { id, occurred_at: window.end, payload })?;
    let (room, now) = (targets::room(&desk.current().loaded.config), desk.now());
    desk.store().write(move |tx| queue::record(tx, slice::from_ref(&item), now, room)).await?;
    desk.bell().recorded();
    Ok(())
}

#[cfg(test)]
#[path = "watch_tests.rs"]
mod tests;
