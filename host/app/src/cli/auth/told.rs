//! The vault of the configuration, for a verb, and telling a running host that something in it is new.

use std::sync::Arc;

use stint_clock::SystemClock;
use stint_engine::{Keys, data_dir};
use stint_plugin_runtime::vault::Vault;

use crate::api::{Address, CredentialChanged, CredentialNoted};
use crate::cli::Globals;
use crate::client::{Call, Session};
use crate::error::CliError;
use crate::output::Output;

/// The vault of the configuration.
pub(super) fn vault(globals: &Globals) -> Result<Vault, CliError> {
    let loaded = globals.load()?;
    let keys = Keys::new(Arc::new(SystemClock::new()?));
    keys.vault(&loaded.config).map_err(|why| CliError::unusable_network(&why))
}

/// Tells a running host; whether there is one and it knows. What was done is done whatever it says.
pub(super) async fn tell(globals: &Globals, name: &str, output: Output) -> bool {
    let Ok(loaded) = globals.load() else { return false };
    let Ok(dir) = data_dir(&loaded) else { return false };
    if Address::in_dir(&dir).connect().is_err() {
        return false;
    }
    let call = Call::post("/api/v1/auth/changed", &CredentialChanged { name: Some(name.to_owned()) });
    let told = async { Session::begin(globals)?.call::<CredentialNoted>(call).await };
    match told.await {
        Ok(answer) => answer.noted,
        Err(error) => {
            output.note(&format!("the running host could not be told: {}; start it again", error.message()));
            false
        }
    }
}
