//! What the rows of a file say together: each event of an entry is told with the work that the rows before it add up
//! to. Without this a target that books sums would be told of none.
//!
//! The old program wrote one event a row and left the sums to its backend. A stretch here runs from a start or resume
//! to the next pause or stop, and counts as a person's word, for as much as that is good for. A repeated pause, of which the old program made many,
//! ends nothing a second time.

use std::collections::HashMap;

use serde_json::Value;
use stint_domain::{
    entry::{Details, Entry, Origin, Segment},
    id::EntryId,
    time::{Span, UnixMs},
    timer::{Event, claim},
};

use super::{details, left::Left};

/// The entries of a file, as far as it was read. It holds a few hundred bytes an entry, and no picture.
#[derive(Debug, Default)]
pub(super) struct Tracks(HashMap<EntryId, Track>);

#[derive(Debug)]
struct Track {
    details: Details,
    started_at: UnixMs,
    running_since: Option<UnixMs>,
    ended_at: Option<UnixMs>,
    segments: Vec<Segment>,
}

/// What one row says of its entry.
#[derive(Debug)]
pub(super) struct Said<'a> {
    pub(super) entry: EntryId,
    pub(super) event: Event,
    pub(super) at: UnixMs,
    /// What the row says beside.
    pub(super) payload: &'a Value,
}

impl Tracks {
    /// Takes an event in, and gives the entry as it was then. One that would count more than a person's word is good
    /// for is refused: it changes nothing, so that the rows after it are looked at in the same way.
    pub(super) fn follow(&mut self, said: &Said<'_>, zone: &str, origin: &Origin) -> Result<Entry, Left> {
        let track = self.0.entry(said.entry).or_insert_with(|| Track::new(said));
        if let Some(stretch) = track.ended_by(said).filter(|stretch| claim::is_too_long(*stretch)) {
            return Err(Left::TooLong { stretch });
        }
        details::learn(&mut track.details, said.payload);
        track.take(said);
        let mut entry =
            Entry::new(said.entry, track.details.clone(), track.started_at, zone.to_owned(), origin.clone());
        track.segments.iter().for_each(|segment| entry.add_segment(segment.clone()));
        entry.ended_at = track.ended_at.map(|at| at.max(entry.started_at));
        Ok(entry)
    }
}

impl Track {
    fn new(said: &Said<'_>) -> Self {
        Self {
            details: Details::default(),
            started_at: details::started_at(said.payload).unwrap_or(said.at).min(said.at),
            running_since: None,
            ended_at: None,
            segments: Vec::new(),
        }
    }

    /// The stretch that an event ends.
    fn ended_by(&self, said: &Said<'_>) -> Option<Span> {
        let ends = !matches!(said.event, Event::Started | Event::Resumed);
        self.running_since.filter(|since| ends && *since < said.at).map(|since| Span::new(since, said.at))
    }

    fn take(&mut self, said: &Said<'_>) {
        self.segments.extend(self.ended_by(said).map(Segment::claimed));
        match said.event {
            Event::Started | Event::Resumed => {
                self.running_since.get_or_insert(said.at);
                self.ended_at = None;
            }
            event => {
                self.running_since = None;
                if event == Event::Stopped {
                    self.ended_at.get_or_insert(said.at);
                }
            }
        }
    }
}
