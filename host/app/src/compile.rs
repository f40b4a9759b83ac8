//! This program as its own compiler of plugins: a host starts it once for each component that it has not compiled before,
//! so that no plugin takes the host's time or memory. It is no verb for people.

use std::{
    env,
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
};

use stint_plugin_runtime::compiler::{Bounds, CompileError, Compiler, UNSOUND, VERB, serve};

use crate::exit;

/// What runs here, whatever its file is called by now: after an upgrade that may be another version.
const OURSELVES: &str = "/proc/self/exe";

/// The compiler that is this program.
pub(crate) fn by_ourselves() -> Compiler {
    let ourselves = Path::new(OURSELVES);
    let program = if ourselves.exists() { Ok(ourselves.to_owned()) } else { env::current_exe() };
    let path = program.unwrap_or_else(|_| PathBuf::from("stint"));
    Compiler::Program { path, bounds: Bounds::default() }
}

/// Whether a host has started this.
pub(crate) fn is_asked_for() -> bool {
    env::args_os().nth(1).is_some_and(|word| word == VERB)
}

/// Compiles the component on the standard input.
pub(crate) fn run() -> ExitCode {
    match serve(env::args_os().skip(2), io::stdin().lock(), io::stdout().lock()) {
        Ok(()) => exit::OK.into(),
        Err(error) => {
            let _ = writeln!(io::stderr(), "{error}");
            match error {
                CompileError::Unsound(_) => UNSOUND.into(),
                CompileError::Io(_) => ExitCode::FAILURE,
            }
        }
    }
}
