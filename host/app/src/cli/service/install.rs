//! `stint service install`

use std::fs;
use std::path::PathBuf;

use clap::{Args, builder::NonEmptyStringValueParser};
use serde::Serialize;

use super::{
    ServiceError,
    scope::{Scope, UNIT},
    systemctl::systemctl,
    unit::Unit,
};
use crate::cli::Globals;
use crate::error::CliError;
use crate::output::Output;

/// Write a unit for systemd, and start the host by it
///
/// It starts this program with the configuration and the data directory that count here. Your own service runs while you
/// are logged in; `loginctl enable-linger` has it run from boot on.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  stint service install\n  stint service install --print\n  sudo stint service install --system --as kiosk"
)]
pub(in crate::cli) struct Install {
    #[command(flatten)]
    scope: Scope,
    /// As whom the system's runs [default: who called sudo]
    #[arg(long = "as", value_name = "NAME", requires = "system", value_parser = NonEmptyStringValueParser::new())]
    user: Option<String>,
    /// Start nothing, only print the unit
    #[arg(long)]
    print: bool,
    /// Start nothing, only write the unit into this folder: for packages and images
    #[arg(long, value_name = "DIR", conflicts_with = "print")]
    into: Option<PathBuf>,
}

/// What came of it.
#[derive(Serialize)]
struct Installed {
    version: u32,
    scope: &'static str,
    /// Where the unit is; nothing where it was only printed.
    path: Option<String>,
    unit: String,
    changed: bool,
    started: bool,
}

impl Install {
    pub(super) fn run(self, globals: &Globals, output: Output) -> Result<(), CliError> {
        let user = if self.scope.system { Some(self.runs_as()?) } else { None };
        let program = std::env::current_exe().map_err(|source| ServiceError::File {
            action: "find",
            path: "the running program".into(),
            source,
        })?;
        let (program, words) = (program.display().to_string(), globals.words()?);
        let unit = Unit { program: &program, words: &words, user: user.as_deref() }.text();
        let (version, scope) = (1, self.scope.word());
        if self.print {
            let printed = Installed { version, scope, path: None, unit, changed: false, started: false };
            output.result(&printed, || printed.unit.clone())?;
            return Ok(());
        }
        let path = self.scope.path(self.into.as_deref())?;
        let changed = fs::read_to_string(&path).ok().as_ref() != Some(&unit);
        write(&path, &unit)?;
        let started = self.into.is_none();
        if started {
            systemctl(self.scope, &["daemon-reload"])?;
            systemctl(self.scope, &["enable", UNIT])?;
            // One that runs by an older unit goes on by the new one.
            systemctl(self.scope, &["restart", UNIT])?;
        }
        let path = path.display().to_string();
        let text = if started {
            format!("{path} is written, and the host is started\nwhat to type next: stint service status\n")
        } else {
            format!("{path} is written\n")
        };
        let installed = Installed { version, scope, path: Some(path), unit, changed, started };
        output.result(&installed, || text)?;
        Ok(())
    }

    /// A host of the system belongs to one person all the same, and that is never root.
    fn runs_as(&self) -> Result<String, ServiceError> {
        let sudo = || std::env::var("SUDO_USER").ok();
        let who = self.user.clone().or_else(sudo).filter(|who| !who.is_empty());
        let sound = |who: &String| {
            who != "root"
                && who.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_.".contains(letter))
        };
        match who {
            Some(who) if sound(&who) => Ok(who),
            who => Err(ServiceError::NoUser { who }),
        }
    }
}

fn write(path: &std::path::Path, unit: &str) -> Result<(), ServiceError> {
    let failed = |source| ServiceError::File { action: "write", path: path.to_owned(), source };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    fs::write(path, unit).map_err(failed)
}
