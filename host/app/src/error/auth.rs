//! What goes wrong with credentials.

use stint_plugin_runtime::vault::VaultError;

use super::CliError;
use crate::exit;

impl CliError {
    /// The secret could not be read from whoever gives it.
    pub(crate) fn no_secret(why: &dyn std::fmt::Display) -> Self {
        Self::new(
            exit::BAD_DATA,
            &format!("read the secret: {why}"),
            Some(
                "type it when it is asked for, or hand it over by a pipe: pass show work | stint auth set work",
            ),
        )
    }

    /// What the configuration says about the network can't be used.
    pub(crate) fn unusable_network(why: &str) -> Self {
        Self::whole(exit::CONFIGURATION, &why, None)
    }
}

impl From<VaultError> for CliError {
    fn from(error: VaultError) -> Self {
        let (exit, hint) = match &error {
            VaultError::Unknown { .. } => {
                (exit::BAD_DATA, Some("`stint auth status` shows those that the configuration has"))
            }
            VaultError::NotSettable { .. } => (exit::REFUSED, None),
            VaultError::Empty { .. }
            | VaultError::NotText { .. }
            | VaultError::Unsendable { .. }
            | VaultError::NotInKeyring { .. } => (exit::BAD_DATA, None),
            VaultError::File { what: "read", .. }
            | VaultError::NoVariable { .. }
            | VaultError::NoProgram { .. }
            | VaultError::Failed { .. }
            | VaultError::TooMuch { .. }
            | VaultError::NoKeyring { .. } => (exit::UNAVAILABLE, None),
            VaultError::File { .. } | VaultError::BadStore { .. } => (exit::CANT_CREATE, None),
            VaultError::TooSlow { .. } => (exit::TRY_AGAIN, None),
            VaultError::Lost { .. } => (exit::INTERNAL, None),
        };
        Self::whole(exit, &error, hint)
    }
}
