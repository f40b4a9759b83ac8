//! A person's verbs: each is looked up in the table and carried out step by step, or refused with nothing changed.

use serde::Serialize;

use super::{
    decision::{Answer, Context, Decision, EntryChange},
    draft::{Draft, Stated},
    record::Event,
    refusal::{Nearest, Refusal},
    state::Timer,
    table::{Meaning, Step, Verb, meaning},
};
use crate::{
    entry::{Details, Entry},
    id::EntryId,
    time::{Span, UnixMs},
};

/// A verb with what was said beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Command {
    /// The verb.
    pub verb: Verb,
    /// When it is meant to have happened; now, where nothing is stated.
    pub at: Option<UnixMs>,
    /// The details of a new entry.
    pub details: Details,
}

impl Command {
    /// The verb alone, meant for now.
    pub fn now(verb: Verb) -> Self {
        Self { verb, at: None, details: Details::default() }
    }
}

/// Carries out a verb. The clocks are looked at first, so a sleep before the verb is no work. A refusal changes
/// nothing at all; a verb that means nothing in this state says why.
pub fn command(
    timer: &Timer,
    command: &Command,
    context: &Context<'_>,
) -> Result<(Decision, Answer), Refusal> {
    carry_out(timer, command, command.at, context)
        .map_err(|refusal| refusal.settled(|nearest| carry_out(timer, command, Some(nearest.at), context)))
}

fn carry_out(
    timer: &Timer,
    command: &Command,
    at: Option<UnixMs>,
    context: &Context<'_>,
) -> Result<(Decision, Answer), Refusal> {
    decide(timer, command, at, context).map_err(Refusal::of_one_time)
}

fn decide(
    timer: &Timer,
    command: &Command,
    at: Option<UnixMs>,
    context: &Context<'_>,
) -> Result<(Decision, Answer), Refusal> {
    let mut draft = Draft::new(timer, context);
    draft.catch_up();
    let before = draft.timer.clone();
    let steps = match meaning(command.verb, before.state()) {
        Meaning::Nothing(why) => {
            let answer = draft.answer(false, before.entry().map(|entry| entry.id), why);
            return Ok((draft.finish(None), answer));
        }
        Meaning::Do(steps) => steps,
    };
    if at > Some(context.now.wall) {
        return Err(Refusal::InFuture { nearest: Some(Nearest::time(context.now.wall)) });
    }
    // A time that is stated and is now says nothing more than no time.
    let at = at.filter(|at| *at < context.now.wall);
    let mut about = None;
    for step in steps {
        about = Some(draft.step(*step, &command.details, at)?);
    }
    let done: Vec<&str> = steps.iter().map(|step| step.done()).collect();
    let answer = draft.answer(true, about, done.join(", "));
    let reversal = draft.reversal_of_verb(command.verb.word(), before);
    Ok((draft.finish(Some(reversal)), answer))
}

impl Step {
    /// What a person is told when it is done.
    const fn done(self) -> &'static str {
        match self {
            Self::Open | Self::OpenLikeLast => "started",
            Self::Pause => "paused",
            Self::Resume => "resumed",
            Self::Finish => "stopped",
            Self::Discard => "discarded",
        }
    }
}

impl Draft<'_> {
    fn step(&mut self, step: Step, details: &Details, at: Option<UnixMs>) -> Result<EntryId, Refusal> {
        match step {
            Step::Open => self.open_entry(details.clone(), at),
            Step::OpenLikeLast => {
                let last = self.details_of_last().ok_or(Refusal::NothingToContinue)?;
                self.open_entry(last, at)
            }
            Step::Pause => self.pause(at),
            Step::Resume => self.resume(at),
            Step::Finish => self.stop(at),
            Step::Discard => self.discard(),
        }
    }

    /// The entry finished by this very command is the last one; else the one the store knows.
    fn details_of_last(&self) -> Option<Details> {
        let finished = self.entries.iter().rev().find_map(|change| match change {
            EntryChange::Saved(entry) => Some(&entry.details),
            EntryChange::Removed(_) => None,
        });
        finished.or(self.context.last).cloned()
    }

    fn open_entry(&mut self, details: Details, at: Option<UnixMs>) -> Result<EntryId, Refusal> {
        let now = self.now();
        let start = at.unwrap_or(now.wall);
        let id = EntryId::new(now.wall, &self.entropy());
        let claim = Span::new(start, now.wall);
        self.refuse_claim(claim, id, Stated::Start)?;
        let (zone, origin) = (self.context.zone.to_owned(), self.context.origin.clone());
        let mut entry = Entry::new(id, details, start, zone, origin);
        entry.claim(claim);
        self.timer = Timer::Running { entry, open: self.open() };
        self.tell_current(Event::Started, start);
        Ok(id)
    }

    fn pause(&mut self, at: Option<UnixMs>) -> Result<EntryId, Refusal> {
        let (entry, at) = self.close_current(at)?;
        let id = entry.id;
        self.timer = Timer::Paused { entry };
        self.tell_current(Event::Paused, at);
        Ok(id)
    }

    fn stop(&mut self, at: Option<UnixMs>) -> Result<EntryId, Refusal> {
        let (mut entry, at) = self.close_current(at)?;
        let id = entry.id;
        entry.ended_at = Some(entry.last_end());
        self.timer = Timer::Idle;
        self.entries.push(EntryChange::Saved(Box::new(entry.clone())));
        self.tell(Event::Stopped, at, entry);
        Ok(id)
    }

    fn resume(&mut self, at: Option<UnixMs>) -> Result<EntryId, Refusal> {
        let now = self.now();
        let mut entry = self.take_current()?;
        let id = entry.id;
        if let Some(at) = at {
            if at < entry.last_end() {
                return Err(Refusal::TooEarly {
                    entry: id,
                    nearest: Some(Nearest::time(entry.last_end().min(now.wall))),
                });
            }
            let claim = Span::new(at, now.wall);
            self.refuse_claim(claim, id, Stated::Start)?;
            entry.claim(claim);
        }
        self.timer = Timer::Running { entry, open: self.open() };
        self.tell_current(Event::Resumed, at.unwrap_or(now.wall));
        Ok(id)
    }

    fn discard(&mut self) -> Result<EntryId, Refusal> {
        let (entry, at) = self.close_current(None)?;
        let id = entry.id;
        self.timer = Timer::Idle;
        self.entries.push(EntryChange::Removed(id));
        self.tell(Event::Deleted, at, entry);
        Ok(id)
    }

    /// The current entry with its stretch closed, cut at the stated time where one is stated.
    fn close_current(&mut self, at: Option<UnixMs>) -> Result<(Entry, UnixMs), Refusal> {
        let now = self.now();
        let mut entry = self.timer.snapshot(&now).ok_or(Refusal::NothingToContinue)?;
        let Some(at) = at else { return Ok((entry, now.wall)) };
        if at < entry.started_at {
            return Err(Refusal::TooEarly {
                entry: entry.id,
                nearest: Some(Nearest::time(entry.started_at.min(now.wall))),
            });
        }
        entry.cut_after(at);
        Ok((entry, at))
    }

    fn take_current(&mut self) -> Result<Entry, Refusal> {
        self.timer.entry().cloned().ok_or(Refusal::NothingToContinue)
    }
}
