//! Draining a queue through plugin, sandbox, broker and engine, against a bare loop of the same requests and commits.
//! Host and loop have the same backend, one after the other.
//!
//! The ten thousand items go in eight portions, so that subject and control take turns: one long run of each would
//! compare two different minutes of the machine. What lies in the queue besides makes no difference to a claim, which
//! has a bar of its own.

use std::rc::Rc;

use stint_tests::backend::{Backend, Config, Fault, Rule};
use stint_tests::ratio::{Bench, Pair};

use super::{bare::Bare, house::House};

/// Eight of them are ten thousand: one portion warms up, seven are measured at least.
const PORTION: u64 = 1_250;

/// The server takes so long to answer.
pub(crate) fn with_delay(name: &'static str, ms: u64, bar: f64) -> Bench {
    Bench::throughput(name, bar, move || {
        let backend = Rc::new(backend(ms)?);
        let mut house = House::new(&[("work", &backend)])?;
        let mut bare = Bare::new(&backend.url("/time-entries/start"))?;
        // Both sides need the server for as long as they are measured.
        let same = Rc::clone(&backend);
        Ok(Pair::new(
            move |watch| {
                let _serving = &backend;
                house.drain(PORTION, &["work"], watch)
            },
            move |watch| {
                let _serving = &same;
                bare.drain(PORTION, watch)
            },
        ))
    })
}

/// A server that answers after so long and asks for no token.
pub(crate) fn backend(ms: u64) -> Result<Backend, stint_tests::backend::BackendError> {
    let backend = Backend::with(Config { auth: false, ..Config::default() })?;
    if ms > 0 {
        backend.fail(Rule::new(Fault::Delay { ms }));
    }
    Ok(backend)
}
