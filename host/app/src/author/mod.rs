//! What a plugin's author needs: a project to begin with, the way from source to one finished file, and a look at
//! such a file. It knows no command line: it is handed paths and answers with values.

mod build;
mod component;
mod embedded;
mod inspect;
mod scaffold;
mod toolchain;

pub(crate) use build::{BuildError, BuildOptions, build};
pub(crate) use component::ComponentError;
pub(crate) use inspect::{InspectError, Inspected, Interface, inspect};
pub(crate) use scaffold::{ScaffoldError, scaffold};
pub(crate) use stint_plugin_runtime::manifest::{Asks, Kind};
pub(crate) use toolchain::ToolchainError;
