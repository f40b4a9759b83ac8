//! A decision in the making. Ids and places in the journal are given out here and nowhere else.

use super::{
    claim,
    decision::{Answer, Context, Decision, EntryChange, Reversal},
    record::{Event, Happening, Note, Record},
    refusal::{Nearest, Refusal},
    state::{Open, Timer},
};
use crate::{
    clock::ClockSample,
    entry::{Entry, Snapshot},
    gap::{Gap, GapKind},
    id::{Entropy, EntryId, GapId},
    time::{Millis, Span, UnixMs},
};

pub(crate) struct Draft<'a> {
    pub(crate) context: &'a Context<'a>,
    pub(crate) timer: Timer,
    pub(crate) entries: Vec<EntryChange>,
    pub(crate) records: Vec<Record>,
    ids_drawn: u8,
}

impl<'a> Draft<'a> {
    pub(crate) fn new(timer: &Timer, context: &'a Context<'a>) -> Self {
        Self { context, timer: timer.clone(), entries: Vec::new(), records: Vec::new(), ids_drawn: 0 }
    }

    pub(crate) fn finish(self, reversal: Option<Reversal>) -> Decision {
        Decision { timer: self.timer, entries: self.entries, records: self.records, reversal }
    }

    pub(crate) fn now(&self) -> ClockSample {
        self.context.now
    }

    /// Bytes for a new id, different at every call within one decision.
    pub(crate) fn entropy(&mut self) -> Entropy {
        let mut bytes = self.context.entropy;
        bytes[9] ^= self.ids_drawn;
        self.ids_drawn = self.ids_drawn.wrapping_add(1);
        bytes
    }

    pub(crate) fn new_gap(&mut self, kind: GapKind, span: Span, kept: bool) -> Gap {
        Gap { id: GapId::new(self.now().wall, &self.entropy()), kind, span, kept }
    }

    /// A stretch that begins now.
    pub(crate) fn open(&self) -> Open {
        Open::at(self.now(), self.context.attended)
    }

    /// Tells the targets about `entry`.
    pub(crate) fn tell(&mut self, event: Event, at: UnixMs, entry: Entry) {
        self.push(at, Happening::Told(event, Box::new(Snapshot::from(entry))));
    }

    /// Tells the targets about the current entry, if there is one.
    pub(crate) fn tell_current(&mut self, event: Event, at: UnixMs) {
        if let Some(entry) = self.timer.snapshot(&self.now()) {
            self.tell(event, at, entry);
        }
    }

    /// Notes something about the entry for people alone.
    pub(crate) fn note(&mut self, note: Note, entry: EntryId) {
        self.push(self.now().wall, Happening::Noted(note, entry));
    }

    fn push(&mut self, at: UnixMs, what: Happening) {
        let seq = self.context.next_seq + self.records.len() as u64;
        self.records.push(Record { seq, at, what });
    }

    pub(crate) fn answer(
        &self,
        changed: bool,
        entry_id: Option<EntryId>,
        message: impl Into<String>,
    ) -> Answer {
        Answer { changed, state: self.timer.state(), entry_id, message: message.into() }
    }

    /// Refuses a claim that lies too far back, is too long, or counts a minute twice.
    pub(crate) fn refuse_claim(&self, span: Span, of: EntryId, stated: Stated) -> Result<(), Refusal> {
        if span.length() == Millis::ZERO {
            return Ok(());
        }
        let oldest = claim::oldest(self.now().wall);
        if span.start < oldest && !matches!(stated, Stated::End) {
            return Err(Refusal::TooLongAgo { nearest: Some(Nearest::start(oldest)) });
        }
        if claim::is_too_long(span) {
            let nearest = match stated {
                Stated::End => Some(Nearest::end(span.start + claim::LONGEST_CLAIM)),
                Stated::Start | Stated::Both => Some(Nearest::start(span.end - claim::LONGEST_CLAIM)),
            };
            return Err(Refusal::TooLong { nearest });
        }
        self.refuse_overlap(span, of, stated)
    }

    /// Refuses to count `span` where another entry counts it already: a finished one, one that this decision
    /// finishes, or the current one. `of` is the entry that asks; what it has itself is no obstacle.
    pub(crate) fn refuse_overlap(&self, span: Span, of: EntryId, stated: Stated) -> Result<(), Refusal> {
        let finished_here = self.entries.iter().filter_map(|change| match change {
            EntryChange::Saved(entry) => Some((**entry).clone()),
            EntryChange::Removed(_) => None,
        });
        let here = finished_here.chain(self.timer.snapshot(&self.now())).flat_map(|entry| {
            let id = entry.id;
            entry.segments.into_iter().map(move |segment| (id, segment.span))
        });
        let before = self.context.taken.iter().map(|taken| (taken.entry, taken.span));
        let in_the_way: Vec<(EntryId, Span)> =
            before.chain(here).filter(|(id, taken)| *id != of && taken.overlaps(span)).collect();
        let first = in_the_way.iter().min_by_key(|(_, taken)| taken.start);
        let last = in_the_way.iter().max_by_key(|(_, taken)| taken.end);
        let (Some((first, from)), Some((last, until))) = (first, last) else { return Ok(()) };
        let room_before = from.start > span.start;
        Err(match stated {
            Stated::End => {
                Refusal::Overlaps { entry: *first, nearest: Some(Nearest::end(from.start.max(span.start))) }
            }
            Stated::Both if room_before => {
                Refusal::Overlaps { entry: *first, nearest: Some(Nearest::end(from.start)) }
            }
            Stated::Start | Stated::Both => {
                Refusal::Overlaps { entry: *last, nearest: Some(Nearest::start(until.end.min(span.end))) }
            }
        })
    }
}

/// Which border of a claim was stated, and could be stated otherwise.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Stated {
    /// Its start.
    Start,
    /// Its end.
    End,
    /// Both: its end is moved where there is room before what is in the way, else its start.
    Both,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{entry::Origin, id::BootId, timer::Rules};

    #[test]
    fn the_ids_of_one_decision_differ_whatever_the_random_bytes_are() {
        let origin = Origin { person: "p".into(), machine: "m".into(), installation: "i".into() };
        let boot = BootId::from_bytes([1; 16]);
        let now = ClockSample { boot, boottime: Millis(1), monotonic: Millis(1), wall: UnixMs(1) };
        for entropy in [[0; 10], [0x55; 10], [0xff; 10]] {
            let context = Context {
                now,
                attended: true,
                next_seq: 1,
                entropy,
                rules: Rules::default(),
                zone: "UTC",
                origin: &origin,
                last: None,
                taken: &[],
            };
            let mut draft = Draft::new(&Timer::Idle, &context);
            let mut drawn: Vec<Entropy> = (0..=u8::MAX).map(|_| draft.entropy()).collect();
            assert_eq!(drawn[0], entropy, "the first is as random as what was given");
            drawn.sort_unstable();
            drawn.dedup();
            assert_eq!(drawn.len(), 256);
        }
    }
}
