//! The service. Each call is one transaction: what was there is read, the rules decide, the decision is stored with
//! its items, and only then is anybody answered.

use std::sync::Arc;
use stint_clock::Clock;
use stint_domain::{
    entry::Entry,
    id::CommandId,
    time::Millis,
    timer::{self, Answer, Command, Context, Decision, Open, Refusal, Timer, Verb},
};
use stint_store::{
    Connection, Store,
    timeline::{self, Asked},
};

use super::{
    ask::{Ask, OnQuit},
    error::TimerError,
    surroundings::{Moment, Scene, Settings, Watch},
};
use crate::{
    chance,
    deliver::Bell,
    ledger::{Event, Ledger},
};

/// The timer's service.
#[derive(Clone, Debug)]
pub struct TimerService {
    store: Arc<Store>,
    clock: Arc<dyn Clock>,
    settings: Arc<Settings>,
    watch: Watch,
    bell: Bell,
    ledger: Ledger,
}

impl TimerService {
    /// A service over this store. Whoever owns the data directory calls `take_over` before anything else.
    pub fn new(store: Arc<Store>, clock: Arc<dyn Clock>, settings: Settings, watch: Watch) -> Self {
        Self {
            store,
            clock,
            settings: Arc::new(settings),
            watch,
            bell: Bell::default(),
            ledger: Ledger::default(),
        }
    }

    /// The same, telling others what was recorded.
    #[must_use]
    pub fn telling(self, bell: Bell, ledger: Ledger) -> Self {
        Self { bell, ledger, ..self }
    }

    /// Finds out what happened since the last owner of the data directory was seen.
    pub async fn take_over(&self) -> Result<(), TimerError> {
        self.observe(timer::take_over).await
    }

    /// Looks at the clocks: the heartbeat. A host calls it every few seconds.
    pub async fn tick(&self) -> Result<(), TimerError> {
        self.observe(timer::tick).await
    }

    /// Somebody touched the machine again, after nobody had for this long.
    pub async fn idle_ended(&self, idle: Millis) -> Result<(), TimerError> {
        self.observe(move |timer, context| timer::idle_ended(timer, idle, context)).await
    }

    /// The host leaves. `id` is the command that it gives in the person's name where the timer is not to run on.
    pub async fn quit(&self, on_quit: OnQuit, id: CommandId) -> Result<(), TimerError> {
        let verb = match on_quit {
            OnQuit::Keep => {
                let leaving = Self { watch: Watch::Command, ..self.clone() };
                return leaving.observe(timer::let_go).await;
            }
            OnQuit::Pause => Verb::Pause,
            OnQuit::Stop => Verb::Stop,
        };
        self.ask(id, Ask::Verb(Command::now(verb))).await.map(drop)
    }

    /// Does what a person asks. The same command id gets the same answer again, and nothing is done twice.
    pub async fn ask(&self, id: CommandId, ask: Ask) -> Result<Answer, TimerError> {
        ask.within_bounds()?;
        let (moment, settings, watch) = (self.moment()?, Arc::clone(&self.settings), self.watch);
        let asked = ask.asked();
        let answered = self
            .store
            .write(move |connection| {
                if let Some(first) = timeline::first_answer(connection, id)? {
                    // What was remembered by an earlier version doesn't say what was asked.
                    return match timeline::asked(connection, id)?.filter(|first| *first != asked) {
                        Some(Asked { word: first, .. }) => {
                            Err(TimerError::IdReused { id, first, given: asked.word.clone() })
                        }
                        None => Ok(first),
                    };
                }
                if let Some(answer) = gone_already(connection, &ask)? {
                    let command = timeline::Command { id, answer: &answer, asked: Some(&asked) };
                    timeline::remember_answer(connection, command, moment.now.wall)?;
                    return Ok(answer);
                }
                let subject = subject(connection, &ask)?;
                let scene = Scene::read(connection, ask.reach(subject.as_ref()))?;
                let context = scene.context(&settings, watch, &moment);
                let (decision, answer) = decide(connection, scene.timer(), &ask, subject.as_ref(), &context)?;
                let command = timeline::Command { id, answer: &answer, asked: Some(&asked) };
                timeline::apply(
                    connection,
                    scene.version(),
                    &decision,
                    Some(command),
                    sink(&moment, &settings),
                )?;
                Ok(answer)
            })
            .await;
        if let Ok(answer) = &answered
            && answer.changed
        {
            let Answer { state, entry_id, message, .. } = answer.clone();
            self.ledger.tell(self.clock.sample().wall, Event::Timer { state, entry_id, message });
            self.bell.recorded();
        }
        answered
    }

    async fn observe<F>(&self, rule: F) -> Result<(), TimerError>
    where
        F: Fn(&Timer, &Context<'_>) -> Decision + Send + 'static,
    {
        let (moment, settings, watch) = (self.moment()?, Arc::clone(&self.settings), self.watch);
        let recorded = self
            .store
            .write(move |connection| {
                let scene = Scene::read(connection, None)?;
                let decision = rule(scene.timer(), &scene.context(&settings, watch, &moment));
                keep_observation(connection, &scene, &decision, &moment, &settings)
            })
            .await?;
        if recorded {
            self.bell.recorded();
        }
        Ok(())
    }

    fn moment(&self) -> Result<Moment, TimerError> {
        Ok(Moment { entropy: chance::entropy()?, now: self.clock.sample() })
    }
}

fn sink(moment: &Moment, settings: &Settings) -> timeline::Sink {
    timeline::Sink { now: moment.now.wall, entropy: moment.entropy, room: settings.room }
}

/// A look at the clocks mostly finds nothing: then one row is written, or none. Whether something was recorded.
fn keep_observation(
    connection: &Connection,
    scene: &Scene,
    decision: &Decision,
    moment: &Moment,
    settings: &Settings,
) -> Result<bool, TimerError> {
    if decision.timer == *scene.timer() {
        return Ok(false);
    }
    if let Some(open) = heartbeat(scene.timer(), decision) {
        timeline::heartbeat(connection, scene.version(), open)?;
        return Ok(false);
    }
    timeline::apply(connection, scene.version(), decision, None, sink(moment, settings))?;
    Ok(true)
}

/// The stretch that runs on, where nothing else is new than when it was last seen.
fn heartbeat<'a>(before: &Timer, decision: &'a Decision) -> Option<&'a Open> {
    match (before, &decision.timer) {
        (Timer::Running { entry: old, open: was }, Timer::Running { entry, open })
            if decision.records.is_empty()
                && old == entry
                && *was == (Open { seen: was.seen, ..open.clone() }) =>
        {
            Some(open)
        }
        _ => None,
    }
}

/// The answer to a deletion of what was deleted before: its work is done already.
fn gone_already(connection: &Connection, ask: &Ask) -> Result<Option<Answer>, TimerError> {
    let Ask::Delete { entry } = ask else { return Ok(None) };
    if !timeline::was_deleted(connection, *entry)? {
        return Ok(None);
    }
    let state = timeline::load(connection)?.timer.state();
    Ok(Some(Answer { changed: false, state, entry_id: Some(*entry), message: "already deleted".to_owned() }))
}

/// The entry that is asked about, where one is.
fn subject(connection: &Connection, ask: &Ask) -> Result<Option<Entry>, TimerError> {
    let id = match ask {
        Ask::Edit { entry, .. } | Ask::Delete { entry } => *entry,
        Ask::SetGap { gap, .. } => {
            timeline::entry_of_gap(connection, *gap)?.ok_or(TimerError::NoGap { gap: *gap })?
        }
        Ask::Verb(_) | Ask::Add { .. } | Ask::Undo => return Ok(None),
    };
    timeline::entry(connection, id)?.map(Some).ok_or(TimerError::NoEntry { entry: id })
}

fn decide(
    connection: &Connection,
    timer: &Timer,
    ask: &Ask,
    subject: Option<&Entry>,
    context: &Context<'_>,
) -> Result<(Decision, Answer), TimerError> {
    Ok(match (ask, subject) {
        (Ask::Verb(command), _) => timer::command(timer, command, context)?,
        (Ask::Add { details, start, end }, _) => timer::add(timer, details, *start, *end, context)?,
        (Ask::Edit { edit, .. }, Some(entry)) => timer::edit(timer, entry, edit, context)?,
        (Ask::Delete { .. }, Some(entry)) => timer::delete(timer, entry, context)?,
        (Ask::SetGap { gap, kept }, Some(entry)) => timer::set_gap(timer, entry, *gap, *kept, context)?,
        (Ask::Edit { entry, .. } | Ask::Delete { entry }, None) => {
            return Err(TimerError::NoEntry { entry: *entry });
        }
        (Ask::SetGap { gap, .. }, None) => return Err(TimerError::NoGap { gap: *gap }),
        (Ask::Undo, _) => {
            let reversal = timeline::reversal(connection)?.ok_or(Refusal::NothingToUndo)?;
            timer::undo(timer, &reversal, context)?
        }
    })
}
