//! Taking back the last change. The way back is itself a change that can be taken back: `undo` twice is where one
//! was. Work that the clocks saw since is kept wherever the change taken back did not make it.

use super::{
    decision::{Answer, Context, Decision, EntryChange, Reversal},
    draft::Draft,
    record::Event,
    refusal::Refusal,
    state::{Open, State, Timer},
};
use crate::entry::Entry;

/// Takes back the change that `reversal` describes, the last one that was made.
pub fn undo(
    timer: &Timer,
    reversal: &Reversal,
    context: &Context<'_>,
) -> Result<(Decision, Answer), Refusal> {
    let mut draft = Draft::new(timer, context);
    draft.catch_up();
    let (word, about, next) = match reversal {
        Reversal::Verb { word, timer, back, forth } => {
            let about = timer.entry().or_else(|| draft.timer.entry()).map(|entry| entry.id);
            (word, about, draft.put_back_timer(word, timer, back, forth))
        }
        Reversal::Amendment { word, before, after } => {
            let about = before.as_ref().or(after.as_ref()).map(|entry| entry.id);
            (word, about, draft.put_back_entry(word, before.as_deref(), after.as_deref()))
        }
    };
    let answer = draft.answer(true, about, format!("took back `{word}`"));
    Ok((draft.finish(Some(next)), answer))
}

impl Draft<'_> {
    /// How the verb that led here from `before` is taken back.
    pub(crate) fn reversal_of_verb(&self, word: &str, before: Timer) -> Reversal {
        let opened = self.timer.entry().map(|entry| entry.id);
        let had = before.entry().map(|entry| entry.id);
        Reversal::Verb {
            word: word.to_owned(),
            back: opened.filter(|id| Some(*id) != had).map(EntryChange::Removed).into_iter().collect(),
            forth: self.entries.clone(),
            timer: Box::new(before),
        }
    }

    fn put_back_timer(
        &mut self,
        word: &str,
        to: &Timer,
        back: &[EntryChange],
        forth: &[EntryChange],
    ) -> Reversal {
        let now = self.now();
        let from = std::mem::replace(&mut self.timer, to.clone());
        for change in back {
            match change {
                EntryChange::Saved(entry) => self.tell(Event::Stopped, now.wall, (**entry).clone()),
                EntryChange::Removed(_) => {
                    if let Some(entry) = from.snapshot(&now) {
                        self.tell(Event::Deleted, now.wall, entry);
                    }
                }
            }
            self.entries.push(change.clone());
        }
        self.run_on_since_the_verb();
        self.tell_restored(forth);
        Reversal::Verb {
            word: opposite(word),
            timer: Box::new(from),
            back: forth.to_vec(),
            forth: back.to_vec(),
        }
    }

    /// Counts the time since the verb as if it had not been given. Nobody watched the stretch meanwhile.
    fn run_on_since_the_verb(&mut self) {
        if let Timer::Running { entry, open } = &mut self.timer {
            entry.add_segment(open.closed(open.seen.monotonic, open.seen.wall));
            *open = Open::at(open.seen, false);
        }
        self.follow_clocks();
        self.attend();
    }

    /// Targets that were told of the entry's end hear that it goes on.
    fn tell_restored(&mut self, forth: &[EntryChange]) {
        let Some(id) = self.timer.entry().map(|entry| entry.id) else { return };
        let was_deleted = forth.contains(&EntryChange::Removed(id));
        if was_deleted {
            self.tell_current(Event::Started, self.now().wall);
        }
        match self.timer.state() {
            State::Running if !was_deleted => self.tell_current(Event::Resumed, self.now().wall),
            State::Paused => self.tell_current(Event::Paused, self.now().wall),
            State::Running | State::Idle => {}
        }
    }

    fn put_back_entry(&mut self, word: &str, before: Option<&Entry>, after: Option<&Entry>) -> Reversal {
        let now = self.now();
        let is_current =
            after.is_some_and(|after| self.timer.entry().is_some_and(|entry| entry.id == after.id));
        match (before, after) {
            (Some(before), Some(after)) if is_current => {
                if let Some(entry) = self.timer.entry_mut() {
                    *entry = merged(before, after, entry);
                }
                self.tell_current(Event::Edited, now.wall);
            }
            (Some(before), _) => {
                self.entries.push(EntryChange::Saved(Box::new(before.clone())));
                self.tell(Event::Edited, now.wall, before.clone());
            }
            (None, Some(after)) => {
                self.entries.push(EntryChange::Removed(after.id));
                self.tell(Event::Deleted, now.wall, after.clone());
            }
            (None, None) => {}
        }
        Reversal::Amendment {
            word: opposite(word),
            before: after.cloned().map(Box::new),
            after: before.cloned().map(Box::new),
        }
    }
}

/// What it is called to take the change back: taken back twice, it is made again.
fn opposite(word: &str) -> String {
    word.strip_prefix("undo ").map_or_else(|| format!("undo {word}"), str::to_owned)
}

/// The entry `before` the amendment, with what came to it since: that which `now` has and `after` had not.
fn merged(before: &Entry, after: &Entry, now: &Entry) -> Entry {
    let mut entry = before.clone();
    for gap in now.gaps.iter().filter(|gap| !after.gaps.contains(gap)) {
        entry.gaps.push(gap.clone());
    }
    for segment in now.segments.iter().filter(|segment| !after.segments.contains(segment)) {
        entry.add_segment(segment.clone());
    }
    entry.gaps.sort_by_key(|gap| gap.span.start);
    entry
}
