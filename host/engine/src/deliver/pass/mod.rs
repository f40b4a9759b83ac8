//! One pass over a target: items are claimed, sent by several calls at once, and each call is settled as it ends. The
//! pass goes on while there is something to send and the target takes it.
//!
//! Invariants: everything claimed is settled before the pass is over, if only as given back; one loop decides, and the
//! calls and settlements that run beside it only report to it.

mod begin;
mod end;

use std::{collections::HashMap, sync::Arc, time::Duration};

use stint_store::target;
use tokio::{
    sync::watch,
    task::{Id, JoinSet},
};

use super::{
    DeliverError,
    bell::Ear,
    call::{self, Ended},
    hand::{Hand, Held},
    memory::Memory,
    pacing::Pacing,
    plan::Scope,
    settle,
    station::Passed,
};
use crate::{
    supervise::{Stop, stopped},
    wiring::Line,
};

/// How long calls that run get to end when the host does.
const GRACE: Duration = Duration::from_secs(5);
const STOPPED: &str = "the host ends";
const PAUSED: &str = "then it was paused";
const CHANGED: &str = "then its plugin or its settings changed";

/// A pass that is over.
pub(super) struct Ran {
    /// What it came to.
    pub(super) passed: Passed,
    /// Whether it was ended because the line is another one now: the next pass goes on.
    pub(super) was_cut_short: bool,
}

/// A pass that runs.
pub(super) struct Pass<'a> {
    desk: call::Desk,
    lock: target::Pass,
    scope: Scope,
    pacing: Pacing,
    memory: &'a mut Memory,
    attempts_max: u32,
    /// Whether one item goes alone, to see whether the target is back.
    probing: bool,
    /// Why nothing more is begun.
    closed: Option<String>,
    /// Whether the last look found nothing more to claim.
    exhausted: bool,
    /// How many items were claimed, of those that the scope allows.
    claimed: usize,
    hand: Hand,
    calls: JoinSet<Ended>,
    /// The items of each call: one that is lost takes none of them along.
    flying: HashMap<Id, Vec<Held>>,
    settling: JoinSet<Result<settle::Done, DeliverError>>,
    /// How many settlements there are whose writes the next call has to see.
    awaited: usize,
    report: Passed,
}

impl<'a> Pass<'a> {
    pub(super) fn new(
        desk: call::Desk,
        lock: target::Pass,
        scope: Scope,
        pacing: Pacing,
        memory: &'a mut Memory,
        attempts_max: u32,
        probing: bool,
    ) -> Self {
        Self {
            desk,
            lock,
            scope,
            pacing,
            memory,
            attempts_max,
            probing,
            closed: None,
            exhausted: false,
            claimed: 0,
            hand: Hand::default(),
            calls: JoinSet::new(),
            flying: HashMap::new(),
            settling: JoinSet::new(),
            awaited: 0,
            report: Passed::default(),
        }
    }

    /// Runs the pass to its end.
    ///
    /// A new line ends it early: what runs goes on with the old one, and what hasn't begun goes along the new one.
    pub(super) async fn run(
        mut self,
        mut line: watch::Receiver<Arc<Line>>,
        ear: &mut Ear,
        stop: &mut Stop,
    ) -> Result<Ran, DeliverError> {
        self.resend_doubts().await?;
        loop {
            self.begin_more().await?;
            if self.calls.is_empty() && self.settling.is_empty() {
                break;
            }
            tokio::select! {
                Some(ended) = self.calls.join_next_with_id() => self.ended(ended).await?,
                Some(done) = self.settling.join_next() => self.settled(done)?,
                Ok(()) = line.changed(), if self.closed.is_none() => self.closed = Some(CHANGED.to_owned()),
                () = ear.more(), if self.closed.is_none() => self.stir()?,
                () = stopped(stop), if self.closed.as_deref() != Some(STOPPED) => {
                    self.stop().await?;
                }
            }
        }
        let station = &self.desk.station;
        let lock = self.lock;
        station.desk.store().write(move |transaction| target::close_pass(transaction, &lock)).await?;
        self.report.at = station.now();
        self.report.result = self.result();
        let was_cut_short = self.closed.as_deref() == Some(CHANGED);
        Ok(Ran { passed: self.report, was_cut_short })
    }

    /// There may be more to claim, or a person may have paused the target.
    fn stir(&mut self) -> Result<(), DeliverError> {
        self.exhausted = false;
        let id = self.lock.target;
        if self.desk.station.desk.read(|connection| target::status(connection, id))?.paused {
            self.closed = Some(PAUSED.to_owned());
        }
        Ok(())
    }

    /// The host ends: nothing more is begun, what runs gets a while, and what doesn't end is cut off.
    async fn stop(&mut self) -> Result<(), DeliverError> {
        self.closed = Some(STOPPED.to_owned());
        let grace = tokio::time::sleep(GRACE);
        tokio::pin!(grace);
        while !self.calls.is_empty() {
            tokio::select! {
                Some(ended) = self.calls.join_next_with_id() => self.ended(ended).await?,
                () = &mut grace => self.calls.abort_all(),
            }
        }
        Ok(())
    }

    /// The pass in one line, for people.
    fn result(&self) -> String {
        let Passed { delivered, failed, later, .. } = self.report;
        let items = |count: u64| if count == 1 { "1 item".to_owned() } else { format!("{count} items") };
        let mut parts = vec![format!("{} delivered", items(delivered))];
        if later > 0 {
            parts.push(format!("{} to be tried again", items(later)));
        }
        if failed > 0 {
            parts.push(format!("{} failed", items(failed)));
        }
        let said = parts.join(", ");
        match &self.closed {
            Some(why) => format!("{said}; {why}"),
            None => said,
        }
    }
}
