//! Why a file isn't served as a plugin. Every fault has two wordings, because two people read it: the operator, who
//! can get another file or change the configuration, and the author, who can build another file.

use std::path::{Path, PathBuf};

use semver::Version;

use crate::call_error::CallError;
use crate::manifest::{CONTRACT, Kind, ManifestError, Problem, made_for, sentences};
use crate::text;

/// A hostile file may have names of any length in it; what is said about it fits on a page.
const TEXT_BYTES_MAX: usize = 4096;

/// A file, and what is wrong with it. Displayed in the operator's wording.
#[derive(Debug)]
pub struct LoadError {
    file: PathBuf,
    fault: Box<Fault>,
}

/// What is wrong with a file.
#[derive(Debug)]
pub enum Fault {
    /// It can't be read.
    Unreadable(std::io::Error),
    /// It is larger than any plugin.
    TooLarge {
        /// Its size.
        bytes: u64,
        /// The bound.
        most: u64,
    },
    /// Its manifest is missing or bad, or it isn't a component at all.
    Manifest(ManifestError),
    /// wasmtime refuses its code.
    Broken(String),
    /// Compiling it takes more than any plugin's should.
    TooCostly {
        /// More than what.
        what: String,
    },
    /// It could not be compiled, for no fault of its own.
    Uncompiled {
        /// Why.
        reason: String,
    },
    /// It is a component for something else.
    AnotherWorld {
        /// What it exports instead.
        exports: Vec<String>,
    },
    /// It speaks a contract that this host doesn't.
    UnknownContract {
        /// The version.
        version: Version,
    },
    /// It imports WASI.
    Wasi {
        /// What of it.
        imports: Vec<String>,
    },
    /// It imports what this host doesn't have.
    UnknownImport {
        /// What.
        import: String,
    },
    /// Its manifest names a kind, and the interface of that kind isn't there or isn't whole.
    MissingExport {
        /// The kind.
        kind: Kind,
        /// wasmtime's words.
        reason: String,
    },
    /// A function or type isn't what the contract says.
    WrongType {
        /// wasmtime's words.
        reason: String,
    },
    /// It needs more of the pool than a call has.
    TooManyParts {
        /// What of.
        reason: String,
    },
    /// It can't even be started.
    Unstartable(CallError),
    /// The settings don't fit.
    Settings(Vec<Problem>),
}

impl LoadError {
    pub(crate) fn new(file: &Path, fault: Fault) -> Self {
        let fault = match fault {
            // Whether the manifest or the code says it, it is one fault.
            Fault::Manifest(ManifestError::Contract { version }) => Fault::UnknownContract { version },
            fault => fault,
        };
        Self { file: file.to_owned(), fault: Box::new(fault) }
    }

    /// The file.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// What is wrong with it.
    pub fn fault(&self) -> &Fault {
        &self.fault
    }

    /// What the operator reads: what it means for them, and what they can do.
    pub fn operator(&self) -> String {
        text::plain(&self.for_operator(), TEXT_BYTES_MAX)
    }

    /// What the author reads: what in the build is wrong, and what to change.
    pub fn author(&self) -> String {
        text::plain(&self.for_author(), TEXT_BYTES_MAX)
    }

    fn for_operator(&self) -> String {
        let file = self.file.display();
        match &*self.fault {
            Fault::Unreadable(error) => {
                format!("{file} can't be read: {error}; check that it is there and may be read")
            }
            Fault::TooLarge { bytes, most } => {
                format!(
                    "{file} has {bytes} bytes, and {most} are the most a plugin may have; it isn't one, or get a smaller build"
                )
            }
            Fault::Manifest(ManifestError::Truncated { .. }) => {
                format!("{file} is cut short; copy it again, under another name first and then renamed")
            }
            Fault::Manifest(ManifestError::NotWasm) => {
                format!(
                    "{file} is no WebAssembly file; take it out of the plugin folder, or copy the right file"
                )
            }
            Fault::Manifest(ManifestError::CoreModule | ManifestError::Missing) => {
                format!(
                    "{file} is no finished stint plugin; get the file that `stint plugin build` made from its author"
                )
            }
            Fault::Manifest(error) => {
                format!("{file} has a bad manifest: {error}; ask its author for a sound build")
            }
            Fault::Broken(_) => {
                format!("{file} is damaged or made for another system; copy it again, or get a sound build")
            }
            Fault::TooCostly { what } => format!(
                "{file} takes more than {what} to compile, as no sound plugin does; ask its author for another build"
            ),
            Fault::Uncompiled { reason } => format!(
                "{file} could not be compiled: {reason}; copy it there once more, or start stint again, to have it tried again"
            ),
            Fault::AnotherWorld { .. } => {
                format!(
                    "{file} is a WebAssembly component for something else than stint; take it out of the plugin folder"
                )
            }
            Fault::UnknownContract { version } => format!("{file} {}", made_for(version)),
            Fault::Wasi { .. } => {
                format!(
                    "{file} wants access to the system, which stint gives no plugin; get a build that doesn't"
                )
            }
            Fault::UnknownImport { import } => {
                format!(
                    "{file} needs `{import}`, which this stint doesn't have; update stint, or get another build"
                )
            }
            Fault::MissingExport { kind, .. } => {
                format!("{file} says that it is a {kind} and isn't; ask its author for a sound build")
            }
            Fault::WrongType { .. } => {
                format!("{file} doesn't keep the contract; ask its author for a sound build")
            }
            Fault::TooManyParts { reason } => format!(
                "{file} needs more than stint gives a plugin: {reason}; ask its author for a smaller build"
            ),
            Fault::Unstartable(error) => {
                format!("{file} can't be started: {error}; ask its author for a sound build")
            }
            Fault::Settings(problems) => {
                format!("the settings for {file} don't fit: {}", sentences(problems))
            }
        }
    }

    fn for_author(&self) -> String {
        let file = self.file.display();
        match &*self.fault {
            Fault::Manifest(error) => format!("{file}: {error}"),
            Fault::Broken(reason) => format!("{file}: wasmtime refuses the code: {reason}; build it again"),
            Fault::TooCostly { what } => format!(
                "{file} takes more than {what} to compile; split functions that have very many variables and branches"
            ),
            Fault::Uncompiled { reason } => {
                format!("{file} could not be compiled: {reason}; build it again to have it tried again")
            }
            Fault::AnotherWorld { exports } => format!(
                "{file} exports {}, and no interface of stint:plugin; build it for the world `target`, `transform` or \
                 `policy`",
                listed(exports)
            ),
            Fault::UnknownContract { version } => format!(
                "{file} uses stint:plugin@{version}, and this host speaks {CONTRACT}; build it with the WIT of that version"
            ),
            Fault::Wasi { imports } => format!(
                "{file} imports {}; build for wasm32-unknown-unknown, where Rust's standard library imports nothing",
                listed(imports)
            ),
            Fault::UnknownImport { import } => format!(
                "{file} imports `{import}`, which stint:plugin@{CONTRACT} doesn't have; build it with the WIT of that \
                 version"
            ),
            Fault::MissingExport { kind, reason } => format!(
                "{file}: the manifest says it is a {kind}, so it has to export `{}`: {reason}; export it, or take \
                 \"{kind}\" out of kinds",
                kind.interface()
            ),
            Fault::WrongType { reason } => {
                format!(
                    "{file} has a type that isn't the contract's: {reason}; build it with the WIT of {CONTRACT}"
                )
            }
            Fault::TooManyParts { reason } => {
                format!(
                    "{file} needs more of the pool than one call has: {reason}; link it into fewer modules"
                )
            }
            Fault::Unstartable(error) => format!("{file} can't be instantiated: {error}"),
            Fault::Settings(problems) => {
                format!("{file}: the settings don't fit settings_schema: {}", sentences(problems))
            }
            Fault::Unreadable(_) | Fault::TooLarge { .. } => self.for_operator(),
        }
    }
}

fn listed(names: &[String]) -> String {
    match names {
        [] => "nothing".to_owned(),
        names => names.iter().map(|name| format!("`{}`", name.escape_debug())).collect::<Vec<_>>().join(", "),
    }
}

impl std::fmt::Display for LoadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.operator())
    }
}

impl std::error::Error for LoadError {}
