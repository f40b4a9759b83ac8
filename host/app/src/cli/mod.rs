//! The command line: one file for each verb, named as it is typed.

mod plugin;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

use crate::error::CliError;
use crate::exit;
use crate::output::{Output, Verbosity};

/// Tracks time, and brings it wherever it belongs.
#[derive(Debug, Parser)]
#[command(name = "stint", version, propagate_version = true, arg_required_else_help = true, after_help = exit::help())]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) globals: Globals,
    #[command(subcommand)]
    command: Command,
}

/// What every verb takes.
#[derive(Debug, Args)]
pub(crate) struct Globals {
    /// Print the result as JSON; its shape has a version and stays as it is
    #[arg(long, global = true)]
    json: bool,
    /// When to use colours
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: Color,
    /// Say every step
    #[arg(short, long, global = true, action = ArgAction::SetTrue)]
    verbose: bool,
    /// Say nothing but the result
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    quiet: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

impl Globals {
    /// Sets the colours of the whole program, and answers where verbs write.
    pub(crate) fn output(&self) -> Output {
        match self.color {
            Color::Auto => anstream::ColorChoice::Auto,
            Color::Always => anstream::ColorChoice::Always,
            Color::Never => anstream::ColorChoice::Never,
        }
        .write_global();
        let verbosity = match (self.quiet, self.verbose) {
            (true, _) => Verbosity::Quiet,
            (_, true) => Verbosity::Verbose,
            _ => Verbosity::Normal,
        };
        Output { json: self.json, verbosity }
    }
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write, build and look at plugins
    #[command(subcommand)]
    Plugin(plugin::Command),
}

impl Cli {
    /// Runs the verb.
    pub(crate) fn run(self, output: Output) -> Result<(), CliError> {
        match self.command {
            Command::Plugin(command) => command.run(output),
        }
    }
}
