//! `[storage]`

use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    decode::{Reader, Section},
    value::{ByteSize, FilePath},
};

/// Where stint keeps its data, and how much of it.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(default, deny_unknown_fields)]
pub struct Storage {
    /// The data directory. By default `$XDG_DATA_HOME/stint`, which is `~/.local/share/stint` for most.
    pub data_dir: Option<FilePath>,
    /// How many undelivered items a target may have before the least important ones are dropped. Time entries never
    /// are.
    #[schemars(range(min = 100, max = 10_000_000))]
    pub max_backlog: u32,
    /// How many days delivered items are kept.
    #[schemars(range(max = 3650))]
    pub retain_sent_days: u32,
    /// How many bytes of delivered pictures are kept; the oldest go first.
    pub retain_pictures: ByteSize,
    /// How large the database may become.
    pub quota: ByteSize,
}

/// The most items, days and room that may be written.
const MOST: (u32, u32, u64) = (10_000_000, 3650, 1024);

impl Storage {
    /// With the widest limits that may be written.
    pub(crate) fn widest() -> Self {
        let (max_backlog, retain_sent_days, gib) = MOST;
        Self {
            data_dir: None,
            max_backlog,
            retain_sent_days,
            retain_pictures: ByteSize::from_gib(gib),
            quota: ByteSize::from_gib(gib),
        }
    }
}

impl Default for Storage {
    fn default() -> Self {
        Self {
            data_dir: None,
            max_backlog: 10_000,
            retain_sent_days: 7,
            retain_pictures: ByteSize::from_gib(1),
            quota: ByteSize::from_gib(2),
        }
    }
}

impl Section for Storage {
    fn read(reader: &mut Reader<'_, '_, '_>) -> Self {
        let default = Self::default();
        Self {
            data_dir: reader.optional("data_dir"),
            max_backlog: reader.within("max_backlog", default.max_backlog, 100..=MOST.0),
            retain_sent_days: reader.within("retain_sent_days", default.retain_sent_days, 0..=MOST.1),
            retain_pictures: reader.within(
                "retain_pictures",
                default.retain_pictures,
                ByteSize::from_mib(0)..=ByteSize::from_gib(MOST.2),
            ),
            quota: reader.within("quota", default.quota, ByteSize::from_mib(16)..=ByteSize::from_gib(MOST.2)),
        }
    }
}
