//! The bars of the project, each a bench. `make bench` runs them; what is registered here is all there is.

mod capture;
mod delivery;
mod desk;
mod durability;
mod json_transform;
mod pages;
mod program;
mod queue;
mod report;
mod sandbox;
mod swap;

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use stint_tests::ratio::{self, Failure};

fn main() -> ExitCode {
    // A bench may run a part of itself in a process of its own.
    if let Some(done) = queue::drain_if_asked() {
        return done;
    }
    if let Some(done) = capture::shoot_if_asked() {
        return done;
    }
    match durability::child().unwrap_or_else(measure) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "make bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn measure() -> Result<(), Failure> {
    let mut benches = vec![report::by_day(), durability::syncs_per_commit(), durability::commits_per_item()];
    benches.extend(queue::benches());
    benches.extend(delivery::benches());
    benches.push(json_transform::hundred_items());
    benches.extend(program::benches());
    benches.extend(pages::benches());
    benches.extend(sandbox::benches());
    benches.extend(capture::benches());
    benches.push(swap::verified_to_serving());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/bench");
    let arguments = std::env::args().skip(1);
    Ok(ratio::run(benches, arguments, &folder, &mut io::stdout(), &mut io::stderr())?)
}
