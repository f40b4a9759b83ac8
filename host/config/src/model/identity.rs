//! `[identity]`

use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    decode::{Reader, Section},
    value::Wording,
};

/// Whose time is tracked, and on which machine.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
#[schemars(default, deny_unknown_fields)]
pub struct Identity {
    /// Whose time it is. By default the name of the system's user.
    pub person: Option<Wording>,
    /// The machine. By default its host name.
    pub machine: Option<Wording>,
}

impl Section for Identity {
    fn read(reader: &mut Reader<'_, '_, '_>) -> Self {
        Self { person: reader.optional("person"), machine: reader.optional("machine") }
    }
}
