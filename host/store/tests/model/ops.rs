//! What can happen to a queue, in words that fit any state: things are named by small numbers that are looked up in
//! what there is when the time comes.

use proptest::{collection::vec, option, prelude::*};
use stint_domain::{
    delivery::Idempotency,
    failure::{Cause, Failure, ItemFate, Ruling, table::Consequence},
    id::{EntryId, ItemId},
    item::{Kind, Priority},
    time::{Millis, UnixMs},
};
use stint_store::{
    Epoch, Error, Serial, TargetId,
    queue::{
        Batch, Lease, NewImport, NewItem, Outcome, Plugin, Prepared, Queue, Room, Settled, Settlement,
        Wanted, Was, Which,
    },
    target::{Hold, HoldReason, Pass},
};

pub(crate) const TARGETS: i64 = 3;

/// One thing that happens.
#[derive(Clone, Debug)]
pub(crate) enum Op {
    Record { items: Vec<(u8, Kind, Option<u8>, bool)> },
    Import { rows: Vec<(u8, bool, u8, u8)>, target: Option<i64> },
    OpenPass { target: i64 },
    ClosePass { pass: usize },
    Claim { pass: usize, limit: usize, priority_max: u8, kinds: Option<Vec<Kind>>, avoid: Option<i64> },
    Lookups { pass: usize, limit: usize },
    Resend { target: i64, class: Idempotency },
    Prepare { lease: usize, made: Option<u8> },
    Begin { lease: usize },
    Settle { lease: usize, outcomes: Vec<u8>, hold: bool },
    Retry { which: Pick, reprepare: bool },
    Drop { which: Pick },
    Supersede { target: i64, newer: i64, lease: Option<usize> },
    Transfer { old: i64, new: i64 },
    Release { target: i64 },
    Wait { seconds: u32 },
    SetClock { year: bool },
    Restart,
    Purge { keep_minutes: u64 },
}

/// Which deliveries a person means.
#[derive(Clone, Debug)]
pub(crate) enum Pick {
    Items(Vec<i64>, Option<i64>),
    Failed(Option<i64>),
}

/// What surrounds a queue: the time, the process, and whoever has or had something in hand.
#[derive(Clone, Debug)]
pub(crate) struct World {
    pub(crate) now: UnixMs,
    pub(crate) epoch: Epoch,
    passes: Vec<Pass>,
    batches: Vec<Batch>,
}

pub(crate) fn ops() -> impl Strategy<Value = Op> {
    let kind = prop_oneof![
        5 => Just(Kind::TimeEntry),
        2 => Just(Kind::Screenshot),
        1 => Just(Kind::Activity),
        1 => Just(Kind::Custom),
    ];
    let class = prop_oneof![
        Just(Idempotency::NativeKey),
        Just(Idempotency::PutOverwrite),
        Just(Idempotency::LookupBeforeCreate),
        Just(Idempotency::AtMostOnce),
    ];
    let target = 1..=TARGETS;
    let pick = prop_oneof![
        (vec(1..16_i64, 1..4), option::of(target.clone())).prop_map(|(items, at)| Pick::Items(items, at)),
        option::of(target.clone()).prop_map(Pick::Failed),
    ];
    let item = (0..24_u8, kind.clone(), option::weighted(0.8, 0..3_u8), prop::bool::weighted(0.04));
    prop_oneof![
        8 => vec(item, 1..4).prop_map(|items| Op::Record { items }),
        2 => (vec((16..32_u8, any::<bool>(), 0..3_u8, 0..3_u8), 1..4), option::weighted(0.3, target.clone()))
            .prop_map(|(rows, target)| Op::Import { rows, target }),
        6 => target.clone().prop_map(|target| Op::OpenPass { target }),
        1 => (0..4_usize).prop_map(|pass| Op::ClosePass { pass }),
        9 => (0..4_usize, 0..4_usize, 0..3_u8, option::weighted(0.1, vec(kind, 0..3)), option::weighted(0.2, 1..16_i64))
            .prop_map(|(pass, limit, priority_max, kinds, avoid)| Op::Claim { pass, limit, priority_max: 2 - priority_max / 2, kinds, avoid }),
        2 => (0..4_usize, 0..3_usize).prop_map(|(pass, limit)| Op::Lookups { pass, limit }),
        2 => (target.clone(), class).prop_map(|(target, class)| Op::Resend { target, class }),
        2 => (0..4_usize, option::of(any::<u8>())).prop_map(|(lease, made)| Op::Prepare { lease, made }),
        5 => (0..4_usize).prop_map(|lease| Op::Begin { lease }),
        9 => (0..4_usize, vec(any::<u8>(), 4), prop::bool::weighted(0.05))
            .prop_map(|(lease, outcomes, hold)| Op::Settle { lease, outcomes, hold }),
        2 => (pick.clone(), any::<bool>()).prop_map(|(which, reprepare)| Op::Retry { which, reprepare }),
        2 => pick.prop_map(|which| Op::Drop { which }),
        2 => (target.clone(), 1..16_i64, option::of(0..4_usize))
            .prop_map(|(target, newer, lease)| Op::Supersede { target, newer, lease }),
        3 => (target.clone(), target.clone()).prop_map(|(old, new)| Op::Transfer { old, new }),
        2 => target.prop_map(|target| Op::Release { target }),
        4 => prop_oneof![0..60_u32, 200..400_u32, 3_000..90_000_u32].prop_map(|seconds| Op::Wait { seconds }),
        1 => any::<bool>().prop_map(|year| Op::SetClock { year }),
        2 => Just(Op::Restart),
        1 => (0..120_u64).prop_map(|keep_minutes| Op::Purge { keep_minutes }),
    ]
}

impl World {
    pub(crate) fn new() -> Self {
        Self { now: UnixMs(1_700_000_000_000), epoch: Epoch(1), passes: Vec::new(), batches: Vec::new() }
    }

    /// Does one thing to a queue and says what came of it, as text: two queues that answer alike are alike.
    pub(crate) fn perform(&mut self, op: &Op, queue: &mut impl Queue) -> String {
        match self.attempt(op, queue) {
            Ok(answer) => answer,
            Err(Error::KeyReused { id, .. }) => format!("the id {id} is used already"),
            Err(error) => error.to_string(),
        }
    }

    fn attempt(&mut self, op: &Op, queue: &mut impl Queue) -> Result<String, Error> {
        let now = self.now;
        Ok(match op {
            Op::Record { items } => {
                let items: Vec<_> = items.iter().map(|item| new_item(*item, now)).collect();
                format!("{:?}", queue.record(&items, now, Room { backlog_max: 7 })?)
            }
            Op::Import { rows, target } => {
                let rows: Vec<_> = rows.iter().map(|row| new_import(*row, now)).collect();
                format!("{:?}", queue.import(&rows, target.map(TargetId), now, Room { backlog_max: 7 })?)
            }
            Op::OpenPass { target } => {
                let pass = queue.open_pass(TargetId(*target), self.epoch, now)?;
                self.passes.extend(pass);
                format!("{pass:?}")
            }
            Op::ClosePass { pass } => match self.pass(*pass) {
                Some(pass) => format!("{:?}", queue.close_pass(&pass)?),
                None => String::new(),
            },
            Op::Claim { pass, limit, priority_max, kinds, avoid } => {
                let Some(pass) = self.pass(*pass) else { return Ok(String::new()) };
                let wanted = Wanted {
                    limit: *limit,
                    priority_max: Priority::from_number(*priority_max),
                    kinds: kinds.clone(),
                    avoid: avoid.map(Serial),
                };
                self.took(queue.claim(&pass, &wanted, now)?)
            }
            Op::Lookups { pass, limit } => {
                let Some(pass) = self.pass(*pass) else { return Ok(String::new()) };
                self.took(queue.claim_lookups(&pass, *limit, now)?)
            }
            Op::Resend { target, class } => {
                format!("{:?}", queue.resend_unknown(TargetId(*target), *class, now)?)
            }
            Op::Prepare { lease, made } => {
                let Some(batch) = self.batch(*lease) else { return Ok(String::new()) };
                let made = made.map(|made| Prepared { chain: [made; 32], payload: vec![made], file: None });
                format!("{:?}", queue.prepare(&batch.lease, batch.items[0].serial, made.as_ref())?)
            }
            Op::Begin { lease } => {
                let Some(batch) = self.batch(*lease) else { return Ok(String::new()) };
                let serials: Vec<_> = batch.items.iter().map(|item| item.serial).collect();
                format!("{:?}", queue.begin(&batch.lease, &serials, now)?)
            }
            Op::Settle { lease, outcomes, hold } => {
                let Some(batch) = self.batch(*lease) else { return Ok(String::new()) };
                settle(queue, &batch, outcomes, *hold, now)?
            }
            Op::Retry { which, reprepare } => format!("{:?}", queue.retry(&which.meant(), *reprepare, now)?),
            Op::Drop { which } => format!("{:?}", queue.drop_deliveries(&which.meant(), "enough", now)?),
            Op::Supersede { target, newer, lease } => {
                let lease = lease.and_then(|lease| self.batch(lease)).map(|batch| batch.lease);
                let lease = lease.filter(|lease| lease.target == TargetId(*target));
                format!("{:?}", queue.supersede(TargetId(*target), Serial(*newer), lease.as_ref(), now)?)
            }
            Op::Transfer { old, new } => {
                format!("{:?}", queue.transfer(TargetId(*old), TargetId(*new), now)?)
            }
            Op::Release { target } => format!("{:?}", queue.release(TargetId(*target))?),
            Op::Wait { seconds } => {
                self.now = now + Millis::from_secs(u64::from(*seconds));
                String::new()
            }
            Op::SetClock { year } => {
                self.now = if *year { UnixMs(4_102_444_800_000) } else { UnixMs(0) };
                String::new()
            }
            Op::Restart => {
                self.epoch.0 += 1;
                format!("{:?}", queue.reclaim_foreign(self.epoch, now)?)
            }
            Op::Purge { keep_minutes } => {
                format!("{:?}", queue.purge(Millis::from_mins(*keep_minutes), 1_000, now)?)
            }
        })
    }

    fn pass(&self, place: usize) -> Option<Pass> {
        recent(&self.passes, place).copied()
    }

    fn batch(&self, place: usize) -> Option<Batch> {
        recent(&self.batches, place).cloned()
    }

    fn took(&mut self, batch: Option<Batch>) -> String {
        let answer = format!("{batch:?}");
        self.batches.extend(batch);
        answer
    }
}

/// One of the last few: 0 is the latest.
fn recent<T>(all: &[T], place: usize) -> Option<&T> {
    all.len().checked_sub(1 + place).map(|place| &all[place])
}

fn new_item((id, kind, entry, other_body): (u8, Kind, Option<u8>, bool), now: UnixMs) -> NewItem {
    let entry = entry.or((kind == Kind::TimeEntry).then_some(0));
    let body = if other_body { "another body".to_owned() } else { format!("body {id}") };
    NewItem {
        id: ItemId::from_bytes([id; 16]),
        kind,
        entry: entry.filter(|_| kind != Kind::Custom).map(|entry| EntryId::from_bytes([entry; 16])),
        occurred_at: now,
        payload: body.into_bytes(),
        file: None,
    }
}

/// A row of another queue: an event or a picture of an entry, under an id that may be in use.
fn new_import((id, event, entry, was): (u8, bool, u8, u8), now: UnixMs) -> NewImport {
    let kind = if event { Kind::TimeEntry } else { Kind::Screenshot };
    let was = match was {
        0 => Was::Pending,
        1 => Was::Failed { attempts: 5, cause: Cause::Invalid, message: Some("no".into()) },
        _ => Was::Sent,
    };
    NewImport { item: new_item((id, kind, Some(entry), false), now), was }
}

impl Pick {
    fn meant(&self) -> Which {
        match self {
            Self::Items(serials, target) => Which::Items {
                serials: serials.iter().copied().map(Serial).collect(),
                target: target.map(TargetId),
            },
            Self::Failed(target) => Which::Failed { target: target.map(TargetId) },
        }
    }
}

fn settle(
    queue: &mut impl Queue,
    batch: &Batch,
    outcomes: &[u8],
    hold: bool,
    now: UnixMs,
) -> Result<String, Error> {
    let items: Vec<_> = batch
        .items
        .iter()
        .zip(outcomes)
        .map(|(item, draw)| Settled {
            serial: item.serial,
            outcome: outcome(*draw, now, item.looking_up),
            excerpt: None,
        })
        .collect();
    let hold = hold.then(|| Hold { reason: HoldReason::NeedsLogin, message: String::new(), since: now });
    let settlement = Settlement {
        lease: Lease { ..batch.lease },
        now,
        items: &items,
        plugin: &Plugin::default(),
        writes: &[],
        files: &[],
        pace: None,
        hold: hold.as_ref(),
    };
    Ok(format!("{:?}", queue.settle(&settlement)?))
}

fn outcome(draw: u8, now: UnixMs, looking_up: bool) -> Outcome {
    let remote_id = draw.is_multiple_of(2).then(|| format!("remote {draw}"));
    let fate = match draw % 12 {
        0..4 => return Outcome::Delivered { remote_id },
        4 if looking_up => return Outcome::Absent { remote_id },
        4 => return Outcome::Released,
        5 => return Outcome::Outdated,
        6 if draw > 128 => return Outcome::Withheld { reason: "private".into() },
        6 | 7 => ItemFate::Again,
        8 | 9 => ItemFate::Later,
        10 => ItemFate::Unknown,
        _ => ItemFate::Fail,
    };
    let charged = !matches!(fate, ItemFate::Again | ItemFate::Unknown);
    let ruling = Ruling {
        item: fate,
        target: Consequence::GoOn,
        charged,
        crashed: false,
        uncertain: fate == ItemFate::Unknown,
    };
    let failure =
        Failure { cause: Cause::Other, message: format!("{draw}"), retry_after: None, http_status: None };
    // One due time in a while is from another century.
    let due = if draw > 250 { UnixMs(i64::MAX / 2) } else { now + Millis::from_secs(u64::from(draw) * 7) };
    Outcome::Failed { failure, ruling, due }
}
