//! What the rows of a file say together: each event of an entry is told with the work that the rows before it add up
//! to. Without this a target that books sums would be told of none.
//!
//! The old program wrote one event a row and left the sums to its backend. A stretch here runs from a start or resume
//! to the next pause or stop, and counts as a person's word. A repeated pause, of which the old program made many,
//! ends nothing a second time.

use std::collections::HashMap;

use serde_json::Value;
use stint_domain::{
    entry::{Details, Entry, Origin, Segment},
    id::EntryId,
    time::{Span, UnixMs},
    timer::Event,
};

use super::details;

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
    /// Takes an event in, and gives the entry as it was then.
    pub(super) fn follow(&mut self, said: &Said<'_>, zone: &str, origin: &Origin) -> Entry {
        let track = self.0.entry(said.entry).or_insert_with(|| Track::new(said));
        details::learn(&mut track.details, said.payload);
        track.take(said.event, said.at);
        let mut entry =
            Entry::new(said.entry, track.details.clone(), track.started_at, zone.to_owned(), origin.clone());
        track.segments.iter().for_each(|segment| entry.add_segment(segment.clone()));
        entry.ended_at = track.ended_at.map(|at| at.max(entry.started_at));
        entry
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

    fn take(&mut self, event: Event, at: UnixMs) {
        match event {
            Event::Started | Event::Resumed => {
                self.running_since.get_or_insert(at);
                self.ended_at = None;
            }
            _ => {
                if let Some(since) = self.running_since.take()
                    && since < at
                {
                    self.segments.push(Segment::claimed(Span::new(since, at)));
                }
                if event == Event::Stopped {
                    self.ended_at.get_or_insert(at);
                }
            }
        }
    }
}
