//! Gaps: stretches of an entry of which it is in question whether they were work.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{id::GapId, time::Span};

/// Why a stretch is in question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum GapKind {
    /// The machine slept.
    Sleep,
    /// The machine was off or was started anew.
    Reboot,
    /// The host had crashed.
    Interrupted,
    /// Nobody touched the machine.
    Idle,
}

impl GapKind {
    /// The word for it in JSON, in tables and on the timeline.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Sleep => "sleep",
            Self::Reboot => "reboot",
            Self::Interrupted => "interrupted",
            Self::Idle => "idle",
        }
    }
}

/// A stretch in question. The person decides: `kept` counts, by its length on the wall clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// Its id: what `stint gap keep` names.
    pub id: GapId,
    /// Why it is in question.
    pub kind: GapKind,
    /// Where it lies on the wall clock.
    pub span: Span,
    /// Whether it counts as work.
    pub kept: bool,
}
