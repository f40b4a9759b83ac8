//! One dead target of three: its server takes every request and never answers, so each of its calls keeps a sandbox and
//! a connection until the time is up. The others must hardly notice.

use std::rc::Rc;

use stint_tests::backend::{Fault, Rule};
use stint_tests::ratio::{Bench, Pair};

use super::{drain::backend, house::House};

const BAR: f64 = 0.95;
const ITEMS: u64 = 500;
/// As a server nearby has it, so that the machine has time to spare: the bar is about waiting for one another.
const DELAY_MS: u64 = 5;

/// Two targets beside a dead one, against the same two without it.
pub(crate) fn one_of_three() -> Bench {
    Bench::throughput("two targets beside a dead one, against alone", BAR, || {
        let servers = Rc::new([backend(DELAY_MS)?, backend(DELAY_MS)?, backend(0)?]);
        let [first, second, dead] = &*servers;
        dead.fail(Rule::new(Fault::Hold));
        let mut three = House::new(&[("first", first), ("second", second), ("dead", dead)])?;
        let mut two = House::new(&[("first", first), ("second", second)])?;
        let same = Rc::clone(&servers);
        Ok(Pair::new(
            move |watch| {
                let _serving = &servers;
                three.drain(ITEMS, &["first", "second"], watch)
            },
            move |watch| {
                let _serving = &same;
                two.drain(ITEMS, &["first", "second"], watch)
            },
        ))
    })
}
