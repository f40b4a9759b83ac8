//! Lanes: the events of one entry reach a target in the order in which they happened.

use serde::{Deserialize, Serialize};

use super::state::DeliveryState;
use crate::{
    id::EntryId,
    item::{Item, Kind},
};

/// What order a target needs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ordering {
    /// The events of an entry one after the other.
    #[default]
    PerEntry,
    /// None: each item stands alone.
    None,
}

/// An item's place in the order of its entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LaneRole {
    /// It waits for the entry's older events and holds up the younger ones.
    Holds(EntryId),
    /// It waits for the entry's older events and holds up nobody.
    Follows(EntryId),
    /// It stands alone.
    Free,
}

impl LaneRole {
    /// The place of `item` at a target that needs this `ordering`.
    pub fn of(item: &Item, ordering: Ordering) -> Self {
        Self::new(item.kind(), item.entry_id(), ordering)
    }

    /// The place of an item of this kind and entry at a target that needs this `ordering`.
    pub const fn new(kind: Kind, entry: Option<EntryId>, ordering: Ordering) -> Self {
        match (ordering, kind, entry) {
            (Ordering::PerEntry, Kind::TimeEntry, Some(entry)) => Self::Holds(entry),
            (Ordering::PerEntry, Kind::Screenshot | Kind::Activity, Some(entry)) => Self::Follows(entry),
            _ => Self::Free,
        }
    }

    /// The lane it stands in.
    pub const fn lane(self) -> Option<EntryId> {
        match self {
            Self::Holds(entry) | Self::Follows(entry) => Some(entry),
            Self::Free => None,
        }
    }

    /// The state in which a new delivery begins, where `held` says that an older event of its lane is not done.
    pub const fn first_state(self, held: bool) -> DeliveryState {
        if held && self.lane().is_some() { DeliveryState::Waiting } else { DeliveryState::Ready }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        entry::{Details, Entry, Origin},
        id::ItemId,
        item::Payload,
        time::{Span, UnixMs},
        timer::Event,
    };

    fn item(payload: Payload) -> Item {
        Item { id: ItemId::from_bytes([0; 16]), occurred_at: UnixMs(0), payload }
    }

    #[test]
    fn events_hold_their_lane_and_what_belongs_to_the_entry_follows() {
        let id = EntryId::from_bytes([3; 16]);
        let origin = Origin { person: "p".into(), machine: "m".into(), installation: "i".into() };
        let entry = Entry::new(id, Details::default(), UnixMs(0), "UTC".into(), origin);
        let event =
            item(Payload::TimeEntry { event: Event::Started, entry: Box::new(entry.into()), import: None });
        let activity = |entry_id| {
            item(Payload::Activity { entry_id, window: Span::new(UnixMs(0), UnixMs(1)), samples: vec![] })
        };
        assert_eq!(LaneRole::of(&event, Ordering::PerEntry), LaneRole::Holds(id));
        assert_eq!(LaneRole::of(&event, Ordering::None), LaneRole::Free);
        assert_eq!(LaneRole::of(&activity(Some(id)), Ordering::PerEntry), LaneRole::Follows(id));
        assert_eq!(LaneRole::of(&activity(None), Ordering::PerEntry), LaneRole::Free);
        assert_eq!(LaneRole::Follows(id).lane(), Some(id));
    }

    #[test]
    fn only_what_stands_in_a_lane_waits() {
        let id = EntryId::from_bytes([3; 16]);
        assert_eq!(LaneRole::Holds(id).first_state(true), DeliveryState::Waiting);
        assert_eq!(LaneRole::Follows(id).first_state(true), DeliveryState::Waiting);
        assert_eq!(LaneRole::Holds(id).first_state(false), DeliveryState::Ready);
        assert_eq!(LaneRole::Free.first_state(true), DeliveryState::Ready);
    }
}
