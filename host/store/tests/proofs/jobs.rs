//! What the script does within a transaction, with the store's own functions.

use rusqlite::Transaction;
use stint_domain::{
    item::Priority,
    timer::{self, Context, Rules},
};
use stint_store::{
    Epoch, Error, NewBlob, Serial,
    queue::{self, NewItem, Outcome, Plugin, Room, Settled, Settlement, Wanted},
    target,
    timeline::{self, Sink},
};

use crate::plan;

/// A person's verb: the decision, its record and its item.
pub(crate) fn verb(tx: &Transaction<'_>, step: usize) -> Result<(), Error> {
    let id = plan::command_id(step);
    if timeline::first_answer(tx, id)?.is_some() {
        return Ok(());
    }
    let now = plan::moment(step);
    let loaded = timeline::load(tx)?;
    let mut entropy = [0; 10];
    entropy[..8].copy_from_slice(&u64::try_from(step).unwrap().to_be_bytes());
    let context = Context {
        now,
        attended: true,
        next_seq: loaded.next_seq,
        entropy,
        rules: Rules::default(),
        zone: "Europe/London",
        origin: &plan::origin(),
        last: None,
        taken: &[],
    };
    let command = plan::command(step, loaded.timer.state());
    let (decision, answer) = timer::command(&loaded.timer, &command, &context).unwrap();
    assert!(answer.changed, "every verb of the script changes something: {answer:?}");
    let command = timeline::Command { id, answer: &answer, asked: None };
    let sink = Sink { now: now.wall, entropy, room: Room::default() };
    timeline::apply(tx, loaded.version, &decision, Some(command), sink)?;
    Ok(())
}

/// An item with its content and its deliveries.
pub(crate) fn record(
    tx: &Transaction<'_>,
    item: &NewItem,
    blob: Option<&NewBlob>,
    step: usize,
) -> Result<(), Error> {
    if let Some(blob) = blob {
        blob.insert(tx)?;
    }
    queue::record(tx, std::slice::from_ref(item), plan::moment(step).wall, Room::default())?;
    Ok(())
}

type Claimed = Option<(queue::Lease, Vec<Serial>)>;

/// A pass takes what is next for the target that takes all.
pub(crate) fn claim(tx: &Transaction<'_>, session: usize, step: usize) -> Result<Claimed, Error> {
    let now = plan::moment(step).wall;
    let target = target::find(tx, "all")?;
    let owner = Epoch(i64::try_from(session).unwrap());
    let Some(pass) = target::open_pass(tx, target, owner, now)? else { return Ok(None) };
    let wanted = Wanted { limit: 3, priority_max: Priority::Low, kinds: None, avoid: None };
    let batch = queue::claim(tx, &pass, &wanted, now)?;
    target::close_pass(tx, &pass)?;
    Ok(batch.map(|batch| (batch.lease, batch.items.iter().map(|item| item.serial).collect())))
}

/// All of it was delivered. Gives back what this settled.
pub(crate) fn settle(
    tx: &Transaction<'_>,
    lease: queue::Lease,
    serials: &[Serial],
    step: usize,
) -> Result<Vec<Serial>, Error> {
    let outcome = |serial: &Serial| Settled {
        serial: *serial,
        outcome: Outcome::Delivered { remote_id: Some(format!("remote {serial}")) },
        excerpt: None,
    };
    let items: Vec<_> = serials.iter().map(outcome).collect();
    let settlement = Settlement {
        lease,
        now: plan::moment(step).wall,
        items: &items,
        plugin: &Plugin::default(),
        writes: &[],
        files: &[],
        pace: None,
        hold: None,
    };
    let report = queue::settle(tx, &settlement)?;
    Ok(serials.iter().copied().filter(|serial| !report.stale.contains(serial)).collect())
}
