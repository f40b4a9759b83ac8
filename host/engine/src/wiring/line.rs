//! Everything that one target's items go through, as it is at this moment.

use std::{collections::BTreeMap, sync::Arc};

use super::Bound;

/// All lines, by the target's name. Targets that are switched off have none.
pub type Lines = Arc<BTreeMap<String, Arc<Line>>>;

/// Everything that one target's items go through.
#[derive(Clone, Debug)]
pub struct Line {
    /// The target's name.
    pub target: String,
    /// Its plugin.
    pub uploader: Result<Bound, Unready>,
    /// Its transforms in the order of their work. One that isn't ready holds the target: nothing is ever sent around it.
    pub transforms: Result<Vec<Bound>, Unready>,
    /// Its policy, if it has one of its own. One that isn't ready is replaced by the built-in rules.
    pub policy: Option<Result<Bound, Unready>>,
    /// All that isn't ready, by its place in the configuration: `transforms.words`.
    pub unready: BTreeMap<String, Unready>,
    /// Names the transforms, their versions and their settings: what was made by another chain is made again, unless
    /// it was sent already.
    pub chain: String,
    /// Names the plugin's version, the settings, the grants and the credentials: when it changes, what the target can
    /// do has to be shown anew.
    pub fingerprint: String,
    /// How many calls run at the same time at most.
    pub max_in_flight: usize,
}

/// Why a plugin can't be called in this place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unready {
    /// It isn't in the folder, or nothing in the folder under its name can be used.
    #[error("{0}")]
    Missing(String),
    /// It is there, and what the configuration says for it is wrong.
    #[error("{0}")]
    Misconfigured(String),
}
