//! The first half of a pass: claiming, and beginning calls.

use std::sync::Arc;

use stint_domain::delivery::Remedy;
use stint_store::{
    Error,
    queue::{self, Outcome, Settled, Wanted},
};

use super::{
    super::{
        DeliverError,
        call::{self, named},
        hand::Held,
        plan,
        settle::Settlement,
        traits,
    },
    Pass,
};

impl Pass<'_> {
    /// How many calls may run at once.
    fn slots(&self) -> usize {
        if self.probing {
            return 1;
        }
        let traits = self.desk.bound.plugin.manifest().target.as_ref();
        let plugins = traits.and_then(|traits| traits.max_in_flight).map_or(usize::MAX, |most| most as usize);
        self.desk.line.max_in_flight.min(self.scope.in_flight).min(plugins).max(1)
    }

    /// What may have arrived, where the backend tells a repeated request: it may be sent again.
    pub(super) async fn resend_doubts(&mut self) -> Result<(), DeliverError> {
        let (target, class, now) =
            (self.lock.target, traits::class(&self.desk.bound), self.desk.station.now());
        if class.remedy() == Remedy::Resend && plan::outlook(&self.desk.station)?.doubt {
            let store = self.desk.station.desk.store();
            store.write(move |transaction| queue::resend_unknown(transaction, target, class, now)).await?;
        }
        Ok(())
    }

    /// Begins as many calls as may run, and gives back what may not be begun.
    pub(super) async fn begin_more(&mut self) -> Result<(), DeliverError> {
        if self.closed.is_some() {
            let rest = self.hand.take_all();
            return self.give_back(rest).await;
        }
        let slots = self.slots();
        // A little more than fits is in hand, so that a call that ends is followed at once.
        while self.hand.len() < slots && !self.exhausted {
            self.claim(slots).await?;
        }
        let stale = self.hand.take_stale(self.desk.station.sample().monotonic);
        self.give_back(stale).await?;
        let most =
            self.desk.bound.plugin.manifest().target.as_ref().map_or(1, |traits| traits.max_batch as usize);
        let most = if self.probing { 1 } else { self.memory.bulk(most) };
        while self.calls.len() + self.awaited < slots {
            let group = self.hand.take(most);
            if group.is_empty() {
                break;
            }
            let call = call::deliver(self.desk.clone(), group.clone());
            let id = self.calls.spawn(call).id();
            self.flying.insert(id, group);
        }
        self.desk.station.desk.ledger().in_flight(&self.desk.station.name, self.calls.len());
        Ok(())
    }

    /// Claims more, if there is more. Looking costs little, and claiming nothing would cost a commit.
    async fn claim(&mut self, slots: usize) -> Result<(), DeliverError> {
        let outlook = plan::outlook(&self.desk.station)?;
        let allowed = self.scope.items.saturating_sub(self.claimed);
        let room = if self.probing { 1 - self.hand.len().min(1) } else { self.pacing.batch() };
        let limit = allowed.min(room);
        let is_ready = outlook.ready.is_some_and(|priority| priority <= self.scope.priority_max);
        let is_doubt = outlook.doubt && traits::class(&self.desk.bound).remedy() == Remedy::LookUp;
        if limit == 0 || (!is_ready && !is_doubt) || (self.probing && !self.calls.is_empty()) {
            self.exhausted = true;
            return Ok(());
        }
        let (lock, now) = (self.lock, self.desk.station.now());
        let lookups = if is_doubt { limit.min(slots.max(4)) } else { 0 };
        let wanted = Wanted {
            limit: limit - lookups.min(limit),
            priority_max: self.scope.priority_max,
            kinds: self.scope.kinds.clone(),
            avoid: self.memory.avoid.filter(|_| self.probing),
        };
        let store = self.desk.station.desk.store();
        let batches = store
            .write(move |transaction| {
                let asked = match lookups {
                    0 => None,
                    most => queue::claim_lookups(transaction, &lock, most, now)?,
                };
                let more = match wanted.limit {
                    0 => None,
                    _ => queue::claim(transaction, &lock, &wanted, now)?,
                };
                Ok::<_, Error>([asked, more])
            })
            .await?;
        let before = self.hand.len();
        let at = self.desk.station.sample().monotonic;
        for batch in batches.into_iter().flatten() {
            self.claimed += batch.items.len();
            self.desk.station.desk.ledger().claimed(&self.desk.station.name, batch.items.len());
            self.hand.put(batch, at);
        }
        self.exhausted = self.hand.len() == before;
        Ok(())
    }

    /// Gives items back that were never begun.
    pub(super) async fn give_back(&mut self, items: Vec<Held>) -> Result<(), DeliverError> {
        self.claimed = self.claimed.saturating_sub(items.len());
        for group in items.chunk_by(|one, next| one.lease == next.lease) {
            let Some(first) = group.first() else { continue };
            let released = group.iter().map(|held| Settled {
                serial: held.claimed.serial,
                outcome: Outcome::Released,
                excerpt: None,
            });
            let settlement = Settlement {
                lease: first.lease,
                now: self.desk.station.now(),
                items: released.collect(),
                plugin: named(&self.desk.bound),
                writes: Vec::new(),
                files: None,
                pace: None,
                hold: None,
            };
            settlement.settle(Arc::clone(self.desk.station.desk.store())).await?;
        }
        Ok(())
    }
}
