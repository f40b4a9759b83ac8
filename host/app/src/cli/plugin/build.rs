//! `stint plugin build [DIR]`

use std::path::PathBuf;

use clap::Args;

use super::render;
use crate::author::{self, BuildOptions};
use crate::error::CliError;
use crate::output::{Output, Verbosity};

/// Build the plugin in a folder into the one file to ship
///
/// Compiles for wasm32, makes the component, puts plugin.toml into it, and loads it as the host would. Needs
/// rustup's Rust with the target wasm32-unknown-unknown, or beside it Debian's rustc-web, cargo-web and rust-web-src.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  stint plugin build\n  stint plugin build my-backend --out ~/.config/stint/plugins"
)]
pub(crate) struct Build {
    /// The folder that plugin.toml is in
    #[arg(value_name = "DIR", default_value = ".")]
    folder: PathBuf,
    /// Where to put the file [default: DIR/target]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Fail rather than change Cargo.lock
    #[arg(long)]
    locked: bool,
}

impl Build {
    pub(super) fn run(self, output: Output) -> Result<(), CliError> {
        let out = self.out.unwrap_or_else(|| self.folder.join("target"));
        let options = BuildOptions {
            locked: self.locked,
            quiet: output.verbosity == Verbosity::Quiet,
            verbose: output.verbosity == Verbosity::Verbose,
        };
        let say = |verb: &str, what: &str| output.step(verb, what);
        let inspected = author::build(&self.folder, &out, options, &say)?;
        output.result(&inspected, || render::built(&inspected))?;
        Ok(())
    }
}
