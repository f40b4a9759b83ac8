//! A store and a person at it.

use rusqlite::Connection;
use stint_domain::{
    clock::ClockSample,
    entry::{Details, Origin},
    id::{BootId, CommandId},
    item::Kind,
    time::{Millis, Span, UnixMs},
    timer::{self, Answer, Context, Decision, Rules, Timer, Verb},
};
use stint_store::{
    Error, TargetId,
    queue::{Recorded, Room},
    schema,
    target::{self, Spec},
    timeline::{self, Command, Sink},
};

pub(crate) const WALL: UnixMs = UnixMs(1_700_000_000_000);

pub(crate) struct Person {
    pub(crate) connection: Connection,
    pub(crate) now: ClockSample,
    pub(crate) draws: u8,
}

pub(crate) fn origin() -> Origin {
    Origin { person: "ada".into(), machine: "desk".into(), installation: "i-1".into() }
}

pub(crate) fn details(project: &str) -> Details {
    Details {
        project: Some(project.into()),
        task: None,
        note: Some("änderung 🦀".into()),
        tags: vec!["a,b".into(), String::new()],
        billable: true,
    }
}

impl Person {
    pub(crate) fn new() -> Self {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(schema::SCHEMA).unwrap();
        let spec = Spec { name: "work".into(), accepts: vec![Kind::TimeEntry] };
        target::sync(&connection, &[spec], WALL).unwrap();
        let boot = BootId::from_bytes([1; 16]);
        let now = ClockSample { boot, boottime: Millis(5_000), monotonic: Millis(4_000), wall: WALL };
        Self { connection, now, draws: 0 }
    }

    pub(crate) fn wait(&mut self, seconds: u64) {
        let length = Millis::from_secs(seconds);
        self.now.boottime += length;
        self.now.monotonic += length;
        self.now.wall = self.now.wall + length;
    }

    pub(crate) fn sleep(&mut self, seconds: u64) {
        self.now.boottime += Millis::from_secs(seconds);
        self.now.wall = self.now.wall + Millis::from_secs(seconds);
    }

    pub(crate) fn sink(&mut self) -> Sink {
        self.draws += 1;
        Sink { now: self.now.wall, entropy: [self.draws; 10], room: Room::default() }
    }

    /// Decides on what the store has, and stores the decision.
    pub(crate) fn decide<T>(
        &mut self,
        decide: impl FnOnce(&Timer, &Context<'_>) -> (Decision, T),
    ) -> (Decision, T, Recorded) {
        let mut more = None;
        let (decision, recorded) = self
            .store(|timer, context| {
                let (decision, answer) = decide(timer, context);
                more = Some(answer);
                Some(decision)
            })
            .expect("it was decided");
        (decision, more.expect("it was decided"), recorded)
    }

    /// The same, where there may be nothing to decide.
    pub(crate) fn try_decide(
        &mut self,
        decide: impl FnOnce(&Timer, &Context<'_>) -> Option<Decision>,
    ) -> Option<Decision> {
        self.store(decide).map(|(decision, _)| decision)
    }

    fn store(
        &mut self,
        decide: impl FnOnce(&Timer, &Context<'_>) -> Option<Decision>,
    ) -> Option<(Decision, Recorded)> {
        let loaded = timeline::load(&self.connection).unwrap();
        let last = timeline::last_details(&self.connection).unwrap();
        let around = Span::new(UnixMs(i64::MIN), UnixMs(i64::MAX));
        let taken = timeline::taken(&self.connection, around).unwrap();
        let sink = self.sink();
        let context = Context {
            now: self.now,
            attended: true,
            next_seq: loaded.next_seq,
            entropy: [self.draws.wrapping_mul(3); 10],
            rules: Rules::default(),
            zone: "Europe/Berlin",
            origin: &origin(),
            last: last.as_ref(),
            taken: &taken,
        };
        let decision = decide(&loaded.timer, &context)?;
        let recorded = timeline::apply(&self.connection, loaded.version, &decision, None, sink).unwrap();
        Some((decision, recorded))
    }

    pub(crate) fn verb(&mut self, verb: Verb) -> Answer {
        let command = timer::Command { details: details("p"), ..timer::Command::now(verb) };
        self.decide(|timer, context| timer::command(timer, &command, context).unwrap()).1
    }

    /// A command as the host carries it out: a first answer is given again.
    pub(crate) fn command(&mut self, id: CommandId, verb: Verb) -> Result<Answer, Error> {
        if let Some(answer) = timeline::first_answer(&self.connection, id)? {
            return Ok(answer);
        }
        let loaded = timeline::load(&self.connection)?;
        let sink = self.sink();
        let context = Context {
            now: self.now,
            attended: true,
            next_seq: loaded.next_seq,
            entropy: [self.draws; 10],
            rules: Rules::default(),
            zone: "UTC",
            origin: &origin(),
            last: None,
            taken: &[],
        };
        let (decision, answer) =
            timer::command(&loaded.timer, &timer::Command::now(verb), &context).expect("no time is stated");
        let command = Command { id, answer: &answer, asked: None };
        timeline::apply(&self.connection, loaded.version, &decision, Some(command), sink)?;
        Ok(answer)
    }

    pub(crate) fn issued(&self) -> u64 {
        target::status(&self.connection, TargetId(1)).unwrap().counts.issued
    }
}
