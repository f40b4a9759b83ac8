//! `stint auth status`

use clap::{Args, builder::NonEmptyStringValueParser};

use crate::api::CredentialList;
use crate::cli::Globals;
use crate::client::{Call, Session, run};
use crate::error::CliError;
use crate::output::Output;
use crate::view::{self, Paper};

/// Show where credentials are kept and whether they are there
///
/// Of the secrets nothing is shown, not even how long they are. A running host tells what it sees, which may be another
/// environment than that of this shell.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  stint auth status\n  stint auth status redmine-key --json")]
pub(in crate::cli) struct Status {
    /// Only this one
    #[arg(value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    name: Option<String>,
}

impl Status {
    pub(super) fn run(self, globals: &Globals, output: Output) -> Result<(), CliError> {
        run(async {
            let mut session = Session::begin(globals)?;
            // A keyring that is locked takes its time to say so.
            let call = Call::get("/api/v1/auth").asking("name", self.name).patiently();
            let list: CredentialList = session.call(call).await?;
            output.result(&list, || view::credentials(&list, &Paper::of(&session)))?;
            Ok(())
        })
    }
}
