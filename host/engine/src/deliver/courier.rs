//! The loop of one target: it looks whether anything may be sent and is to be sent, makes a pass or finds out why not,
//! and then waits for something to happen.

use std::{sync::Arc, time::Duration};

use stint_domain::{
    clock::ClockSample,
    delivery::{Idempotency, Remedy},
    time::Millis,
};
use stint_store::{
    Error, begin_epoch, queue,
    target::{self, Hold, HoldReason, LastPass, Outlook, Status},
};
use tokio::sync::watch;

use super::{
    DeliverError,
    bell::{Ear, Rung},
    call,
    gate::{self, Gate, words},
    memory::Memory,
    pacing::Pacing,
    pass::{Pass, Ran},
    plan::{self, BuiltIn, Plan, Scope},
    prepare,
    station::{Passed, Station},
    traits,
};
use crate::{
    ledger::Event,
    supervise::{Stop, stopped},
    wiring::{Bound, Line, Unready},
};

/// How long until another look where another pass has the target in hand, which can't be for long.
const TAKEN: Millis = Millis::from_secs(5);

/// A wall clock that went back so far was moved: due times that were written before it are too late now.
const MOVED_BACK: Millis = Millis::from_mins(1);

/// The loop of one target.
pub(super) struct Courier {
    station: Station,
    line: watch::Receiver<Arc<Line>>,
    ear: Ear,
    memory: Memory,
    began: Millis,
    looked: ClockSample,
    last_pass: Option<Millis>,
    /// What was said last of why nothing is sent.
    told: Option<String>,
    /// Whether the last thing told was a pass. What it came to says more than why there is no other one now.
    has_passed: bool,
    wish: u64,
    /// Whether the wish is still to be granted: the pass for it was broken off.
    is_wish_open: bool,
    /// Whether the target is held because its line can't be used.
    is_unready: bool,
}

/// How a pass comes about.
#[derive(Clone, Copy)]
struct Occasion {
    /// It is to be seen whether the target is back.
    probing: bool,
    /// A person doesn't want to wait.
    wished: bool,
}

/// How long the loop may rest; nothing where something has to happen first.
type Rest = Option<Millis>;

impl Courier {
    /// A loop that takes over whatever an earlier one left.
    pub(super) async fn start(
        station: Station,
        line: watch::Receiver<Arc<Line>>,
    ) -> Result<Self, DeliverError> {
        let granted = station.passes.granted(&station.name);
        let ear = station.bell.ear(&station.name, granted);
        let id = station.id;
        let epoch = station
            .desk
            .store()
            .write(move |transaction| {
                // Beginning anew is another chance for whatever it was held for.
                target::release(transaction, id)?;
                begin_epoch(transaction)
            })
            .await?;
        let station = Station { epoch, ..station };
        let looked = station.sample();
        let (memory, began) = (Memory::default(), looked.monotonic);
        Ok(Self {
            station,
            line,
            ear,
            memory,
            began,
            looked,
            last_pass: None,
            told: None,
            has_passed: false,
            wish: granted,
            is_wish_open: false,
            is_unready: false,
        })
    }

    /// Works until it is told to stop.
    pub(super) async fn work(mut self, mut stop: Stop) -> Result<(), DeliverError> {
        let mut chance = self.adopt().await?;
        while !*stop.borrow() {
            let rung = self.ear.take();
            let rest = self.turn(Rung { chance: rung.chance || chance, ..rung }, &mut stop).await?;
            self.station.passes.tell_policy(&self.station.name, self.memory.policy_error.as_deref());
            chance = false;
            tokio::select! {
                () = self.ear.wait() => {}
                () = rested(rest) => {}
                changed = self.line.changed() => match changed {
                    Ok(()) => chance = self.adopt().await?,
                    // Whoever makes the lines is gone: so is this target.
                    Err(_) => return Ok(()),
                },
                () = stopped(&mut stop) => {}
            }
        }
        Ok(())
    }

    /// Takes a new line: holds the target if it can't be used, and lets it go on if now it can. Whether the target is
    /// made of something else than before, so that what failed before may work now.
    async fn adopt(&mut self) -> Result<bool, DeliverError> {
        let line = Arc::clone(&self.line.borrow_and_update());
        let (id, now) = (self.station.id, self.station.now());
        let store = self.station.desk.store();
        let bound = match unready(&line) {
            Ok(bound) => bound,
            Err(unready) => {
                let (reason, message) = match unready {
                    Unready::Missing(message) => (HoldReason::Missing, message.clone()),
                    Unready::Misconfigured(message) => (HoldReason::Misconfigured, message.clone()),
                };
                let hold = Hold { reason, message, since: now };
                store.write(move |transaction| target::hold(transaction, id, &hold)).await?;
                self.is_unready = true;
                return Ok(false);
            }
        };
        let (class, ordering) = (traits::class(bound), traits::ordering(bound));
        let made_of = line.fingerprint.clone();
        // What the line was held for is over, also where it is made of the same as before.
        let is_ready_again = std::mem::take(&mut self.is_unready);
        let changed = store
            .write(move |transaction| {
                let changed = target::remake(transaction, id, &made_of)?;
                target::serve(transaction, id, class, ordering)?;
                let hold = target::status(transaction, id)?.hold;
                if changed || is_ready_again || hold.is_some_and(|hold| hold.reason == HoldReason::Missing) {
                    target::release(transaction, id)?;
                }
                Ok::<_, Error>(changed)
            })
            .await?;
        self.memory = if changed { Memory::default() } else { std::mem::take(&mut self.memory) };
        Ok(changed || is_ready_again)
    }

    /// Does what there is to do now, and says how long it may rest then.
    async fn turn(&mut self, rung: Rung, stop: &mut Stop) -> Result<Rest, DeliverError> {
        self.wish = rung.hurry.unwrap_or(self.wish);
        let open = std::mem::take(&mut self.is_wish_open).then_some(self.wish);
        let rung = Rung { hurry: rung.hurry.or(open), ..rung };
        let moved_back = self.clock_moved_back();
        if rung.hurry.is_some() || moved_back {
            self.hasten().await?;
        }
        let id = self.station.id;
        let status = self.station.desk.read(|connection| target::status(connection, id))?;
        let line = Arc::clone(&self.line.borrow());
        let chance = rung.chance || rung.hurry.is_some() || moved_back;
        let probing = match gate::gate(&status, &self.station.sample(), chance, self.memory.suspensions) {
            Gate::Shut(shut) => return self.rest(shut.why, shut.wait, status.hold.as_ref()).await,
            Gate::Open => false,
            Gate::Probe => true,
        };
        let Ok(bound) = unready(&line) else {
            return self.rest("its plugin isn't ready".to_owned(), None, None).await;
        };
        if status.hold.is_some() {
            let store = self.station.desk.store();
            store.write(move |transaction| target::release(transaction, id)).await?;
        }
        let outlook = plan::outlook(&self.station)?;
        let until_due = outlook.next_due.map(|due| due.since(self.station.now()));
        if let Some(why) = nothing_to_do(&outlook, &status, traits::class(bound)) {
            return self.rest(why, until_due, None).await;
        }
        match self.plan(&line, &rung, &status, &outlook).await? {
            Plan::Wait { why, wait } => {
                self.rest(why, Some(until_due.map_or(wait, |due| due.min(wait))), None).await
            }
            Plan::Go(scope) if !outlook.doubt && outlook.ready.is_some_and(|it| it > scope.priority_max) => {
                let why = "the policy lets only more important items pass".to_owned();
                self.rest(why, Some(self.interval()), None).await
            }
            Plan::Go(scope) => {
                self.pass(line, scope, &status, Occasion { probing, wished: rung.hurry.is_some() }, stop)
                    .await
            }
        }
    }

    async fn plan(
        &mut self,
        line: &Line,
        rung: &Rung,
        status: &Status,
        outlook: &Outlook,
    ) -> Result<Plan, DeliverError> {
        if rung.hurry.is_some() {
            return Ok(Plan::Go(Scope::ALL));
        }
        if let Some(plan) = self.asked(line, status).await? {
            return Ok(plan);
        }
        let now = self.station.sample().monotonic;
        let current = self.station.desk.current();
        let sync = &current.loaded.config.sync;
        let rules = BuiltIn {
            initial_delay: sync.initial_delay.millis(),
            interval: sync.interval.millis(),
            up: now.since(self.began),
            since_last: self.last_pass.map(|last| now.since(last)),
            recorded: rung.recorded,
        };
        Ok(plan::built_in(&rules, outlook))
    }

    /// What the target's policy says, if it has one and it answers.
    async fn asked(&mut self, line: &Line, status: &Status) -> Result<Option<Plan>, DeliverError> {
        let asked = match &line.policy {
            None => Ok(None),
            Some(Err(unready)) => Err(unready.to_string()),
            Some(Ok(policy)) => plan::asked(&self.station, policy, status).await?.map(Some),
        };
        let (plan, error) = match asked {
            Ok(plan) => (plan, None),
            Err(error) => (None, Some(error)),
        };
        if error.is_some() && error != self.memory.policy_error {
            let why = error.as_deref().unwrap_or_default();
            tracing::warn!(target: "stint::deliver", to = &*self.station.name, "{why}; the built-in rules count");
        }
        self.memory.policy_error = error;
        Ok(plan)
    }

    async fn pass(
        &mut self,
        line: Arc<Line>,
        scope: Scope,
        status: &Status,
        occasion: Occasion,
        stop: &mut Stop,
    ) -> Result<Rest, DeliverError> {
        let Occasion { probing, wished } = occasion;
        let (Ok(bound), Ok(transforms)) = (&line.uploader, &line.transforms) else { return Ok(None) };
        let (id, epoch, now) = (self.station.id, self.station.epoch, self.station.now());
        let store = Arc::clone(self.station.desk.store());
        let opened = store.write(move |transaction| target::open_pass(transaction, id, epoch, now)).await?;
        let Some(lock) = opened else {
            return self.rest("another pass has it in hand".to_owned(), Some(TAKEN), None).await;
        };
        tracing::debug!(target: "stint::deliver", to = &*self.station.name, probing, "a pass begins");
        let current = self.station.desk.current();
        let sync = &current.loaded.config.sync;
        let desk = call::Desk {
            station: self.station.clone(),
            bound: bound.clone(),
            transforms: transforms.clone().into(),
            chain: prepare::hash(&line.chain),
            line: Arc::clone(&line),
        };
        let pacing = Pacing::new(status.pace, &sync.batch);
        let pass = Pass::new(desk, lock, scope, pacing, &mut self.memory, sync.max_attempts, probing);
        let Ran { passed, was_cut_short } = pass.run(self.line.clone(), &mut self.ear, stop).await?;
        self.is_wish_open = was_cut_short && wished;
        self.last_pass = Some(self.station.sample().monotonic);
        self.told = None;
        self.has_passed = true;
        let did_nothing = !was_cut_short && passed.delivered + passed.failed + passed.later == 0;
        tracing::info!(target: "stint::deliver", to = &*self.station.name, delivered = passed.delivered,
            failed = passed.failed, later = passed.later, "a pass ended: {}", passed.result);
        self.station.desk.ledger().tell(passed.at, passed_event(&self.station.name, &passed));
        self.report(passed).await?;
        // What could not be claimed now can't be claimed a moment later either.
        Ok(Some(if did_nothing { self.interval() } else { Millis::ZERO }))
    }

    /// Nothing is done now, for this reason. A reason that lasts is told once.
    async fn rest(&mut self, why: String, wait: Rest, hold: Option<&Hold>) -> Result<Rest, DeliverError> {
        let is_news = self.told.as_ref() != Some(&why);
        if is_news {
            tracing::info!(target: "stint::deliver", to = &*self.station.name, "nothing is sent: {why}");
            self.told = Some(why.clone());
            let event = Event::Idle { target: self.station.name.to_string(), why: why.clone() };
            self.station.desk.ledger().tell(self.station.now(), event);
        }
        if std::mem::take(&mut self.has_passed) {
            // A wish that was made during the pass came to what the pass came to.
            self.station.passes.grant(&self.station.name, self.wish);
            return Ok(wait);
        }
        let error = hold.map(|hold| format!("{}: {}", words(hold.reason), hold.message));
        let passed = Passed { at: self.station.now(), result: why, error, ..Passed::default() };
        if is_news {
            self.report(passed).await?;
        } else {
            self.station.passes.tell(&self.station.name, Passed { wish: self.wish, ..passed });
        }
        Ok(wait)
    }

    /// Tells how a pass ended, here and in the store.
    async fn report(&self, passed: Passed) -> Result<(), DeliverError> {
        let (id, delivered, error) = (self.station.id, passed.delivered, passed.error.clone());
        let last = LastPass { at: passed.at, result: passed.result.clone(), delivered };
        let store = self.station.desk.store();
        store
            .write(move |transaction| target::save_last_pass(transaction, id, &last, error.as_deref()))
            .await?;
        let wish = if self.is_wish_open { 0 } else { self.wish };
        self.station.passes.tell(&self.station.name, Passed { wish, ..passed });
        Ok(())
    }

    /// Makes everything due now: a person doesn't want to wait.
    async fn hasten(&self) -> Result<(), DeliverError> {
        let (id, now) = (self.station.id, self.station.now());
        let store = self.station.desk.store();
        while store.write(move |transaction| queue::hasten(transaction, id, now)).await? > 0 {}
        Ok(())
    }

    /// Whether the wall clock was moved back since the last look.
    fn clock_moved_back(&mut self) -> bool {
        let now = self.station.sample();
        let before = std::mem::replace(&mut self.looked, now);
        let expected = before.wall + now.boottime.since(before.boottime);
        before.boot == now.boot && expected.since(now.wall) > MOVED_BACK
    }

    fn interval(&self) -> Millis {
        self.station.desk.current().loaded.config.sync.interval.millis()
    }
}

fn passed_event(target: &str, passed: &Passed) -> Event {
    let Passed { delivered, failed, later, result, .. } = passed.clone();
    Event::Passed { target: target.to_owned(), delivered, failed, later, result }
}

/// The target's plugin, if the whole line can be used.
fn unready(line: &Line) -> Result<&Bound, &Unready> {
    let bound = line.uploader.as_ref()?;
    line.transforms.as_ref()?;
    Ok(bound)
}

/// Why there is nothing to do, where there isn't.
fn nothing_to_do(outlook: &Outlook, status: &Status, class: Idempotency) -> Option<String> {
    let ask_person = class.remedy() == Remedy::AskPerson;
    if outlook.ready.is_some() || (outlook.doubt && !ask_person) {
        return None;
    }
    let counts = &status.counts;
    Some(if counts.unknown > 0 && ask_person {
        "what is left may have arrived, and only a person can tell: `stint queue list` shows it".to_owned()
    } else if counts.delayed + counts.unknown > 0 {
        "nothing is due yet".to_owned()
    } else if counts.waiting > 0 {
        "what is left waits behind an item that failed: `stint queue list --state failed` shows it".to_owned()
    } else {
        "nothing is pending".to_owned()
    })
}

/// Waits for so long, or for ever.
async fn rested(rest: Rest) {
    match rest {
        Some(wait) => tokio::time::sleep(Duration::from_millis(wait.0)).await,
        None => std::future::pending().await,
    }
}
