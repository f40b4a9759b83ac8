//! The `stint` program. It parses the command line, runs one verb, and turns what went wrong into one message and
//! one exit code; everything else is in the modules below it.

mod api;
mod author;
mod cli;
mod client;
mod editor;
mod error;
mod exit;
mod logging;
mod output;
mod place;
mod terminal;
mod text;
mod time;
mod view;

use clap::Parser as _;

fn main() -> std::process::ExitCode {
    let cli = cli::Cli::parse();
    let output = cli.globals.output();
    match cli.run(output) {
        Ok(()) => exit::OK.into(),
        Err(error) => {
            output.error(&error);
            error.exit().into()
        }
    }
}
