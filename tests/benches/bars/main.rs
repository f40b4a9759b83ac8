//! The bars of the project, each a bench. `make bench` runs them; what is registered here is all there is.

mod report;

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use stint_tests::ratio;

fn main() -> ExitCode {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/bench");
    match ratio::run(vec![report::by_day()], std::env::args().skip(1), &folder, &mut io::stdout()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "make bench: {error}");
            ExitCode::FAILURE
        }
    }
}
