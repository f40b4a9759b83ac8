//! The queue as a list that is walked from end to end: slow, and plain enough to be believed. Where it orders a lane
//! it states the rule itself, after every call and for every delivery, instead of following a change.

use std::collections::{BTreeMap, BTreeSet};

use stint_domain::{
    delivery::{
        Delivery, DeliveryState, Idempotency, LaneRole, Move, NotAllowed, Ordering, PlainState, Remedy,
    },
    failure::Cause,
    id::{EntryId, ItemId},
    item::{Kind, Priority},
    key::{EntryKey, ItemKey, KeySeed},
    pace::due,
    time::{Millis, UnixMs},
};
use stint_store::{
    BlobHash, Counts, Epoch, Error, Serial, TargetId, Token,
    queue::{
        Batch, Claimed, Done, Imported, Lease, Moved, NewImport, NewItem, Outcome, Prepared, Queue, Recorded,
        Report, Room, Settled, Settlement, Wanted, Was, Which, listing::Listed, overflow, upkeep::Purged,
    },
    target::{LEASE, Pass},
};

#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) id: TargetId,
    pub(crate) name: &'static str,
    pub(crate) accepts: Vec<Kind>,
    pub(crate) ordering: Ordering,
    pub(crate) class: Idempotency,
    pub(crate) held: bool,
    pub(crate) token: i64,
    pub(crate) pass: Option<(Pass, UnixMs)>,
    /// What was purged: it stays counted.
    pub(crate) gone: Counts,
    pub(crate) overflowed: u64,
    pub(crate) entries: BTreeMap<EntryId, Known>,
}

/// What a target knows of an entry.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    remote_id: Option<String>,
    seed: Option<&'static str>,
}

#[derive(Clone, Debug)]
struct Stored {
    serial: Serial,
    item: NewItem,
    created_at: UnixMs,
    lone: bool,
}

#[derive(Clone, Debug)]
struct Place {
    serial: Serial,
    target: TargetId,
    role: LaneRole,
    priority: Priority,
    life: Delivery,
    attempted_at: Option<UnixMs>,
    due: Option<UnixMs>,
    lease: Option<(Token, Epoch, UnixMs)>,
    done_at: Option<UnixMs>,
    cause: Option<Cause>,
    error: Option<String>,
    remote_id: Option<String>,
    seed: Option<&'static str>,
    prepared: Option<Prepared>,
}

/// The queue in memory.
#[derive(Clone, Debug)]
pub(crate) struct Memory {
    pub(crate) targets: Vec<Target>,
    items: Vec<Stored>,
    places: Vec<Place>,
    imported: BTreeSet<ItemId>,
    last_serial: i64,
}

impl Place {
    fn step(&mut self, what: Move, now: UnixMs, due: UnixMs) -> Result<(), NotAllowed> {
        self.life = self.life.after(what)?;
        let state = self.life.state;
        self.attempted_at = self.life.attempted.then(|| self.attempted_at.unwrap_or(now));
        self.due = matches!(state, DeliveryState::Delayed | DeliveryState::Unknown).then_some(due);
        self.done_at = state.is_done().then_some(now);
        if state != DeliveryState::Leased {
            self.lease = None;
        }
        if state.is_done() {
            self.prepared = None;
        }
        Ok(())
    }

    fn must(&mut self, what: Move, now: UnixMs, due: UnixMs) -> Result<(), Error> {
        let (serial, target) = (self.serial, self.target);
        self.step(what, now, due).map_err(|source| Error::NotAllowed { serial, target, source })
    }

    /// As it stood elsewhere before it was imported.
    fn was(&mut self, was: &Was, now: UnixMs) {
        match was {
            Was::Pending => {}
            Was::Failed { attempts, cause, message } => {
                self.life = Delivery { attempts: *attempts, ..Delivery::new(DeliveryState::Failed) };
                self.cause = Some(*cause);
                self.error.clone_from(message);
            }
            Was::Sent => {
                self.life = Delivery { attempted: true, ..Delivery::new(DeliveryState::Sent) };
                self.attempted_at = Some(now);
                self.done_at = Some(now);
            }
        }
    }

    fn is_under(&self, lease: &Lease) -> bool {
        self.lease.is_some_and(|(token, owner, _)| (token, owner) == (lease.token, lease.owner))
    }

    fn holds(&self, lane: EntryId) -> bool {
        self.role == LaneRole::Holds(lane) && !self.life.state.is_done()
    }
}

impl Memory {
    pub(crate) fn new(targets: Vec<Target>) -> Self {
        Self { targets, items: Vec::new(), places: Vec::new(), imported: BTreeSet::new(), last_serial: 0 }
    }

    fn target(&mut self, id: TargetId) -> &mut Target {
        self.targets.iter_mut().find(|target| target.id == id).unwrap()
    }

    fn item(&self, serial: Serial) -> &Stored {
        self.items.iter().find(|item| item.serial == serial).unwrap()
    }

    fn place(&mut self, serial: Serial, target: TargetId) -> Option<&mut Place> {
        self.places.iter_mut().find(|place| (place.serial, place.target) == (serial, target))
    }

    fn head(&self, target: TargetId, lane: EntryId) -> Option<Serial> {
        let holders = self.places.iter().filter(|place| place.target == target && place.holds(lane));
        holders.map(|place| place.serial).min()
    }

    /// The rule of lanes: what has an older holder before it waits, what has none does not.
    fn order_lanes(&mut self) {
        for place in 0..self.places.len() {
            let Some(lane) = self.places[place].role.lane() else { continue };
            let head = self.head(self.places[place].target, lane);
            let behind = head.is_some_and(|head| head < self.places[place].serial);
            let what = match self.places[place].life.state {
                DeliveryState::Waiting if !behind => Move::Promote,
                DeliveryState::Ready | DeliveryState::Delayed if behind => Move::Yield,
                _ => continue,
            };
            self.places[place].step(what, UnixMs(0), UnixMs(0)).unwrap();
        }
    }

    fn refresh(&mut self, target: TargetId, now: UnixMs) {
        for place in self.places.iter_mut().filter(|place| place.target == target) {
            place.due = place.due.map(|due| due.min(now + due::LONGEST_WAIT));
            if let Some((_, _, until)) = &mut place.lease {
                *until = (*until).min(now + LEASE);
            }
            if place.life.state == DeliveryState::Delayed && place.due.is_some_and(|due| due <= now) {
                place.step(Move::FallDue, now, now).unwrap();
            }
            if place.lease.is_some_and(|(_, _, until)| until <= now) {
                place.step(Move::Reclaim, now, now).unwrap();
            }
        }
        self.order_lanes();
    }

    fn reclaim(&mut self, now: UnixMs, is_gone: impl Fn(TargetId, Epoch) -> bool) -> usize {
        let mut reclaimed = 0;
        for place in &mut self.places {
            if place.lease.is_some_and(|(_, owner, _)| is_gone(place.target, owner)) {
                place.step(Move::Reclaim, now, now).unwrap();
                reclaimed += 1;
            }
        }
        self.order_lanes();
        reclaimed
    }

    /// Whether the target lets anything pass, if the pass is the newest.
    fn renew(&mut self, pass: &Pass, now: UnixMs) -> Result<bool, Error> {
        let target = self.target(pass.target);
        match &mut target.pass {
            Some((current, until)) if current == pass => {
                *until = now + LEASE;
                Ok(!target.held)
            }
            _ => Err(Error::Fenced { target: pass.target }),
        }
    }

    fn issue(&mut self, serial: Serial, item: &NewItem, target: TargetId) {
        let ordering = self.target(target).ordering;
        let role = LaneRole::new(item.kind, item.entry, ordering);
        self.places.push(Place {
            serial,
            target,
            role,
            priority: item.kind.priority(),
            life: Delivery::new(DeliveryState::Ready),
            attempted_at: None,
            due: None,
            lease: None,
            done_at: None,
            cause: None,
            error: None,
            remote_id: None,
            seed: None,
            prepared: None,
        });
        self.order_lanes();
    }

    fn pending(&self, target: TargetId) -> u64 {
        let here = self.places.iter().filter(|place| place.target == target);
        here.filter(|place| place.life.state.plain() == PlainState::Pending).count() as u64
    }

    /// Gives up the least important and then the oldest until there is room. Says how much that was.
    fn make_room(&mut self, target: TargetId, now: UnixMs, room: Room) -> usize {
        let mut given_up = 0;
        while self.pending(target) > room.backlog_max {
            let spare = |place: &&mut Place| {
                let state = place.life.state;
                let still =
                    matches!(state, DeliveryState::Ready | DeliveryState::Waiting | DeliveryState::Delayed);
                place.target == target && still && place.priority != Priority::Critical
            };
            let candidates = self.places.iter_mut().filter(spare);
            let least = candidates.min_by_key(|place| (std::cmp::Reverse(place.priority), place.serial));
            let Some(place) = least else { break };
            place.step(Move::Drop, now, now).unwrap();
            place.error = Some(overflow::REASON.to_owned());
            given_up += 1;
        }
        given_up
    }

    fn take(&mut self, pass: &Pass, mut wanted: Vec<Serial>, limit: usize, now: UnixMs) -> Option<Batch> {
        wanted.truncate(limit);
        if wanted.is_empty() {
            return None;
        }
        let target = self.target(pass.target);
        target.token += 1;
        let token = Token(target.token);
        let mut items = Vec::new();
        for serial in wanted {
            let place = self.place(serial, pass.target).unwrap();
            place.step(Move::Claim, now, now).unwrap();
            place.lease = Some((token, pass.owner, now + LEASE));
            items.push(self.claimed(serial, pass.target));
        }
        Some(Batch { lease: Lease { target: pass.target, token, owner: pass.owner }, items })
    }

    fn claimed(&mut self, serial: Serial, target: TargetId) -> Claimed {
        let place = self.place(serial, target).unwrap().clone();
        let Stored { item, .. } = self.item(serial).clone();
        let target = self.target(target);
        let known = item.entry.and_then(|entry| target.entries.get(&entry)).cloned().unwrap_or_default();
        let frozen = place.seed.filter(|_| place.attempted_at.is_some());
        let entry_seed = KeySeed::new(frozen.or(known.seed).unwrap_or(target.name));
        Claimed {
            serial,
            id: item.id,
            kind: item.kind,
            entry: item.entry,
            occurred_at: item.occurred_at,
            priority: place.priority,
            attempts: place.life.attempts,
            crashes: place.life.crashes,
            attempted_at: place.attempted_at,
            looking_up: place.life.looking_up,
            key: ItemKey::new(item.id, &KeySeed::new(place.seed.unwrap_or(target.name))),
            entry_key: item.entry.map(|entry| EntryKey::new(entry, &entry_seed)),
            entry_remote_id: known.remote_id,
            payload: item.payload,
            file: item.file,
            prepared: place.prepared,
        }
    }

    fn unknown_now(&self, target: TargetId, now: UnixMs) -> Vec<Serial> {
        let here = self.places.iter().filter(|place| place.target == target);
        let unknown = here.filter(|place| place.life.state == DeliveryState::Unknown);
        let mut due: Vec<_> =
            unknown.filter_map(|place| Some((place.due.filter(|due| *due <= now)?, place.serial))).collect();
        due.sort_unstable();
        due.into_iter().map(|(_, serial)| serial).collect()
    }

    fn in_hand(&mut self, lease: &Lease, serial: Serial) -> Result<&mut Place, Error> {
        let target = lease.target;
        let place = self.place(serial, target).ok_or(Error::NoDelivery { serial, target })?;
        if place.is_under(lease) { Ok(place) } else { Err(Error::Fenced { target }) }
    }

    fn settle_one(&mut self, lease: &Lease, settled: &Settled, now: UnixMs) -> Result<bool, Error> {
        let target = lease.target;
        let Some(place) = self.place(settled.serial, target) else { return Ok(false) };
        let happened = matches!(settled.outcome, Outcome::Delivered { .. });
        if place.life.state.is_done() || !(happened || place.is_under(lease)) {
            return Ok(false);
        }
        let mut told = None;
        match &settled.outcome {
            Outcome::Delivered { remote_id } => {
                place.must(Move::Deliver, now, now)?;
                place.remote_id.clone_from(remote_id);
                (place.cause, place.error) = (None, None);
                told = Some(remote_id.clone());
            }
            Outcome::Outdated => place.must(Move::Outdated, now, now)?,
            Outcome::Failed { failure, ruling, due } => {
                place.must(Move::Fail(*ruling), now, *due)?;
                place.cause = Some(failure.cause);
                place.error = Some(failure.to_string());
            }
            Outcome::Released => place.must(Move::Release, now, now)?,
            Outcome::Absent { remote_id } => {
                place.must(Move::LookedUpAbsent, now, now)?;
                told = remote_id.clone().map(Some);
            }
            Outcome::Withheld { reason } => {
                place.must(Move::Release, now, now)?;
                place.must(Move::Drop, now, now)?;
                place.error = Some(reason.clone());
            }
        }
        let item = self.item(settled.serial).item.clone();
        if let (Some(remote_id), Some(entry), Kind::TimeEntry) = (told, item.entry, item.kind) {
            let known = self.target(target).entries.entry(entry).or_default();
            known.remote_id = remote_id.or(known.remote_id.take());
        }
        self.order_lanes();
        Ok(true)
    }

    fn meant(&self, which: &Which) -> Vec<(Serial, TargetId)> {
        let mut all: Vec<_> = self.places.iter().collect();
        all.sort_unstable_by_key(|place| (place.serial, place.target));
        let all = all.into_iter();
        match which {
            Which::Items { serials, target } => serials
                .iter()
                .enumerate()
                .filter(|(place, serial)| !serials[..*place].contains(serial))
                .flat_map(|(_, serial)| all.clone().filter(move |place| place.serial == *serial))
                .map(|place| (place.serial, place.target))
                .filter(|(_, at)| target.is_none_or(|target| target == *at))
                .collect(),
            Which::Failed { target } => {
                let failed = all.filter(|place| place.life.state == DeliveryState::Failed);
                let mut failed: Vec<_> = failed.map(|place| (place.target, place.serial)).collect();
                failed.retain(|(at, _)| target.is_none_or(|target| target == *at));
                failed.sort_unstable();
                failed.into_iter().map(|(target, serial)| (serial, target)).collect()
            }
        }
    }

    fn has_seen_newer(&self, target: TargetId, entry: EntryId, serial: Serial) -> bool {
        self.places.iter().any(|place| {
            let item = &self.item(place.serial).item;
            let seen = place.attempted_at.is_some() || place.life.state == DeliveryState::Leased;
            let same = item.entry == Some(entry) && item.kind == Kind::TimeEntry;
            place.target == target && same && place.serial > serial && seen
        })
    }

    fn transfer_one(&mut self, serial: Serial, old: TargetId, new: TargetId, now: UnixMs, done: &mut Moved) {
        let there = self.place(serial, new).is_some();
        let item = self.item(serial).item.clone();
        let old_name = self.target(old).name;
        let ordering = self.target(new).ordering;
        let place = self.place(serial, old).unwrap();
        if there || place.life.state == DeliveryState::Leased {
            return done.stayed.push(serial);
        }
        if let (Some(entry), Kind::TimeEntry) = (item.entry, item.kind) {
            if self.has_seen_newer(new, entry, serial) {
                let place = self.place(serial, old).unwrap();
                match place.step(Move::Supersede, now, now) {
                    Ok(()) => done.superseded += 1,
                    Err(_) => done.stayed.push(serial),
                }
                return;
            }
            let attempted = self.places.iter().any(|place| {
                let item = &self.item(place.serial).item;
                let same = item.entry == Some(entry) && item.kind == Kind::TimeEntry;
                place.target == new && same && place.attempted_at.is_some()
            });
            if !attempted {
                let known = Known { remote_id: None, seed: Some(old_name) };
                self.target(new).entries.entry(entry).or_insert(known);
            }
        }
        let place = self.place(serial, old).unwrap();
        place.target = new;
        place.seed = place.seed.or(Some(old_name));
        place.role = LaneRole::new(item.kind, item.entry, ordering);
        if place.life.state == DeliveryState::Waiting {
            // The rule of lanes makes it wait again where it has to.
            place.life.state = DeliveryState::Ready;
        }
        done.moved += 1;
    }

    fn listed(&self, place: &Place) -> Listed {
        let Stored { item, created_at, .. } = self.item(place.serial);
        let target = self.targets.iter().find(|target| target.id == place.target).unwrap();
        let behind = place.role.lane().filter(|_| place.life.state == DeliveryState::Waiting);
        Listed {
            serial: place.serial,
            id: item.id,
            kind: item.kind,
            entry: item.entry,
            target: place.target,
            target_name: target.name.to_owned(),
            state: place.life.state,
            behind: behind.and_then(|lane| self.head(place.target, lane)),
            attempts: place.life.attempts,
            created_at: *created_at,
            due: place.due,
            done_at: place.done_at,
            cause: place.cause,
            error: place.error.clone(),
            key: ItemKey::new(item.id, &KeySeed::new(place.seed.unwrap_or(target.name))),
            remote_id: place.remote_id.clone(),
            payload: item.payload.clone(),
        }
    }
}

/// What tells one body from another: for the oracle the body itself, cut to the size of a hash.
fn body(item: &NewItem) -> (Vec<u8>, Option<BlobHash>) {
    (item.payload.clone(), item.file)
}

impl Queue for Memory {
    fn record(&mut self, items: &[NewItem], now: UnixMs, room: Room) -> Result<Recorded, Error> {
        let before = self.clone();
        let mut recorded = Recorded::default();
        let mut rooms: BTreeMap<TargetId, (usize, bool)> = BTreeMap::new();
        for item in items {
            // A number is drawn first, so an item that turns out to be known uses one up.
            self.last_serial += 1;
            if let Some(known) = self.items.iter().find(|known| known.item.id == item.id) {
                if body(&known.item) != body(item) {
                    *self = before;
                    // The hashes are not the oracle's business; the test compares the rest of the text.
                    return Err(Error::KeyReused { id: item.id, known: [0; 32], given: [0; 32] });
                }
                recorded.serials.push(known.serial);
                continue;
            }
            let serial = Serial(self.last_serial);
            let ids: Vec<_> =
                self.targets.iter().filter(|target| target.accepts.contains(&item.kind)).collect();
            let ids: Vec<_> = ids.into_iter().map(|target| target.id).collect();
            let stored = Stored { serial, item: item.clone(), created_at: now, lone: ids.is_empty() };
            self.items.push(stored);
            for id in ids {
                self.issue(serial, item, id);
                if self.pending(id) > room.backlog_max {
                    let given_up = self.make_room(id, now, room);
                    self.target(id).overflowed += given_up as u64;
                    let crowded = self.pending(id) > room.backlog_max;
                    let entry = rooms.entry(id).or_default();
                    *entry = (entry.0 + given_up, crowded);
                }
            }
            recorded.new += 1;
            recorded.serials.push(serial);
        }
        for (id, (given_up, crowded)) in rooms {
            if given_up > 0 {
                recorded.overflowed.push((id, given_up));
            }
            if crowded {
                recorded.crowded.push(id);
            }
        }
        Ok(recorded)
    }

    fn import(
        &mut self,
        rows: &[NewImport],
        target: Option<TargetId>,
        now: UnixMs,
        room: Room,
    ) -> Result<Vec<Imported>, Error> {
        let before = self.clone();
        let mut done = Vec::new();
        for NewImport { item, was } in rows {
            if self.imported.contains(&item.id) {
                done.push(Imported::Known);
                continue;
            }
            let takes =
                |at: &&Target| at.accepts.contains(&item.kind) && target.is_none_or(|only| only == at.id);
            let takers: Vec<TargetId> = self.targets.iter().filter(takes).map(|target| target.id).collect();
            if takers.is_empty() {
                done.push(Imported::Unwanted);
                continue;
            }
            let crowded = takers.iter().any(|id| self.pending(*id) >= room.backlog_max);
            if *was == Was::Pending && item.kind.priority() != Priority::Critical && crowded {
                done.push(Imported::NoRoom);
                continue;
            }
            self.last_serial += 1;
            if let Some(known) = self.items.iter().find(|known| known.item.id == item.id) {
                if body(&known.item) != body(item) {
                    *self = before;
                    return Err(Error::KeyReused { id: item.id, known: [0; 32], given: [0; 32] });
                }
                done.push(Imported::Known);
                continue;
            }
            let serial = Serial(self.last_serial);
            self.items.push(Stored { serial, item: item.clone(), created_at: now, lone: false });
            self.imported.insert(item.id);
            for id in takers {
                self.issue(serial, item, id);
                self.place(serial, id).unwrap().was(was, now);
                self.order_lanes();
            }
            done.push(Imported::New);
        }
        Ok(done)
    }

    fn open_pass(&mut self, id: TargetId, owner: Epoch, now: UnixMs) -> Result<Option<Pass>, Error> {
        let target = self.target(id);
        let had = target.pass.is_some();
        if let Some((pass, until)) = &mut target.pass
            && pass.owner == owner
        {
            let in_force = *until > now;
            *until = (*until).min(now + LEASE);
            if in_force {
                return Ok(None);
            }
        }
        if had {
            self.reclaim(now, |at, _| at == id);
        }
        let target = self.target(id);
        target.token += 1;
        let pass = Pass { target: id, token: Token(target.token), owner };
        target.pass = Some((pass, now + LEASE));
        Ok(Some(pass))
    }

    fn close_pass(&mut self, pass: &Pass) -> Result<(), Error> {
        let target = self.target(pass.target);
        target.pass = target.pass.filter(|(current, _)| current != pass);
        Ok(())
    }

    fn claim(&mut self, pass: &Pass, wanted: &Wanted, now: UnixMs) -> Result<Option<Batch>, Error> {
        if !self.renew(pass, now)? {
            return Ok(None);
        }
        self.refresh(pass.target, now);
        let fits = |place: &&Place| {
            let kind = self.item(place.serial).item.kind;
            let kind_fits = wanted.kinds.as_ref().is_none_or(|kinds| kinds.contains(&kind));
            let ready = place.target == pass.target && place.life.state == DeliveryState::Ready;
            ready && kind_fits && place.priority <= wanted.priority_max
        };
        let mut ready: Vec<_> =
            self.places.iter().filter(fits).map(|place| (place.priority, place.serial)).collect();
        ready.sort_unstable();
        let ready: Vec<_> = ready.into_iter().map(|(_, serial)| serial).collect();
        let others: Vec<_> = ready.iter().copied().filter(|serial| Some(*serial) != wanted.avoid).collect();
        let chosen = if others.is_empty() || wanted.limit == 0 { ready } else { others };
        Ok(self.take(pass, chosen, wanted.limit, now))
    }

    fn claim_lookups(&mut self, pass: &Pass, limit: usize, now: UnixMs) -> Result<Option<Batch>, Error> {
        if !self.renew(pass, now)? {
            return Ok(None);
        }
        self.refresh(pass.target, now);
        let unknown = self.unknown_now(pass.target, now);
        Ok(self.take(pass, unknown, limit, now))
    }

    fn resend_unknown(&mut self, target: TargetId, class: Idempotency, now: UnixMs) -> Result<usize, Error> {
        if class.remedy() != Remedy::Resend {
            return Ok(0);
        }
        let unknown = self.unknown_now(target, now);
        for serial in &unknown {
            self.place(*serial, target).unwrap().must(Move::Resolve(class), now, now)?;
        }
        self.order_lanes();
        Ok(unknown.len())
    }

    fn prepare(&mut self, lease: &Lease, serial: Serial, made: Option<&Prepared>) -> Result<(), Error> {
        let place = self.in_hand(lease, serial)?;
        if place.life.attempted {
            return Err(Error::NotAllowed { serial, target: lease.target, source: NotAllowed::Frozen });
        }
        place.prepared = made.cloned();
        Ok(())
    }

    fn begin(&mut self, lease: &Lease, serials: &[Serial], now: UnixMs) -> Result<(), Error> {
        let before = self.clone();
        for serial in serials {
            let begun = self.in_hand(lease, *serial).and_then(|place| place.must(Move::Begin, now, now));
            if let Err(error) = begun {
                *self = before;
                return Err(error);
            }
        }
        Ok(())
    }

    fn settle(&mut self, settlement: &Settlement<'_>) -> Result<Report, Error> {
        let before = self.clone();
        let mut report = Report::default();
        for settled in settlement.items {
            match self.settle_one(&settlement.lease, settled, settlement.now) {
                Ok(true) => {
                    report.delivered += usize::from(matches!(settled.outcome, Outcome::Delivered { .. }));
                }
                Ok(false) => report.stale.push(settled.serial),
                Err(error) => {
                    *self = before;
                    return Err(error);
                }
            }
        }
        self.target(settlement.lease.target).held |= settlement.hold.is_some();
        Ok(report)
    }

    fn retry(&mut self, which: &Which, reprepare: bool, now: UnixMs) -> Result<Done, Error> {
        let mut done = Done::default();
        for (serial, target) in self.meant(which) {
            let class = self.target(target).class;
            let place = self.place(serial, target).unwrap();
            let state = place.life.state;
            let refusal = if !reprepare || place.life.may_be_prepared_anew() {
                place.step(Move::Retry(class), now, now).err()
            } else if place.life.uncertain {
                Some(NotAllowed::Frozen)
            } else if state.is_done() {
                Some(NotAllowed::Done { state })
            } else {
                Some(NotAllowed::InHand)
            };
            if let Some(why) = refusal {
                done.refused.push((serial, target, why));
                continue;
            }
            if reprepare {
                place.life.attempted = false;
                place.attempted_at = None;
                place.prepared = None;
            }
            done.changed += 1;
        }
        self.order_lanes();
        Ok(done)
    }

    fn drop_deliveries(&mut self, which: &Which, reason: &str, now: UnixMs) -> Result<Done, Error> {
        let mut done = Done::default();
        for (serial, target) in self.meant(which) {
            let place = self.place(serial, target).unwrap();
            match place.step(Move::Drop, now, now) {
                Ok(()) => {
                    place.error = Some(reason.to_owned());
                    done.changed += 1;
                }
                Err(why) => done.refused.push((serial, target, why)),
            }
        }
        self.order_lanes();
        Ok(done)
    }

    fn supersede(
        &mut self,
        target: TargetId,
        newer: Serial,
        lease: Option<&Lease>,
        now: UnixMs,
    ) -> Result<usize, Error> {
        let place = self.place(newer, target).ok_or(Error::NoDelivery { serial: newer, target })?;
        let LaneRole::Holds(lane) = place.role else { return Ok(0) };
        let mut superseded = 0;
        let older = self.places.iter_mut().filter(|place| place.target == target && place.serial < newer);
        for place in older.filter(|place| place.holds(lane)) {
            if lease.is_some_and(|lease| place.is_under(lease)) && !place.life.attempted {
                place.must(Move::Release, now, now)?;
            }
            superseded += usize::from(place.step(Move::Supersede, now, now).is_ok());
        }
        self.order_lanes();
        Ok(superseded)
    }

    fn transfer(&mut self, old: TargetId, new: TargetId, now: UnixMs) -> Result<Moved, Error> {
        let mut done = Moved::default();
        if old == new {
            return Ok(done);
        }
        let old_name = self.target(old).name;
        for (entry, known) in self.target(old).entries.clone() {
            let known = Known { seed: known.seed.or(Some(old_name)), ..known };
            self.target(new).entries.entry(entry).or_insert(known);
        }
        let mut left: Vec<_> = self.places.iter().filter(|place| place.target == old).collect();
        left.retain(|place| !place.life.state.is_done());
        let mut left: Vec<_> = left.into_iter().map(|place| place.serial).collect();
        left.sort_unstable();
        for serial in left {
            self.transfer_one(serial, old, new, now, &mut done);
        }
        self.order_lanes();
        Ok(done)
    }

    fn reclaim_foreign(&mut self, owner: Epoch, now: UnixMs) -> Result<usize, Error> {
        for target in &mut self.targets {
            target.pass = target.pass.filter(|(pass, _)| pass.owner == owner);
        }
        Ok(self.reclaim(now, |_, holder| holder != owner))
    }

    fn release(&mut self, target: TargetId) -> Result<(), Error> {
        self.target(target).held = false;
        Ok(())
    }

    fn purge(&mut self, keep: Millis, _limit: usize, now: UnixMs) -> Result<Purged, Error> {
        let a_day = Millis::from_mins(24 * 60);
        let mut gone = Vec::new();
        for place in &mut self.places {
            place.done_at = place.done_at.map(|at| if at > now + a_day { now } else { at });
        }
        self.places.retain(|place| {
            let old = place.done_at.is_some_and(|at| at <= now - keep);
            if old {
                gone.push((place.target, place.life.state));
            }
            !old
        });
        for (target, state) in &gone {
            let counts = &mut self.target(*target).gone;
            match state {
                DeliveryState::Sent => counts.sent += 1,
                DeliveryState::Superseded => counts.superseded += 1,
                _ => counts.dropped += 1,
            }
        }
        let before = self.items.len();
        let places = &self.places;
        self.items.retain(|item| {
            let needed = places.iter().any(|place| place.serial == item.serial);
            let young = item.lone && item.created_at > now - keep;
            needed || young
        });
        Ok(Purged { deliveries: gone.len(), items: before - self.items.len() })
    }

    fn counts(&mut self, id: TargetId) -> Result<Counts, Error> {
        let mut counts = Counts { overflowed: self.target(id).overflowed, ..self.target(id).gone };
        for place in self.places.iter().filter(|place| place.target == id) {
            let count = match place.life.state {
                DeliveryState::Ready => &mut counts.ready,
                DeliveryState::Waiting => &mut counts.waiting,
                DeliveryState::Delayed => &mut counts.delayed,
                DeliveryState::Leased => &mut counts.leased,
                DeliveryState::Unknown => &mut counts.unknown,
                DeliveryState::Failed => &mut counts.failed,
                DeliveryState::Sent => &mut counts.sent,
                DeliveryState::Superseded => &mut counts.superseded,
                DeliveryState::Dropped => &mut counts.dropped,
            };
            *count += 1;
        }
        counts.issued = DeliveryState::ALL.into_iter().map(|state| counts.of(state)).sum();
        Ok(counts)
    }

    fn everything(&mut self) -> Result<Vec<Listed>, Error> {
        let mut all: Vec<_> = self.places.iter().collect();
        all.sort_unstable_by_key(|place| std::cmp::Reverse((place.serial, place.target)));
        Ok(all.into_iter().map(|place| self.listed(place)).collect())
    }
}
