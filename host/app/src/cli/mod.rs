//! The command line: one file for each verb, named as it is typed.

mod auth;
mod capture;
mod completions;
mod config;
mod dashboard;
mod doctor;
mod globals;
mod import;
mod log;
mod man;
mod plugin;
mod queue;
mod report;
mod run;
mod service;
mod status;
mod sync;
mod tap;
mod target;
mod timer;
mod watch;

use clap::{Parser, Subcommand};

use crate::error::CliError;
use crate::exit;
use crate::output::Output;

pub(crate) use globals::Globals;
pub(crate) use man::PageError;
pub(crate) use service::ServiceError;

/// Tracks time, and brings it wherever it belongs.
#[derive(Debug, Parser)]
#[command(name = "stint", version, propagate_version = true, arg_required_else_help = true, after_help = exit::help())]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) globals: Globals,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Run(run::Run),
    Start(timer::Start),
    Pause(timer::Pause),
    Resume(timer::Resume),
    Stop(timer::Stop),
    Continue(timer::Continue),
    Cancel(timer::Cancel),
    Add(timer::Add),
    Edit(timer::Edit),
    Delete(timer::Delete),
    Undo(timer::Undo),
    /// Say whether stretches in question were work
    #[command(subcommand)]
    Gap(timer::Gap),
    Status(status::StatusVerb),
    Log(log::Log),
    Report(report::Report),
    /// Show what waits, what failed and why, what was delivered; try again or give up
    #[command(subcommand)]
    Queue(queue::Command),
    Sync(sync::SyncVerb),
    /// Look at screenshots, take one, take one back, and pause them
    #[command(subcommand)]
    Capture(capture::Command),
    /// Look at where items go, and pause and resume it
    #[command(subcommand)]
    Target(target::Command),
    Tap(tap::Tap),
    Import(import::Import),
    Doctor(doctor::Doctor),
    /// Have systemd keep the host running
    #[command(subcommand)]
    Service(service::Command),
    /// Look at the configuration, and change it
    #[command(subcommand)]
    Config(config::Command),
    /// Put credentials in, look where they are, take them away
    #[command(subcommand)]
    Auth(auth::Command),
    /// Write, build and look at plugins
    #[command(subcommand)]
    Plugin(plugin::Command),
    Dashboard(dashboard::Dashboard),
    Completions(completions::Completions),
    Man(man::Manual),
}

impl Cli {
    /// Runs the verb.
    pub(crate) fn run(self, output: Output) -> Result<(), CliError> {
        let globals = &self.globals;
        match self.command {
            Command::Run(_) => run::Run::run(globals, output),
            Command::Start(verb) => verb.run(globals, output),
            Command::Pause(verb) => verb.run(globals, output),
            Command::Resume(verb) => verb.run(globals, output),
            Command::Stop(verb) => verb.run(globals, output),
            Command::Continue(verb) => verb.run(globals, output),
            Command::Cancel(verb) => verb.run(globals, output),
            Command::Add(verb) => verb.run(globals, output),
            Command::Edit(verb) => verb.run(globals, output),
            Command::Delete(verb) => verb.run(globals, output),
            Command::Undo(_) => timer::Undo::run(globals, output),
            Command::Gap(command) => command.run(globals, output),
            Command::Status(verb) => verb.run(globals, output),
            Command::Log(verb) => verb.run(globals, output),
            Command::Report(verb) => verb.run(globals, output),
            Command::Queue(command) => command.run(globals, output),
            Command::Capture(command) => command.run(globals, output),
            Command::Sync(verb) => verb.run(globals, output),
            Command::Target(command) => command.run(globals, output),
            Command::Tap(verb) => verb.run(globals, output),
            Command::Import(verb) => verb.run(globals, output),
            Command::Doctor(verb) => verb.run(globals, output),
            Command::Service(command) => command.run(globals, output),
            Command::Config(command) => command.run(globals, output),
            Command::Plugin(command) => command.run(&self.globals, output),
            Command::Auth(command) => command.run(globals, output),
            Command::Dashboard(verb) => verb.run(globals, output),
            Command::Completions(verb) => verb.run(output),
            Command::Man(verb) => verb.run(output),
        }
    }
}
