//! The `stint` program. It parses the command line, runs one verb, and turns what went wrong into one message and
//! one exit code; everything else is in the modules below it.

mod api;
mod author;
mod cli;
mod client;
mod compile;
mod editor;
mod error;
mod exit;
mod logging;
mod manager;
mod output;
mod place;
mod terminal;
mod text;
mod time;
mod view;
mod web;

use clap::Parser as _;

fn main() -> std::process::ExitCode {
    if compile::is_asked_for() {
        return compile::run();
    }
    let cli = match cli::Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return refuse(&error),
    };
    let output = cli.globals.output();
    match cli.run(output) {
        Ok(()) => exit::OK.into(),
        Err(error) => {
            output.error(&error);
            error.exit().into()
        }
    }
}

/// Says what clap has to say. A program that reads JSON gets a mistake as JSON too; help is for people.
fn refuse(error: &clap::Error) -> std::process::ExitCode {
    // The command line could not be read, so what it asked for is looked for by hand.
    let json = std::env::args_os().take_while(|word| word != "--").any(|word| word == "--json");
    if !json || !error.use_stderr() {
        // That stdout or stderr is closed is no failure.
        let _ = error.print();
        return if error.use_stderr() { exit::USAGE } else { exit::OK }.into();
    }
    let error = error::CliError::of_command_line(error);
    output::Output { json, verbosity: output::Verbosity::Normal }.error(&error);
    error.exit().into()
}
