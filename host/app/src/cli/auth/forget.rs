//! `stint auth forget`

use clap::{Args, builder::NonEmptyStringValueParser};
use serde::Serialize;

use super::told;
use crate::cli::Globals;
use crate::client::run;
use crate::error::CliError;
use crate::output::Output;

/// Take a credential's secret away, and the tokens that came of it
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  stint auth forget redmine-key")]
pub(in crate::cli) struct Forget {
    /// The name under [credentials] in the configuration
    #[arg(value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    name: String,
}

/// What was done.
#[derive(Serialize)]
struct Done {
    version: u32,
    name: String,
    changed: bool,
    host_told: bool,
}

impl Forget {
    pub(super) fn run(self, globals: &Globals, output: Output) -> Result<(), CliError> {
        let name = self.name;
        run(async {
            let changed = told::vault(globals)?.forget(&name).await?;
            let host_told = told::tell(globals, &name, output).await;
            let done = Done { version: 1, name, changed, host_told };
            output.result(&done, || {
                let what = if done.changed { "is forgotten" } else { "was not there" };
                format!("{} {what}\n", done.name)
            })?;
            Ok(())
        })
    }
}
