//! `[control]`

use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    decode::{Reader, Section},
    value::Listen,
};

/// The local API and the dashboard.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(default, deny_unknown_fields)]
pub struct Control {
    /// Where it listens: an address of this machine. `:0` has the system choose a port.
    pub listen: Listen,
    /// Whether `/metrics` is served.
    pub metrics: bool,
}

impl Default for Control {
    fn default() -> Self {
        Self { listen: Listen::default(), metrics: true }
    }
}

impl Section for Control {
    fn read(reader: &mut Reader<'_, '_, '_>) -> Self {
        let default = Self::default();
        Self {
            listen: reader.value("listen", default.listen),
            metrics: reader.value("metrics", default.metrics),
        }
    }
}
