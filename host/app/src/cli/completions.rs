//! `stint completions SHELL`

use clap::{Args, CommandFactory as _};
use clap_complete::{Shell, generate};
use serde::Serialize;

use super::Cli;
use crate::error::CliError;
use crate::output::Output;

/// Print a script that completes stint's verbs and flags in a shell
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  stint completions bash > ~/.local/share/bash-completion/completions/stint\n  stint completions fish > ~/.config/fish/completions/stint.fish\n  stint completions zsh > ~/.zfunc/_stint       # ~/.zfunc has to be in $fpath"
)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

#[derive(Serialize)]
struct Printed {
    version: u32,
    shell: String,
    script: String,
}

impl Completions {
    pub(super) fn run(self, output: Output) -> Result<(), CliError> {
        let mut script = Vec::new();
        generate(self.shell, &mut Cli::command(), "stint", &mut script);
        let script = String::from_utf8_lossy(&script).into_owned();
        let script = Printed { version: 1, shell: self.shell.to_string(), script };
        output.result(&script, || script.script.clone())?;
        Ok(())
    }
}
