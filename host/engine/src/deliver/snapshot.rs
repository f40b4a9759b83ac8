//! Snapshots: a target that is told of whole entries needs only the newest of those that wait. The older ones are
//! superseded once it is sure that the newest will be sent: its transforms have to keep it.

use stint_domain::item::{Item as Recorded, Payload};
use stint_plugin_runtime::{Item, Route};
use stint_store::{Serial, queue};

use super::{
    call::{Desk, is_snapshot},
    hand::Held,
    prepare,
};

/// Whether a newer snapshot takes the item's place. When in doubt it doesn't: to send one too many does no harm.
pub(super) async fn is_replaced(desk: &Desk, held: &Held) -> bool {
    let Some(entry) = held.claimed.entry.filter(|_| is_snapshot(desk, held)) else { return false };
    let station = &desk.station;
    let newest = station.desk.read(|connection| queue::newest(connection, station.id, entry));
    let Ok(Some(newest)) = newest else { return false };
    if newest <= held.claimed.serial || !is_kept(desk, held, newest).await {
        return false;
    }
    let (target, lease, now) = (station.id, held.lease, station.now());
    let superseded = station
        .desk
        .store()
        .write(move |transaction| queue::supersede(transaction, target, newest, Some(&lease), now));
    match superseded.await {
        Ok(count) => {
            let item = held.claimed.serial.0;
            tracing::info!(target: "stint::deliver", to = &*station.name, item, newer = newest.0, count, "superseded");
            count > 0
        }
        Err(error) => {
            tracing::warn!(target: "stint::deliver", to = &*station.name, "older snapshots stay: {error}");
            false
        }
    }
}

/// Whether the transforms let the newest snapshot pass. They run for it again when it is its turn, and what they make
/// then is what counts.
async fn is_kept(desk: &Desk, held: &Held, newest: Serial) -> bool {
    if desk.transforms.is_empty() {
        return true;
    }
    let Some(item) = read(desk, held, newest) else { return false };
    matches!(prepare::run(&desk.station.name, &desk.transforms, item).await, Ok(Ok(_)))
}

fn read(desk: &Desk, held: &Held, newest: Serial) -> Option<Item> {
    let found = desk.station.desk.read(|connection| queue::recorded(connection, newest)).ok()??;
    let payload: Payload = serde_json::from_slice(&found.payload).ok()?;
    let route = Route {
        key: held.claimed.key,
        entry_key: held.claimed.entry_key,
        entry_remote_id: held.claimed.entry_remote_id.clone(),
        attempt: 1,
        labels: Vec::new(),
        file: None,
    };
    Item::routed(Recorded { id: found.id, occurred_at: found.occurred_at, payload }, route).ok()
}
