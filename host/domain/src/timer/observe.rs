//! What the clocks do to a running timer: sleep, reboot, clock steps, stalls, crashes and idle stretches are told
//! apart by the samples alone, and each has one consequence.

use super::{
    decision::{Context, Decision, OnIdle},
    draft::Draft,
    record::{Event, Note},
    state::{Open, Timer},
};
use crate::{
    clock::{ClockSample, Elapsed, Interval},
    entry::Entry,
    gap::{Gap, GapKind},
    time::{Millis, Span, UnixMs},
};

/// A crash this short is credited, if the machine did not sleep meanwhile.
pub const CREDITED_CRASH: Millis = Millis::from_secs(30);

/// A host's look at the clocks: the heartbeat.
pub fn tick(timer: &Timer, context: &Context<'_>) -> Decision {
    let mut draft = Draft::new(timer, context);
    draft.catch_up();
    draft.finish(None)
}

/// A process took the data directory: what happened since the last one let go of it? `context.attended` says
/// whether it stays as a host.
pub fn take_over(timer: &Timer, context: &Context<'_>) -> Decision {
    let mut draft = Draft::new(timer, context);
    draft.recover();
    draft.attend();
    draft.finish(None)
}

/// A host leaves, and the timer runs on unattended. `context.attended` must be false.
pub fn let_go(timer: &Timer, context: &Context<'_>) -> Decision {
    let mut draft = Draft::new(timer, context);
    draft.catch_up();
    draft.attend();
    draft.finish(None)
}

/// Somebody touched the machine again, after nobody had for this long.
pub fn idle_ended(timer: &Timer, idle: Millis, context: &Context<'_>) -> Decision {
    let mut draft = Draft::new(timer, context);
    draft.catch_up();
    draft.mark_idle(idle);
    draft.finish(None)
}

impl Draft<'_> {
    /// Brings a running timer up to now, and tells the targets where that ended its stretch.
    pub(crate) fn catch_up(&mut self) {
        let ended = self.follow_clocks();
        self.tell_ended(ended);
    }

    /// Brings a running timer up to now after its last process is gone: where a host had watched, it crashed.
    fn recover(&mut self) {
        let ended = match &self.timer {
            Timer::Running { open, .. } if open.attended => self.follow_crash(),
            _ => self.follow_clocks(),
        };
        self.tell_ended(ended);
    }

    fn tell_ended(&mut self, ended: Option<UnixMs>) {
        if let Some(at) = ended {
            self.tell_current(Event::Paused, at);
        }
    }

    /// Brings a running timer up to now, by the process that watched it or after a stretch without one. Says
    /// where the stretch ended, if the clocks ended it.
    pub(crate) fn follow_clocks(&mut self) -> Option<UnixMs> {
        let Timer::Running { entry, open } = self.timer.clone() else { return None };
        match self.now().since(&open.seen) {
            Elapsed::Reboot { .. } => Some(self.end_at_reboot(entry, &open)),
            Elapsed::SameBoot(interval) => {
                if open.attended && interval.is_stall(self.context.rules.tick) {
                    self.note(Note::Stalled { length: interval.awake }, entry.id);
                }
                self.run_on(entry, &open, &interval);
                None
            }
        }
    }

    fn follow_crash(&mut self) -> Option<UnixMs> {
        let Timer::Running { entry, mut open } = self.timer.clone() else { return None };
        match self.now().since(&open.seen) {
            Elapsed::Reboot { .. } => Some(self.end_at_reboot(entry, &open)),
            Elapsed::SameBoot(interval)
                if interval.asleep == Millis::ZERO && interval.awake <= CREDITED_CRASH =>
            {
                open.recovered = true;
                self.note(Note::Recovered { length: interval.awake }, entry.id);
                self.run_on(entry, &open, &interval);
                None
            }
            Elapsed::SameBoot(interval) => Some(self.end_at_crash(entry, &open, &interval)),
        }
    }

    /// Counts on over an interval of one boot, cutting the stretch where the machine slept or the clock moved.
    fn run_on(&mut self, mut entry: Entry, open: &Open, interval: &Interval) {
        let now = self.now();
        self.note_step(interval, &entry);
        let open = if interval.asleep > Millis::ZERO {
            let gap = self.sleep_gap(&open.seen, interval);
            self.note(Note::Slept { gap: gap.id }, entry.id);
            entry.add_segment(open.closed(open.seen.monotonic, open.seen.wall));
            entry.add_gap(gap);
            // The monotonic clock stood still, so the time awake on both sides of the sleep is counted here.
            Open {
                start: now.wall - interval.awake,
                from: open.seen.monotonic,
                seen: now,
                recovered: false,
                attended: open.attended,
            }
        } else if interval.step.is_some() {
            entry.add_segment(open.closed(now.monotonic, open.seen.wall + interval.awake));
            Open::at(now, open.attended)
        } else {
            Open { seen: now, ..open.clone() }
        };
        self.timer = Timer::Running { entry, open };
    }

    fn sleep_gap(&mut self, before: &ClockSample, interval: &Interval) -> Gap {
        self.new_gap(
            GapKind::Sleep,
            Span::starting(before.wall, interval.asleep),
            self.context.rules.keep_sleep,
        )
    }

    fn end_at_reboot(&mut self, entry: Entry, open: &Open) -> UnixMs {
        let gap = self.new_gap(GapKind::Reboot, Span::new(open.seen.wall, self.now().wall), false);
        let id = (gap.span.length() > Millis::ZERO).then_some(gap.id);
        self.end_at_heartbeat(entry, open, Note::Rebooted { gap: id }, vec![gap])
    }

    /// The time awake and the time asleep become gaps of their own: a night's sleep is not reclaimed by mistake.
    fn end_at_crash(&mut self, entry: Entry, open: &Open, interval: &Interval) -> UnixMs {
        self.note_step(interval, &entry);
        let missed =
            self.new_gap(GapKind::Interrupted, Span::starting(open.seen.wall, interval.awake), false);
        let id = (missed.span.length() > Millis::ZERO).then_some(missed.id);
        let slept = self.new_gap(GapKind::Sleep, Span::starting(missed.span.end, interval.asleep), false);
        self.end_at_heartbeat(entry, open, Note::Interrupted { gap: id }, vec![missed, slept])
    }

    fn end_at_heartbeat(&mut self, mut entry: Entry, open: &Open, note: Note, gaps: Vec<Gap>) -> UnixMs {
        entry.add_segment(open.closed(open.seen.monotonic, open.seen.wall));
        for gap in gaps {
            entry.add_gap(gap);
        }
        self.note(note, entry.id);
        self.timer = Timer::Paused { entry };
        open.seen.wall
    }

    fn note_step(&mut self, interval: &Interval, entry: &Entry) {
        if let Some(by_ms) = interval.step {
            self.note(Note::ClockStepped { by_ms }, entry.id);
        }
    }

    /// Hands a running timer from a host to nobody or back: the stretch is cut, so each part says who watched.
    pub(crate) fn attend(&mut self) {
        if matches!(&self.timer, Timer::Running { open, .. } if open.attended != self.context.attended) {
            self.cut_stretch();
        }
    }

    /// Closes the running stretch here and opens another.
    pub(crate) fn cut_stretch(&mut self) {
        let (now, next) = (self.now(), self.open());
        if let Timer::Running { entry, open } = &mut self.timer {
            entry.add_segment(open.closed(now.monotonic, now.wall));
            *open = next;
        }
    }

    fn mark_idle(&mut self, idle: Millis) {
        let now = self.now();
        let Timer::Running { mut entry, open } = self.timer.clone() else { return };
        let idle = idle.min(open.worked(now.monotonic));
        if idle == Millis::ZERO {
            return;
        }
        let since = now.wall - idle;
        let gap = self.new_gap(
            GapKind::Idle,
            Span::new(since, now.wall),
            self.context.rules.on_idle != OnIdle::Drop,
        );
        self.note(Note::WentIdle { gap: gap.id }, entry.id);
        entry.add_segment(open.closed(now.monotonic.since(idle), since));
        entry.add_gap(gap);
        self.timer = Timer::Running { entry, open: Open::at(now, open.attended) };
    }
}
