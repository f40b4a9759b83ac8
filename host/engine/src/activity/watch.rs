//! The task that looks at the desk.

use std::{slice, time::Duration};

use stint_capture::{Bystander, Curiosity, Look, SourceError};
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
    supervise::{Stop, stopped},
    targets,
    timer::TimerError,
};

/// How often the desk is looked at where activity isn't switched on.
const SELDOM: Duration = Duration::from_secs(5);
/// How soon a desk that can't be looked at is tried again.
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
    let mut watcher = Watcher::new(desk, open);
    loop {
        tokio::select! {
            () = tokio::time::sleep(watcher.wait()) => watcher.look().await?,
            () = stopped(&mut stop) => return watcher.finish().await,
        }
    }
}

pub(super) struct Watcher {
    desk: Desk,
    open: Open,
    bystander: Option<Box<dyn Bystander>>,
    /// Whether the last look failed.
    is_blind: bool,
    absence: Absence,
    spans: Spans,
}

impl Watcher {
    pub(super) fn new(desk: Desk, open: Open) -> Self {
        let (absence, spans) = (Absence::default(), Spans::default());
        Self { desk, open, bystander: None, is_blind: false, absence, spans }
    }

    /// How long until the next look.
    fn wait(&self) -> Duration {
        let activity = &self.desk.current().loaded.config.activity;
        let usual = if activity.enabled { activity.sample.duration() } else { SELDOM };
        if self.is_blind { usual.max(BLIND) } else { usual }
    }

    /// One look, and what follows from it.
    pub(super) async fn look(&mut self) -> Result<(), WatchError> {
        let config = self.desk.current().loaded;
        let activity = config.config.activity.clone();
        let curiosity = match (activity.enabled, activity.titles) {
            (false, _) => Curiosity::Idle,
            (true, false) => Curiosity::App,
            (true, true) => Curiosity::Title,
        };
        let (open, bystander) = (self.open, self.bystander.take());
        let display = config.config.capture.display.clone();
        let now = self.desk.clock().sample().monotonic;
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
                self.is_blind = false;
                self.judge(look, activity.enabled, config.config.timer.idle_after.millis()).await
            }
            Err(error) => {
                tracing::debug!(target: "stint::activity", "failed to {error}");
                self.desk.attention().unknown();
                self.absence.blind();
                self.is_blind = true;
                Ok(())
            }
        }
    }

    async fn judge(&mut self, look: Look, is_recorded: bool, idle_after: Millis) -> Result<(), WatchError> {
        let sample = self.desk.clock().sample();
        tracing::trace!(target: "stint::activity", idle_ms = look.idle.0, look.locked, "looked at the desk");
        self.desk.attention().seen(look.idle, look.locked);
        if let Some(away) = self.absence.look(sample.monotonic, look.idle, idle_after) {
            tracing::info!(target: "stint::activity", away_s = away.0 / 1_000, "somebody is back");
            self.desk.timer().idle_ended(away).await?;
        }
        let told = if is_recorded { self.spans.add(sample.wall, look) } else { self.spans.take(sample.wall) };
        match told {
            Some(told) => record(&self.desk, told).await,
            None => Ok(()),
        }
    }

    /// What was seen and not told yet is told.
    pub(super) async fn finish(&mut self) -> Result<(), WatchError> {
        match self.spans.take(self.desk.now()) {
            Some(told) => record(&self.desk, told).await,
            None => Ok(()),
        }
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
