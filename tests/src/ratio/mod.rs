//! The bench harness: is a thing as fast as promised, *compared with a control in the same run*? Machines are
//! shared and noisy, so a figure in seconds says little; a ratio of two runs side by side can be had again.
//!
//! A bench has a name, a bar, and either a subject and its control, which are run alternately, or a count (fsyncs,
//! commits, allocations), which needs no clock. `benches/bars` lists the benches, `make bench` runs them.
//!
//! ```
//! use std::hint::black_box;
//! use stint_tests::ratio::{Bench, Pair, Verdict};
//!
//! fn sum(upto: u64) -> u64 {
//!     (0..upto).map(black_box).sum()
//! }
//!
//! let mut bench = Bench::slowdown("a sum twice as long", 1_000.0, || {
//!     Ok(Pair::new(
//!         |watch| Ok(drop(watch.time(|| sum(20_000)))),
//!         |watch| Ok(drop(watch.time(|| sum(10_000)))),
//!     ))
//! });
//! assert_ne!(bench.measure().verdict(), Verdict::Broken);
//! ```

mod bar;
mod bench;
mod figures;
mod json;
mod run;
mod stopwatch;
mod table;

pub use bar::Bar;
pub use bench::{Bench, Failure, Measured, Pair, Timing, Verdict, Work};
pub use run::{RunError, run};
pub use stopwatch::Stopwatch;
