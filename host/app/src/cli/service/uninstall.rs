//! `stint service uninstall`

use std::{fs, io};

use clap::Args;
use serde::Serialize;

use super::{
    ServiceError,
    scope::{Scope, UNIT},
    systemctl::systemctl,
};
use crate::error::CliError;
use crate::output::Output;

/// Stop the service and remove its unit; what was recorded stays
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  stint service uninstall\n  sudo stint service uninstall --system")]
pub(in crate::cli) struct Uninstall {
    #[command(flatten)]
    scope: Scope,
}

/// What came of it.
#[derive(Serialize)]
struct Uninstalled {
    version: u32,
    scope: &'static str,
    path: String,
    changed: bool,
}

impl Uninstall {
    pub(super) fn run(self, output: Output) -> Result<(), CliError> {
        let path = self.scope.path(None)?;
        let shown = path.display().to_string();
        let done =
            |changed| Uninstalled { version: 1, scope: self.scope.word(), path: shown.clone(), changed };
        if !path.exists() {
            output.result(&done(false), || format!("there is no unit {shown}\n"))?;
            return Ok(());
        }
        // Before the unit goes: systemd stops nothing that it doesn't know any more.
        systemctl(self.scope, &["disable", "--now", UNIT])?;
        match fs::remove_file(&path) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => {
                return Err(ServiceError::File { action: "remove", path, source }.into());
            }
            _ => {}
        }
        systemctl(self.scope, &["daemon-reload"])?;
        output.result(&done(true), || format!("the host is stopped, and {shown} is removed\n"))?;
        Ok(())
    }
}
