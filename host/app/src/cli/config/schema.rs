//! `stint config schema`

use clap::Args;

use crate::error::CliError;
use crate::output::Output;

/// Print the JSON Schema of stint.toml, for editors
///
/// With the file beside stint.toml, the line `#:schema ./stint.schema.json` at its top tells an editor of it.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  stint config schema > ~/.config/stint/stint.schema.json")]
pub(crate) struct Schema {}

impl Schema {
    pub(super) fn run(output: Output) -> Result<(), CliError> {
        // It is JSON whether or not that was asked for, and its shape is the standard's.
        Output { json: true, ..output }.result(&stint_config::schema(), String::new)?;
        Ok(())
    }
}
