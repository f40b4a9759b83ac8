//! Fan-out: one delivery for every target that accepts an item, with the counts gathered and written once.

use rusqlite::{Connection, params};
use stint_domain::{
    delivery::{DeliveryState, LaneRole, Ordering},
    id::EntryId,
    item::Kind,
    time::UnixMs,
};

use super::{
    lane, overflow,
    record::{NewItem, Recorded, Room},
};
use crate::{Error, Serial, TargetId, counts::Tally, sql};

struct Target {
    id: TargetId,
    accepts: i64,
    ordering: Ordering,
    pending_before: i64,
    tally: Tally,
    overflowed: usize,
    crowded: bool,
}

/// The targets of the configuration that take anything, with what is pending there.
pub const TARGETS: &str = "SELECT id, accepts, ordering, ready + waiting + delayed + leased + unknown \
     FROM target WHERE retired_ms IS NULL AND accepts <> 0";

/// The targets that items are issued to, as they stand in this transaction.
pub(crate) struct Targets(Vec<Target>);

impl Targets {
    /// All targets of the configuration.
    pub(crate) fn load(connection: &Connection) -> Result<Self, Error> {
        let mut statement = connection.prepare_cached(TARGETS)?;
        let mut rows = statement.query([])?;
        let mut targets = Vec::new();
        while let Some(row) = rows.next()? {
            let ordering = row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?;
            targets.push(Target {
                id: row.get(0)?,
                accepts: row.get(1)?,
                ordering: sql::from_word("an ordering", ordering)?,
                pending_before: row.get(3)?,
                tally: Tally::default(),
                overflowed: 0,
                crowded: false,
            });
        }
        Ok(Self(targets))
    }

    /// Whether an item of this kind will stand alone.
    pub(crate) fn nobody_accepts(&self, kind: Kind) -> bool {
        self.0.iter().all(|target| target.accepts & sql::bit(kind) == 0)
    }

    /// Issues one delivery to each target that accepts the item, and makes room where there is none.
    pub(crate) fn issue(
        &mut self,
        connection: &Connection,
        serial: Serial,
        item: &NewItem,
        now: UnixMs,
        room: Room,
    ) -> Result<(), Error> {
        for target in self.0.iter_mut().filter(|target| target.accepts & sql::bit(item.kind) != 0) {
            let role = LaneRole::new(item.kind, item.entry, target.ordering);
            let held = match role.lane() {
                Some(lane) => lane::head(connection, target.id, lane)?.is_some(),
                None => false,
            };
            issue(connection, serial, item.kind, target.id, role, held, &mut target.tally)?;
            target.make_room(connection, now, room)?;
        }
        Ok(())
    }

    /// Writes the counts, and says where room was short.
    pub(crate) fn finish(self, connection: &Connection, recorded: &mut Recorded) -> Result<(), Error> {
        for target in self.0 {
            target.tally.write(connection, target.id)?;
            if target.overflowed > 0 {
                recorded.overflowed.push((target.id, target.overflowed));
            }
            if target.crowded {
                recorded.crowded.push(target.id);
            }
        }
        Ok(())
    }
}

impl Target {
    fn make_room(&mut self, connection: &Connection, now: UnixMs, room: Room) -> Result<(), Error> {
        let over = |target: &Self| {
            sql::count(target.pending_before + target.tally.pending()).saturating_sub(room.backlog_max)
        };
        let excess = over(self);
        if excess > 0 {
            self.overflowed += overflow::give_up(connection, self.id, excess, now, &mut self.tally)?;
            self.crowded = over(self) > 0;
        }
        Ok(())
    }
}

/// A new delivery.
pub const INSERT_DELIVERY: &str = "INSERT INTO delivery (item_id, target_id, lane, holds, priority, state) \
                                          VALUES (?1, ?2, ?3, ?4, ?5, ?6)";

/// One new delivery, waiting where an older event of its lane is not done.
pub(crate) fn issue(
    connection: &Connection,
    serial: Serial,
    kind: Kind,
    target: TargetId,
    role: LaneRole,
    held: bool,
    tally: &mut Tally,
) -> Result<DeliveryState, Error> {
    let state = role.first_state(held);
    connection.prepare_cached(INSERT_DELIVERY)?.execute(params![
        serial,
        target,
        role.lane().as_ref().map(EntryId::as_bytes),
        matches!(role, LaneRole::Holds(_)),
        kind.priority().number(),
        state.word(),
    ])?;
    tally.issue(state, 1);
    Ok(state)
}
