//! What becomes of the sheets when people state something about their time, when the clocks do something, and when
//! a change is taken back. It is plain enough to be checked by reading.

use std::{collections::BTreeMap, mem};

use stint_domain::{
    gap::GapKind,
    timer::{
        Event::{self, Deleted, Edited, Paused, Resumed, Started, Stopped},
        Verb,
    },
};

use crate::sheets::{Binder, Minute, Sheet, SheetGap};

/// Where `undo` leads.
#[derive(Clone, Debug)]
enum Way {
    /// To where a verb came from. Since then nobody looked there: so much sleep went by, and perhaps a reboot.
    Verb { from: Minute, asleep: Minute, rebooted: bool },
    /// To where an entry was amended. What the clocks do happens there as well.
    Amendment { sheet: usize },
}

#[derive(Clone, Debug)]
pub(crate) struct Office {
    pub(crate) now: Minute,
    pub(crate) drop_idle: bool,
    pub(crate) binder: Binder,
    back: Option<(Way, Binder)>,
    /// When the running stretch was last cut.
    open_since: Minute,
    pub(crate) made: usize,
    has_last: bool,
    pub(crate) told: Vec<(Event, usize)>,
    /// What became of the last request: refused, or whether it changed anything.
    pub(crate) answer: Option<bool>,
}

impl Office {
    pub(crate) fn new(drop_idle: bool) -> Self {
        Self {
            now: 540,
            drop_idle,
            binder: Binder::default(),
            back: None,
            open_since: 540,
            made: 0,
            has_last: false,
            told: Vec::new(),
            answer: None,
        }
    }

    pub(crate) fn can_undo(&self) -> bool {
        self.back.is_some()
    }

    fn tell(&mut self, event: Event, sheet: usize) {
        self.told.push((event, sheet));
    }

    /// What happens in this binder, and in the one that an amendment's undo leads to.
    fn everywhere(&mut self, happen: impl Fn(&mut Binder)) {
        happen(&mut self.binder);
        if let Some((Way::Amendment { .. }, binder)) = &mut self.back {
            happen(binder);
        }
    }

    pub(crate) fn work(&mut self, minutes: Minute) {
        let (from, to) = (self.now, self.now + minutes);
        self.everywhere(|binder| {
            if let Some(sheet) = binder.running_sheet() {
                sheet.counted.extend(from..to);
            }
        });
        self.now = to;
    }

    pub(crate) fn sleep(&mut self, minutes: Minute) {
        let (from, to) = (self.now, self.now + minutes);
        self.everywhere(|binder| binder.gap(GapKind::Sleep, from, to));
        if let Some((Way::Verb { asleep, .. }, _)) = &mut self.back {
            *asleep += minutes;
        }
        (self.now, self.open_since) = (to, to);
    }

    /// The host is away, and comes back: after a crash, or with the machine started anew.
    pub(crate) fn away(&mut self, kind: GapKind, minutes: Minute) {
        let (from, to) = (self.now, self.now + minutes);
        self.everywhere(|binder| binder.gap(kind, from, to));
        if let (true, Some(sheet)) = (self.binder.running, self.binder.current) {
            self.tell(Paused, sheet);
        }
        self.everywhere(|binder| binder.running = false);
        if let Some((Way::Verb { rebooted, .. }, _)) = &mut self.back {
            *rebooted |= kind == GapKind::Reboot;
        }
        self.now = to;
    }

    pub(crate) fn idle_ended(&mut self, minutes: Minute) {
        let (from, to, drop_idle) =
            (self.open_since.max(self.now.saturating_sub(minutes)), self.now, self.drop_idle);
        if from == to || !self.binder.running {
            return;
        }
        self.everywhere(|binder| {
            if let Some(sheet) = binder.running_sheet() {
                sheet.gaps.push(SheetGap { kind: GapKind::Idle, from, to, kept: true });
                sheet.set_gap(sheet.gaps.len() - 1, !drop_idle);
            }
        });
        self.open_since = to;
    }

    /// Tries something out: it is refused with nothing changed, or done; `None` is a refusal.
    fn attempt(&mut self, attempt: impl FnOnce(&mut Self) -> Option<bool>) {
        let before = self.clone();
        let answer = attempt(self);
        if answer.is_none() {
            *self = before;
        }
        self.answer = answer;
        self.has_last |= self.binder.current.is_some();
    }

    pub(crate) fn verb(&mut self, verb: Verb, at: Option<Minute>) {
        self.attempt(|office| office.try_verb(verb, at));
    }

    fn try_verb(&mut self, verb: Verb, at: Option<Minute>) -> Option<bool> {
        let before = self.binder.clone();
        let (running, current) = (self.binder.running, self.binder.current);
        let means_nothing = match verb {
            Verb::Start => false,
            Verb::Pause => !running,
            Verb::Resume => running || current.is_none(),
            Verb::Stop | Verb::Cancel => current.is_none(),
            Verb::Continue => running,
        };
        if means_nothing {
            return Some(false);
        }
        let at = at.unwrap_or(self.now);
        if at > self.now {
            return None;
        }
        match verb {
            Verb::Start | Verb::Continue => self.open(at, verb == Verb::Continue)?,
            Verb::Pause => {
                let number = self.end(at)?;
                self.tell(Paused, number);
            }
            Verb::Resume => self.resume(at)?,
            Verb::Stop => self.finish(at)?,
            Verb::Cancel => {
                let number = self.binder.current.take()?;
                self.binder.sheets.remove(&number);
                self.binder.running = false;
                self.tell(Deleted, number);
            }
        }
        self.back = Some((Way::Verb { from: self.now, asleep: 0, rebooted: false }, before));
        Some(true)
    }

    /// Ends the current stretch at a stated time.
    fn end(&mut self, at: Minute) -> Option<usize> {
        let now = self.now;
        let sheet = self.binder.sheet()?;
        if at < sheet.started {
            return None;
        }
        if at < now {
            sheet.cut(0, at);
        }
        self.binder.running = false;
        self.binder.current
    }

    fn finish(&mut self, at: Minute) -> Option<()> {
        let number = self.end(at)?;
        self.tell(Stopped, number);
        self.binder.current = None;
        Some(())
    }

    fn open(&mut self, at: Minute, like_last: bool) -> Option<()> {
        if self.binder.current.is_some() {
            self.finish(at)?;
        }
        if like_last && !self.has_last || !self.binder.is_free(at, self.now, None) {
            return None;
        }
        let number = self.made;
        self.made += 1;
        let sheet = Sheet { started: at, counted: (at..self.now).collect(), gaps: Vec::new() };
        self.binder.sheets.insert(number, sheet);
        self.binder.current = Some(number);
        self.run(Started)
    }

    fn resume(&mut self, at: Minute) -> Option<()> {
        let (now, number) = (self.now, self.binder.current);
        if !self.binder.is_free(at, now, number) {
            return None;
        }
        let sheet = self.binder.sheet()?;
        if at < now && at < sheet.last_end() {
            return None;
        }
        sheet.claim(at, now);
        self.run(Resumed)
    }

    fn run(&mut self, event: Event) -> Option<()> {
        (self.binder.running, self.open_since) = (true, self.now);
        self.tell(event, self.binder.current?);
        Some(())
    }

    pub(crate) fn add(&mut self, from: Minute, to: Minute) {
        self.attempt(|office| {
            if to > office.now || from >= to || !office.binder.is_free(from, to, None) {
                return None;
            }
            office.amend(office.made, |sheets, number| {
                sheets
                    .insert(number, Sheet { started: from, counted: (from..to).collect(), gaps: Vec::new() });
            });
            office.made += 1;
            Some(true)
        });
    }

    pub(crate) fn edit(&mut self, number: usize, start: Option<Minute>, end: Option<Minute>) {
        self.attempt(|office| office.try_edit(number, start, end));
    }

    fn try_edit(&mut self, number: usize, start: Option<Minute>, end: Option<Minute>) -> Option<bool> {
        let mut sheet = self.binder.sheets[&number].clone();
        let is_current = self.binder.current == Some(number);
        let (was_start, was_end) = (sheet.started, sheet.last_end());
        let (from, to) = (start.unwrap_or(was_start), end.unwrap_or(was_end));
        if end.is_some() && is_current {
            return None;
        }
        if (from, to) == (was_start, was_end) {
            return Some(false);
        }
        let (before, after) = ((from, was_start.min(to)), (was_end.max(from), to));
        let free = [before, after].iter().all(|claim| self.binder.is_free(claim.0, claim.1, Some(number)));
        if from >= to || to > self.now || !free {
            return None;
        }
        sheet.claim(before.0, before.1.max(before.0));
        sheet.claim(after.0, after.1.max(after.0));
        sheet.cut(from, if to == was_end { Minute::MAX } else { to });
        sheet.started = from;
        if is_current && self.binder.running {
            self.open_since = self.now;
        }
        self.amend(number, |sheets, number| drop(sheets.insert(number, sheet)));
        Some(true)
    }

    pub(crate) fn delete(&mut self, number: usize) {
        if self.binder.current == Some(number) {
            return self.verb(Verb::Cancel, None);
        }
        self.attempt(|office| {
            office.amend(number, |sheets, number| drop(sheets.remove(&number)));
            Some(true)
        });
    }

    pub(crate) fn set_gap(&mut self, number: usize, place: usize, kept: bool) {
        self.attempt(|office| {
            let gap = office.binder.sheets[&number].gaps[place].clone();
            if gap.kept == kept {
                return Some(false);
            }
            if kept && !office.binder.is_free(gap.from, gap.to, Some(number)) {
                return None;
            }
            office.amend(number, |sheets, number| {
                sheets.entry(number).and_modify(|sheet| sheet.set_gap(place, kept));
            });
            Some(true)
        });
    }

    fn amend(&mut self, number: usize, amend: impl FnOnce(&mut BTreeMap<usize, Sheet>, usize)) {
        self.back = Some((Way::Amendment { sheet: number }, self.binder.clone()));
        amend(&mut self.binder.sheets, number);
        self.tell_amended(number);
    }

    fn tell_amended(&mut self, number: usize) {
        self.tell(if self.binder.sheets.contains_key(&number) { Edited } else { Deleted }, number);
    }

    pub(crate) fn undo(&mut self) {
        let (way, to) = self.back.take().expect("a change to take back");
        let from = mem::replace(&mut self.binder, to);
        match way {
            Way::Amendment { sheet } => {
                self.tell_amended(sheet);
                self.back = Some((way, from));
            }
            Way::Verb { from: since, asleep, rebooted } => {
                self.catch_up(since, asleep, rebooted);
                self.tell_the_way_back(&from);
                self.back = Some((Way::Verb { from: self.now, asleep: 0, rebooted: false }, from));
            }
        }
        self.has_last |= self.binder.current.is_some();
    }

    /// What the clocks did since the verb: nobody can say where in that time the machine slept.
    fn catch_up(&mut self, since: Minute, asleep: Minute, rebooted: bool) {
        let now = self.now;
        if rebooted {
            self.binder.gap(GapKind::Reboot, since, now);
            self.binder.running = false;
            return;
        }
        self.binder.gap(GapKind::Sleep, since, since + asleep);
        if let Some(sheet) = self.binder.running_sheet() {
            sheet.counted.extend(since + asleep..now);
        }
        self.open_since = now;
    }

    fn tell_the_way_back(&mut self, from: &Binder) {
        if let Some(left) = from.current.filter(|left| self.binder.current != Some(*left)) {
            let finished = self.binder.sheets.contains_key(&left);
            self.tell(if finished { Stopped } else { Deleted }, left);
        }
        let Some(number) = self.binder.current else { return };
        let known = from.sheets.contains_key(&number);
        if !known {
            self.tell(Started, number);
        }
        match (self.binder.running, known) {
            (false, _) => self.tell(Paused, number),
            (true, true) => self.tell(Resumed, number),
            (true, false) => {}
        }
    }
}
