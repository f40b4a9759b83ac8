//! What is tested or measured from outside a single crate. The suites are in `tests/`, the bars in `benches/`;
//! this library holds what they share.

pub mod backend;
pub mod display;
pub mod guests;
mod measured_clock;
pub mod program;
pub mod ratio;

pub use measured_clock::MeasuredClock;
