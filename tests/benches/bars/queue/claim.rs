//! Claiming a hundred with its commit, and asking for a status, from a queue of a million against one of a thousand.
//! What was claimed is delivered and replaced in between, untimed: claims move through the queue as a host's do.

use std::hint::black_box;
use std::rc::Rc;

use stint_domain::delivery::DeliveryState;
use stint_store::{Error, queue, target};
use stint_tests::ratio::{Bench, Failure, Pair, Stopwatch};

use super::yard::{Load, NOW, TARGET, Yard, Yards, wanted};

pub(crate) const LARGE: u64 = 1_000_000;
pub(crate) const SMALL: u64 = 1_000;

pub(crate) fn benches(yards: &Rc<Yards>) -> Vec<Bench> {
    vec![
        claim("queue: claim 100 of 1,000,000", Load::Plain, yards),
        claim("queue: claim 100 with 100,000 delayed", Load::Delayed, yards),
        claim("queue: claim 100 with 20 % behind blocked heads", Load::Blocked, yards),
        status(Rc::clone(yards)),
    ]
}

fn claim(name: &'static str, load: Load, yards: &Rc<Yards>) -> Bench {
    let yards = Rc::clone(yards);
    Bench::slowdown(name, 2.0, move || {
        let (mut large, mut small) = (yards.open(LARGE, load)?, yards.open(SMALL, load)?);
        expect_load(&large, load)?;
        Ok(Pair::new(move |watch| claim_once(&mut large, watch), move |watch| claim_once(&mut small, watch)))
    })
}

fn claim_once(yard: &mut Yard, watch: &mut Stopwatch) -> Result<(), Failure> {
    let pass = yard.pass()?;
    let wanted = wanted();
    let job = move |transaction: &rusqlite::Transaction<'_>| queue::claim(transaction, &pass, &wanted, NOW);
    let batch = watch.time(|| yard.write(job))?.ok_or("nothing to claim")?;
    if batch.items.len() != 100 {
        return Err(format!("{} items were claimed, not 100", batch.items.len()).into());
    }
    yard.deliver(batch)?;
    Ok(yard.write(move |transaction| target::close_pass(transaction, &pass))?)
}

/// The queue must be what the bench says it is.
fn expect_load(yard: &Yard, load: Load) -> Result<(), Failure> {
    let counts = yard.store.read(|reader| target::status(reader, TARGET))?.counts;
    let (state, expected) = match load {
        Load::Plain => (DeliveryState::Ready, LARGE),
        Load::Delayed => (DeliveryState::Delayed, LARGE / 10),
        Load::Blocked => (DeliveryState::Waiting, LARGE / 5 - LARGE / 500),
    };
    let found = counts.of(state);
    if found == expected { Ok(()) } else { Err(format!("{found} are {state}, not {expected}").into()) }
}

fn status(yards: Rc<Yards>) -> Bench {
    Bench::slowdown("queue: status at 1,000,000", 2.0, move || {
        let (large, small) = (yards.open(LARGE, Load::Delayed)?, yards.open(SMALL, Load::Delayed)?);
        Ok(Pair::new(move |watch| ask(&large, watch), move |watch| ask(&small, watch)))
    })
}

fn ask(yard: &Yard, watch: &mut Stopwatch) -> Result<(), Failure> {
    watch.time(|| -> Result<(), Error> {
        for _ in 0..200 {
            black_box(yard.store.read(|reader| target::statuses(reader))?);
        }
        Ok(())
    })?;
    Ok(())
}
