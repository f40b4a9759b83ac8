//! What every verb takes, and what follows from it: where it writes, and which configuration it goes by.

use std::path::PathBuf;

use clap::{ArgAction, Args, ValueEnum};
use stint_config::{Asked, ConfigFile, Flag, Loaded, Request};

use crate::error::CliError;
use crate::output::{Output, Verbosity};

/// What every verb takes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Everywhere")]
pub(crate) struct Globals {
    // As attributes, because documentation would want backticks in them.
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        help = "The configuration [default: $STINT_CONFIG, else stint/stint.toml where XDG has such files]"
    )]
    config: Option<PathBuf>,
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        help = "Where the data is [default: $STINT_DATA_DIR, else what the configuration says, else XDG's folder]"
    )]
    data_dir: Option<String>,
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

    /// Where the configuration of this process comes from.
    pub(crate) fn request(&self) -> Result<Request, CliError> {
        let data_dir = self.data_dir.as_deref();
        let flag = data_dir.map(|dir| Flag::new("--data-dir", "storage.data_dir", dir)).transpose()?;
        let cwd = std::env::current_dir().map_err(|source| CliError::no_current_folder(&source))?;
        Ok(Request::new(self.config.clone(), flag.into_iter().collect(), std::env::vars_os(), cwd))
    }

    /// The words that bring another process to the same configuration and data: what was said here, by flags or by the
    /// environment. What lies where it usually does needs no words.
    pub(crate) fn words(&self) -> Result<Vec<String>, CliError> {
        let request = self.request()?;
        let absolute = |path: &std::path::Path| request.cwd.join(path).display().to_string();
        let mut words = Vec::new();
        if let Some(file) = request.file.as_ref().filter(|file| file.asked != Asked::Nobody) {
            words.extend(["--config".to_owned(), absolute(&file.path)]);
        }
        let variable = std::env::var("STINT_DATA_DIR").ok().filter(|dir| !dir.is_empty());
        if let Some(dir) = self.data_dir.clone().or(variable) {
            words.extend(["--data-dir".to_owned(), absolute(dir.as_ref())]);
        }
        Ok(words)
    }

    /// The same for the file that a verb was given.
    pub(crate) fn request_for(&self, file: PathBuf) -> Result<Request, CliError> {
        let file = ConfigFile { path: file, asked: Asked::Argument };
        Ok(Request { file: Some(file), ..self.request()? })
    }

    /// The configuration. What is doubtful in it is told by `stint config check` and by the host, not by every verb.
    pub(crate) fn load(&self) -> Result<Loaded, CliError> {
        Ok(stint_config::load(&self.request()?)?)
    }
}
