//! The states of a delivery, and the four words that people see for them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Where one item stands at one target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeliveryState {
    /// It may be sent now.
    Ready,
    /// An older event of its entry comes first.
    Waiting,
    /// It may be sent when its time has come.
    Delayed,
    /// A pass has it in hand.
    Leased,
    /// The target has it.
    Sent,
    /// It was refused for good; a person may retry or drop it.
    Failed,
    /// It was given up: by a person, or because there was no room.
    Dropped,
    /// It may have arrived: that is found out before anything is sent again.
    Unknown,
    /// A newer snapshot of its entry took its place.
    Superseded,
}

/// The word for a state that people and JSON see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PlainState {
    /// Still to be delivered.
    Pending,
    /// Delivered, or no longer needed because something newer was.
    Sent,
    /// Refused for good.
    Failed,
    /// Given up.
    Dropped,
}

impl DeliveryState {
    /// All states.
    pub const ALL: [Self; 9] = [
        Self::Ready,
        Self::Waiting,
        Self::Delayed,
        Self::Leased,
        Self::Sent,
        Self::Failed,
        Self::Dropped,
        Self::Unknown,
        Self::Superseded,
    ];

    /// The word for it in the store, in JSON and in tables.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Waiting => "waiting",
            Self::Delayed => "delayed",
            Self::Leased => "leased",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Dropped => "dropped",
            Self::Unknown => "unknown",
            Self::Superseded => "superseded",
        }
    }

    /// What people see.
    pub const fn plain(self) -> PlainState {
        match self {
            Self::Ready | Self::Waiting | Self::Delayed | Self::Leased | Self::Unknown => PlainState::Pending,
            Self::Sent | Self::Superseded => PlainState::Sent,
            Self::Failed => PlainState::Failed,
            Self::Dropped => PlainState::Dropped,
        }
    }

    /// Whether nothing more will happen to it by itself or by a person.
    pub const fn is_done(self) -> bool {
        matches!(self, Self::Sent | Self::Dropped | Self::Superseded)
    }

    /// Whether the younger events of its entry have to wait for it.
    pub const fn holds_lane(self) -> bool {
        !self.is_done()
    }
}

impl fmt::Display for DeliveryState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_what_serde_writes() {
        for state in DeliveryState::ALL {
            assert_eq!(serde_json::to_value(state).unwrap(), state.word());
            assert_eq!(state.to_string(), state.word());
        }
    }

    #[test]
    fn people_see_four_words() {
        let seen = DeliveryState::ALL.map(|state| serde_json::to_value(state.plain()).unwrap());
        assert_eq!(
            seen,
            ["pending", "pending", "pending", "pending", "sent", "failed", "dropped", "pending", "sent"]
        );
    }

    #[test]
    fn a_lane_goes_on_past_what_is_done_alone() {
        let open = DeliveryState::ALL.into_iter().filter(|state| state.holds_lane()).map(DeliveryState::word);
        assert_eq!(open.collect::<Vec<_>>(), ["ready", "waiting", "delayed", "leased", "failed", "unknown"]);
    }
}
