//! What is delivered: one event each for as many entries, so that nothing waits for anything else.

use std::sync::Arc;

use stint_domain::{
    entry::{Details, Entry, Origin, Snapshot},
    id::{EntryId, ItemId},
    item::{Item, Payload},
    time::{Millis, UnixMs},
    timer::Event,
};
use stint_store::{
    Store,
    queue::{self, NewItem, Room},
};
use stint_tests::ratio::Failure;

const AT: UnixMs = UnixMs(1_780_000_000_000);

/// Records so many new items, the first of them with this number.
pub(crate) fn record(store: &Arc<Store>, first: u64, how_many: u64) -> Result<(), Failure> {
    let items = (first..first + how_many).map(item).collect::<Result<Vec<_>, _>>()?;
    store.write_blocking(move |transaction| {
        queue::record(transaction, &items, AT, Room { backlog_max: u64::MAX }).map(drop)
    })?;
    Ok(())
}

fn item(number: u64) -> Result<NewItem, Failure> {
    let id = |kind: u128| ((kind << 64) | u128::from(number)).to_be_bytes();
    let entry = Entry {
        id: EntryId::from_bytes(id(7)),
        details: Details {
            project: Some("Website".to_owned()),
            note: Some(format!("visit {number}")),
            ..Details::default()
        },
        started_at: AT,
        ended_at: None,
        segments: Vec::new(),
        gaps: Vec::new(),
        zone: "UTC".to_owned(),
        origin: Origin { person: "ada".into(), machine: "desk".into(), installation: "x".into() },
    };
    let entry = Box::new(Snapshot { entry, worked: Millis::ZERO });
    let payload = Payload::TimeEntry { event: Event::Started, entry, import: None };
    Ok(NewItem::of(&Item { id: ItemId::from_bytes(id(1)), occurred_at: AT, payload })?)
}
