//! `[activity]`

use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    decode::{Reader, Section},
    value::Period,
};

/// Idle and focus samples. Off unless it is written here.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(default, deny_unknown_fields)]
pub struct Activity {
    /// Whether samples are taken.
    pub enabled: bool,
    /// How often one is taken.
    pub sample: Period,
    /// Whether they have the titles of windows.
    pub titles: bool,
}

impl Default for Activity {
    fn default() -> Self {
        Self { enabled: false, sample: Period::from_secs(5), titles: false }
    }
}

impl Section for Activity {
    fn read(reader: &mut Reader<'_, '_, '_>) -> Self {
        let default = Self::default();
        Self {
            enabled: reader.value("enabled", default.enabled),
            sample: reader.within("sample", default.sample, Period::from_secs(1)..=Period::from_mins(10)),
            titles: reader.value("titles", default.titles),
        }
    }
}
