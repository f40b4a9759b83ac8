//! `stint plugin new NAME --kind KIND`

use std::path::Path;

use clap::{Args, ValueEnum};
use serde::Serialize;

use crate::author::{self, Kind};
use crate::error::CliError;
use crate::output::Output;

/// Begin a plugin: a folder that builds and passes its test as it is
///
/// It holds the SDK and the contract in vendor/, so neither stint's source nor its repository is needed.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  stint plugin new my-backend --kind target && cd my-backend && cargo test"
)]
pub(crate) struct New {
    /// The plugin's name: small letters, digits and `-`, a letter first
    name: String,
    /// What it will be: something that delivers, changes what is delivered, or says when
    #[arg(long, value_name = "KIND")]
    kind: KindArgument,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum KindArgument {
    Target,
    Transform,
    Policy,
}

#[derive(Serialize)]
struct Made<'a> {
    version: u32,
    name: &'a str,
    kind: Kind,
    path: &'a Path,
}

impl New {
    pub(super) fn run(self, output: Output) -> Result<(), CliError> {
        let kind = match self.kind {
            KindArgument::Target => Kind::Target,
            KindArgument::Transform => Kind::Transform,
            KindArgument::Policy => Kind::Policy,
        };
        let path = author::scaffold(&self.name, kind, Path::new("."))?;
        let made = Made { version: 1, name: &self.name, kind, path: &path };
        output.result(&made, || {
            format!(
                "Made the {kind} {name} in {path}. What to do next:\n\n  \
                 cd {path}\n  cargo test             # its own tests, on a fake host\n  \
                 stint plugin build     # the file to ship\n\n\
                 src/lib.rs is the plugin, plugin.toml says what it asks for, and\n\
                 vendor/stint-plugin-sdk/README.md leads from here to a running plugin.\n",
                name = self.name,
                path = path.display()
            )
        })?;
        Ok(())
    }
}
