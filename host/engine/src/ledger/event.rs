//! Events, as they are told and as JSON has them. Fields may be added, none is renamed or taken away.

use serde::{Deserialize, Serialize};
use stint_domain::{
    failure::Cause,
    id::{EntryId, ItemId},
    item::Kind,
    time::Millis,
    timer::State,
};

use crate::when::When;

/// An event that was told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Its number.
    pub number: u64,
    /// When it happened.
    pub at: When,
    /// What happened.
    #[serde(flatten)]
    pub event: Event,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// A person's command changed the timer or the timeline.
    Timer {
        /// The timer's state from then on.
        state: State,
        /// The entry that was changed.
        entry_id: Option<EntryId>,
        /// What was done, in words.
        message: String,
    },
    /// An item reached a target.
    Delivered {
        /// The target.
        target: String,
        /// The item.
        item: Which,
        /// How long the call took.
        took_ms: Millis,
        /// What the target calls it.
        remote_id: Option<String>,
    },
    /// An item did not reach a target, and is tried again.
    Later {
        /// The target.
        target: String,
        /// The item.
        item: Which,
        /// Why.
        cause: Cause,
        /// What was said.
        message: String,
        /// Whether that counts against the item.
        charged: bool,
        /// Whether it may have arrived.
        may_have_arrived: bool,
        /// How long until it may be tried again, as far as the item goes.
        in_ms: Millis,
    },
    /// An item failed for good.
    Failed {
        /// The target.
        target: String,
        /// The item.
        item: Which,
        /// Why.
        cause: Cause,
        /// What was said.
        message: String,
    },
    /// An item isn't sent to a target, because a transform keeps it back or something newer is there.
    Withheld {
        /// The target.
        target: String,
        /// The item.
        item: Which,
        /// Why.
        reason: String,
    },
    /// A pass over a target ended.
    Passed {
        /// The target.
        target: String,
        /// How many items were delivered.
        delivered: u64,
        /// How many failed for good.
        failed: u64,
        /// How many are tried again.
        later: u64,
        /// The whole in words.
        result: String,
    },
    /// Something else that people see at a glance is another than before. Whoever shows it looks again.
    Changed {
        /// What.
        what: Part,
    },
    /// Nothing is sent to a target, and this is why.
    Idle {
        /// The target.
        target: String,
        /// Why.
        why: String,
    },
}

/// A part of what people see at a glance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// A new configuration counts, or one was refused.
    Configuration,
    /// What serves, and what was not let in.
    Plugins,
    /// How the host's own tasks fare.
    Tasks,
    /// What may be missing.
    Alerts,
    /// A person's word on a target.
    Targets,
    /// A person's word on what waits or failed.
    Queue,
    /// One was kept or taken back, they were paused, or they can't be taken any more.
    Screenshots,
}

impl Part {
    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Configuration => "configuration",
            Self::Plugins => "plugins",
            Self::Tasks => "tasks",
            Self::Alerts => "alerts",
            Self::Targets => "targets",
            Self::Queue => "queue",
            Self::Screenshots => "screenshots",
        }
    }
}

/// An item by all its names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Which {
    /// Its number on this machine.
    pub number: i64,
    /// Its id.
    pub id: ItemId,
    /// What it is about.
    pub kind: Kind,
}

impl Event {
    /// The target that it is about, if it is about one.
    pub fn target(&self) -> Option<&str> {
        match self {
            Self::Timer { .. } | Self::Changed { .. } => None,
            Self::Delivered { target, .. }
            | Self::Later { target, .. }
            | Self::Failed { target, .. }
            | Self::Withheld { target, .. }
            | Self::Passed { target, .. }
            | Self::Idle { target, .. } => Some(target),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use stint_domain::time::UnixMs;

    #[test]
    fn the_shape_stays_as_it_is() {
        let item = Which { number: 7, id: ItemId::from_bytes([2; 16]), kind: Kind::TimeEntry };
        let event = Event::Delivered {
            target: "work".into(),
            item,
            took_ms: Millis(12),
            remote_id: Some("77".into()),
        };
        let told = Told { number: 3, at: When(UnixMs(0)), event };
        let json = serde_json::to_string(&told).unwrap();
        assert_eq!(
            json,
            r#"{"number":3,"at":"1970-01-01T00:00:00.000Z","event":"delivered","target":"work","item":{"number":7,"id":"02020202-0202-0202-0202-020202020202","kind":"time-entry"},"took_ms":12,"remote_id":"77"}"#
        );
        assert_eq!(serde_json::from_str::<Told>(&json).unwrap(), told);
        assert_eq!(told.event.target(), Some("work"));
    }
}
