//! The second half of a pass: what a call brought is judged, and settled.

use std::sync::Arc;

use stint_domain::{
    failure::{ItemFate, table::Consequence},
    pace::Jitter,
};
use stint_store::{
    queue::{Claimed, Outcome, Settled},
    target::{self, Hold, HoldReason},
};
use tokio::task::{Id, JoinError};

use super::{
    super::{
        DeliverError,
        call::{Ended, cut_off, named},
        gate::suspension,
        judge::{Answer, Around, Judged, advised, is_open_to_advice, judge},
        plan,
        settle::{Done, Settlement},
        station::jitter,
        telling, traits,
    },
    Pass, STOPPED,
};

impl Pass<'_> {
    /// A call has ended, or was lost.
    pub(super) async fn ended(&mut self, ended: Result<(Id, Ended), JoinError>) -> Result<(), DeliverError> {
        let ended = match ended {
            Ok((id, ended)) => {
                self.flying.remove(&id);
                ended
            }
            Err(lost) => self.lost(&lost),
        };
        if ended.unanswered && ended.together > 1 {
            self.memory.halve(ended.together);
        } else if ended.together > 0 {
            self.memory.grow(ended.together);
        }
        let mut settled = Vec::with_capacity(ended.items.len());
        let mut hold = None;
        let mut lease = None;
        for (held, answer) in ended.items {
            let Some(answer) = answer else { continue };
            lease = Some(held.lease);
            let item = &held.claimed;
            let judged = self.judged(item, answer, ended.sent, ended.together).await?;
            if let Some(said) = self.follow(item, &judged, ended.together <= 1)? {
                hold = Some(said);
            }
            telling::tell(&self.desk.station, item, &judged.outcome, ended.took);
            settled.push(Settled {
                serial: item.serial,
                outcome: judged.outcome,
                excerpt: ended.excerpt.clone(),
            });
        }
        let Some(lease) = lease else { return Ok(()) };
        let settlement = Settlement {
            lease,
            now: self.desk.station.now(),
            items: settled,
            plugin: named(&self.desk.bound),
            writes: ended.writes,
            files: ended.files,
            pace: self.pacing.changed(),
            hold,
        };
        self.awaited += usize::from(settlement.is_awaited());
        self.settling.spawn(settlement.settle(Arc::clone(self.desk.station.desk.store())));
        Ok(())
    }

    /// A call that was cut off at the end of the host, or whose task panicked: its items may have arrived.
    fn lost(&mut self, lost: &JoinError) -> Ended {
        let group = self.flying.remove(&lost.id()).unwrap_or_default();
        if !lost.is_cancelled() {
            tracing::error!(target: "stint::deliver", to = &*self.desk.station.name, "a call was lost: {lost}");
        }
        let answer = || if lost.is_cancelled() { cut_off() } else { Answer::HostFailed(lost.to_string()) };
        let items = group.into_iter().map(|held| (held, Some(answer()))).collect();
        Ended { items, sent: true, ..Ended::default() }
    }

    async fn judged(
        &mut self,
        item: &Claimed,
        answer: Answer,
        sent: bool,
        together: usize,
    ) -> Result<Judged, DeliverError> {
        let station = &self.desk.station;
        // What only a failure asks for isn't looked up, nor drawn, for each item that passes.
        let (proven, jitter) = match &answer {
            Answer::Failed(..) => {
                let proven = |connection: &_| target::is_proven(connection, station.id, item.kind);
                (station.desk.read(proven)?, jitter()?)
            }
            _ => (false, Jitter(0)),
        };
        let around = Around {
            sent,
            alone: together <= 1,
            proven,
            attempts_max: self.attempts_max,
            class: traits::class(&self.desk.bound),
            now: station.sample(),
            jitter,
        };
        let judged = judge(item, answer, &around, self.memory);
        let policy = self.desk.line.policy.as_ref().and_then(|policy| policy.as_ref().ok());
        if let (true, Some(policy), Outcome::Failed { failure, .. }) =
            (is_open_to_advice(&judged), policy, &judged.outcome)
        {
            match plan::advice(station, policy, item.attempts + 1, failure.clone()).await {
                Ok(Some(advice)) => return Ok(advised(judged, advice, around.now.wall)),
                Ok(None) => {}
                Err(error) => self.memory.policy_error = Some(error),
            }
        }
        Ok(judged)
    }

    /// What follows for the target: its pace, whether the pass goes on, and whether it is held.
    fn follow(&mut self, item: &Claimed, judged: &Judged, alone: bool) -> Result<Option<Hold>, DeliverError> {
        match &judged.outcome {
            Outcome::Delivered { .. } => {
                self.report.delivered += 1;
                self.memory.passed(item.serial);
                self.pacing.passed();
                // The target is back: the others follow.
                self.probing = false;
            }
            Outcome::Failed { ruling, .. } if ruling.item == ItemFate::Fail => self.report.failed += 1,
            Outcome::Failed { .. } => self.report.later += 1,
            _ => {}
        }
        if judged.target != Consequence::Suspect {
            self.memory.answered();
        }
        let Outcome::Failed { failure, .. } = &judged.outcome else { return Ok(None) };
        self.memory.avoid = Some(item.serial);
        self.report.error = Some(failure.to_string());
        let now = self.desk.station.sample();
        let hold = |reason, message: String| Some(Hold { reason, message, since: now.wall });
        let (held, why) = match judged.target {
            // In a call with others it isn't known whose crash it was: the next calls are smaller, and find out.
            Consequence::Suspect if alone && self.memory.crashed(item.serial) => {
                let wait = suspension(self.memory.suspensions);
                let message = format!("it crashed at three items in a row, the last time so: {failure}");
                let why = format!("then the plugin was suspended for {} min", wait.0 / 60_000);
                (hold(HoldReason::Suspended, message), why)
            }
            Consequence::GoOn | Consequence::Suspect => return Ok(None),
            // A call that is cut off with the host says nothing about its target.
            Consequence::BackOff if self.closed.as_deref() == Some(STOPPED) => return Ok(None),
            Consequence::BackOff => {
                self.pacing.failed(&now, jitter()?, failure.retry_after);
                (None, format!("then it failed: {failure}"))
            }
            Consequence::Floor => {
                self.pacing.floored(&now, failure.cause, failure.retry_after);
                (None, format!("then it asked to be left alone: {failure}"))
            }
            Consequence::NeedsLogin => {
                (hold(HoldReason::NeedsLogin, failure.to_string()), format!("then it was held: {failure}"))
            }
            Consequence::Misconfigured => {
                let hold = hold(HoldReason::Misconfigured, failure.to_string());
                (hold, format!("then it was held: {failure}"))
            }
        };
        self.closed.get_or_insert(why);
        Ok(held)
    }

    /// A settlement is durable. Its items may have let others go ahead.
    pub(super) fn settled(
        &mut self,
        done: Result<Result<Done, DeliverError>, JoinError>,
    ) -> Result<(), DeliverError> {
        let done = done.map_err(|_| DeliverError::Lost { what: "a settlement" })??;
        self.awaited -= usize::from(done.was_awaited);
        self.exhausted = false;
        for serial in done.report.stale {
            tracing::debug!(target: "stint::deliver", to = &*self.desk.station.name, item = serial.0,
                "somebody else has settled it");
        }
        Ok(())
    }
}
