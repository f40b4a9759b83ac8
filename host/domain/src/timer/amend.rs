//! Amendments: entries added, edited and deleted after the fact, and gaps kept or dropped. What a person states
//! here is claimed, never measured, and never counts a minute that another entry has.

use serde::Serialize;

use super::{
    claim,
    command::{Command, command},
    decision::{Answer, Context, Decision, EntryChange, Reversal},
    draft::{Draft, Stated},
    record::Event,
    refusal::{Border, Nearest, Refusal},
    state::Timer,
    table::Verb,
};
use crate::{
    entry::{Details, Entry},
    id::{EntryId, GapId},
    time::{Millis, Span, UnixMs},
};

/// How far a refusal keeps an end from its start where it names a time that is valid: what a person would type.
const MOMENT: Millis = Millis::from_mins(1);

/// A change to an entry: what is absent stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Edit {
    /// Another project, or none.
    pub project: Option<Option<String>>,
    /// Another task, or none.
    pub task: Option<Option<String>>,
    /// Another note, or none.
    pub note: Option<Option<String>>,
    /// Other tags.
    pub tags: Option<Vec<String>>,
    /// Billable or not.
    pub billable: Option<bool>,
    /// Another start.
    pub start: Option<UnixMs>,
    /// Another end.
    pub end: Option<UnixMs>,
}

/// Adds a finished entry for a stretch that a person states.
pub fn add(
    timer: &Timer,
    details: &Details,
    start: UnixMs,
    end: UnixMs,
    context: &Context<'_>,
) -> Result<(Decision, Answer), Refusal> {
    let add = |start, end| add_between(timer, details, start, end, context);
    add(start, end).map_err(|refusal| {
        refusal.settled(|nearest| match nearest.border {
            Border::End => add(start, nearest.at),
            Border::Start | Border::Time => add(nearest.at, end),
        })
    })
}

fn add_between(
    timer: &Timer,
    details: &Details,
    start: UnixMs,
    end: UnixMs,
    context: &Context<'_>,
) -> Result<(Decision, Answer), Refusal> {
    let mut draft = Draft::new(timer, context);
    draft.catch_up();
    let id = EntryId::new(context.now.wall, &draft.entropy());
    draft.refuse_order(start, end)?;
    let stretch = Span::new(start, end);
    draft.refuse_claim(stretch, id, Stated::Both)?;
    let mut entry = Entry::new(id, details.clone(), start, context.zone.to_owned(), context.origin.clone());
    entry.claim(stretch);
    entry.ended_at = Some(end);
    Ok(draft.amended("add", None, Some(entry), "added"))
}

/// Edits an entry: the current one, or the finished one that is handed in.
pub fn edit(
    timer: &Timer,
    entry: &Entry,
    edit: &Edit,
    context: &Context<'_>,
) -> Result<(Decision, Answer), Refusal> {
    carry_out(timer, entry, edit, context).map_err(|refusal| {
        refusal.settled(|nearest| {
            let edit = match nearest.border {
                Border::End => Edit { end: Some(nearest.at), ..edit.clone() },
                Border::Start | Border::Time => Edit { start: Some(nearest.at), ..edit.clone() },
            };
            carry_out(timer, entry, &edit, context)
        })
    })
}

fn carry_out(
    timer: &Timer,
    entry: &Entry,
    edit: &Edit,
    context: &Context<'_>,
) -> Result<(Decision, Answer), Refusal> {
    let mut draft = Draft::new(timer, context);
    draft.catch_up();
    let moved = edit.start.is_some_and(|start| start != entry.started_at);
    let before = draft.subject(entry, moved);
    let mut after = before.clone();
    edit.apply_to(&mut after.details);
    draft.retime(&mut after, edit)?;
    if after == before {
        let answer = draft.answer(false, Some(entry.id), "nothing to change");
        return Ok((draft.finish(None), answer));
    }
    Ok(draft.amended("edit", Some(before), Some(after), "edited"))
}

/// Deletes an entry: a finished one, or the current one as `cancel` does.
pub fn delete(timer: &Timer, entry: &Entry, context: &Context<'_>) -> Result<(Decision, Answer), Refusal> {
    let mut draft = Draft::new(timer, context);
    draft.catch_up();
    if draft.is_current(entry) {
        return command(timer, &Command::now(Verb::Cancel), context);
    }
    Ok(draft.amended("delete", Some(entry.clone()), None, "deleted"))
}

/// Makes a gap count as work, or not.
pub fn set_gap(
    timer: &Timer,
    entry: &Entry,
    gap: GapId,
    kept: bool,
    context: &Context<'_>,
) -> Result<(Decision, Answer), Refusal> {
    let mut draft = Draft::new(timer, context);
    draft.catch_up();
    let before = draft.subject(entry, false);
    let span = before.gap(gap).ok_or(Refusal::UnknownGap { gap })?.span;
    let mut after = before.clone();
    if !after.set_gap_kept(gap, kept) {
        let answer =
            draft.answer(false, Some(entry.id), if kept { "already kept" } else { "already dropped" });
        return Ok((draft.finish(None), answer));
    }
    if kept {
        if claim::is_too_long(span) {
            return Err(Refusal::TooLong { nearest: None });
        }
        // Another time can't be stated for a gap, so none is named.
        draft.refuse_overlap(span, entry.id, Stated::Both).map_err(Refusal::without_a_time)?;
    }
    let (word, done) = if kept { ("gap keep", "kept") } else { ("gap drop", "dropped") };
    Ok(draft.amended(word, Some(before), Some(after), done))
}

impl Edit {
    fn apply_to(&self, details: &mut Details) {
        fn put<T: Clone>(place: &mut T, value: Option<&T>) {
            if let Some(value) = value {
                value.clone_into(place);
            }
        }
        put(&mut details.project, self.project.as_ref());
        put(&mut details.task, self.task.as_ref());
        put(&mut details.note, self.note.as_ref());
        put(&mut details.tags, self.tags.as_ref());
        put(&mut details.billable, self.billable.as_ref());
    }
}

impl Draft<'_> {
    fn is_current(&self, entry: &Entry) -> bool {
        self.timer.entry().is_some_and(|current| current.id == entry.id)
    }

    /// The entry to amend: the timer's own where it is current, with its stretch cut here where times change.
    fn subject(&mut self, entry: &Entry, cut: bool) -> Entry {
        if !self.is_current(entry) {
            return entry.clone();
        }
        if cut {
            self.cut_stretch();
        }
        self.timer.entry().unwrap_or(entry).clone()
    }

    fn refuse_order(&self, start: UnixMs, end: UnixMs) -> Result<(), Refusal> {
        let now = self.now().wall;
        if end > now {
            return Err(Refusal::InFuture { nearest: Some(Nearest::end(now)) });
        }
        if end <= start {
            return Err(Refusal::EndBeforeStart { nearest: Some(Nearest::end((start + MOMENT).min(now))) });
        }
        Ok(())
    }

    /// Moves the entry's start and end: what lies outside is cut, what is new is claimed.
    fn retime(&self, entry: &mut Entry, edit: &Edit) -> Result<(), Refusal> {
        if edit.end.is_some() && self.is_current(entry) {
            return Err(Refusal::StillCurrent { entry: entry.id });
        }
        let (was_start, was_end) = (entry.started_at, entry.last_end());
        let start = edit.start.filter(|start| *start != was_start);
        let end = edit.end.filter(|end| *end != was_end);
        let (from, until) = (start.unwrap_or(was_start), end.unwrap_or(was_end));
        match (start, end) {
            (None, None) => return Ok(()),
            (Some(_), None) if until <= from => {
                return Err(Refusal::EndBeforeStart {
                    nearest: Some(Nearest::start(was_start.max(until - MOMENT))),
                });
            }
            (None, Some(_)) if until <= from => {
                return Err(Refusal::EndBeforeStart {
                    nearest: Some(Nearest::end(was_end.min(from + MOMENT))),
                });
            }
            (Some(_), None) => {}
            (_, Some(until)) => self.refuse_order(from, until)?,
        }
        for (stretch, stated) in [
            (Span::new(from, was_start.min(until)), Stated::Start),
            (Span::new(was_end.max(from), until), Stated::End),
        ] {
            self.refuse_claim(stretch, entry.id, stated)?;
            entry.claim(stretch);
        }
        if start.is_some() {
            entry.cut_before(from);
            entry.started_at = from;
        }
        if end.is_some() {
            entry.cut_after(until);
        }
        entry.ended_at = entry.ended_at.map(|_| entry.last_end());
        Ok(())
    }

    /// Puts the amended entry where it belongs, tells the targets, and remembers the way back.
    fn amended(
        mut self,
        word: &str,
        before: Option<Entry>,
        after: Option<Entry>,
        done: &str,
    ) -> (Decision, Answer) {
        let now = self.now().wall;
        let id = after.as_ref().or(before.as_ref()).map(|entry| entry.id);
        match (&before, &after) {
            (_, Some(after)) if self.is_current(after) => {
                if let Some(entry) = self.timer.entry_mut() {
                    *entry = after.clone();
                }
                self.tell_current(Event::Edited, now);
            }
            (_, Some(after)) => {
                self.entries.push(EntryChange::Saved(Box::new(after.clone())));
                self.tell(Event::Edited, now, after.clone());
            }
            (Some(before), None) => {
                self.entries.push(EntryChange::Removed(before.id));
                self.tell(Event::Deleted, now, before.clone());
            }
            (None, None) => {}
        }
        let answer = self.answer(true, id, done);
        let word = word.to_owned();
        let reversal = Reversal::Amendment { word, before: before.map(Box::new), after: after.map(Box::new) };
        (self.finish(Some(reversal)), answer)
    }
}
