//! `stint auth set`

use clap::{Args, builder::NonEmptyStringValueParser};
use serde::Serialize;

use super::{secret, told};
use crate::cli::Globals;
use crate::client::run;
use crate::error::CliError;
use crate::output::Output;

/// Put a credential's secret where the configuration says that it is kept
///
/// The secret is asked for and not shown, or read from the standard input where that is no terminal. It never stands on
/// the command line, which other users of the machine can see.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  stint auth set redmine-key\n  pass show redmine | stint auth set redmine-key"
)]
pub(in crate::cli) struct Set {
    /// The name under [credentials] in the configuration
    #[arg(value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    name: String,
    // Taken so that it can be refused without being shown once more.
    #[arg(hide = true, value_name = "NOTHING")]
    on_the_line: Vec<String>,
}

/// What was done.
#[derive(Serialize)]
struct Done {
    version: u32,
    name: String,
    changed: bool,
    kept_in: String,
    host_told: bool,
}

impl Set {
    pub(super) fn run(self, globals: &Globals, output: Output) -> Result<(), CliError> {
        if !self.on_the_line.is_empty() {
            return Err(CliError::usage(
                "take a secret from the command line, where others can see it",
                "type it when it is asked for, or hand it over by a pipe; and change it, because it was seen",
            ));
        }
        let name = self.name;
        run(async {
            let vault = told::vault(globals)?;
            // Before anybody types a secret in vain.
            vault.can_be_set(&name)?;
            let secret = secret::read(&name)?;
            let kept_in = vault.set(&name, &secret).await?;
            let host_told = told::tell(globals, &name, output).await;
            let done = Done { version: 1, name, changed: true, kept_in, host_told };
            output.result(&done, || format!("{} is kept in {}\n", done.name, done.kept_in))?;
            Ok(())
        })
    }
}
