//! What delivery promises about its speed: through plugin, sandbox and engine hardly slower than a bare loop of
//! requests and commits, and as fast beside a target that is dead as without it.

mod bare;
mod dead;
mod drain;
mod house;
mod letters;

use stint_tests::ratio::Bench;

pub(crate) fn benches() -> Vec<Bench> {
    vec![
        drain::with_delay("drain of 10,000 through `rest`, server delay 20 ms", 20, 0.9),
        drain::with_delay("drain of 10,000 through `rest`, server delay 5 ms", 5, 0.85),
        drain::with_delay("drain of 10,000 through `rest`, no server delay", 0, 0.7),
        dead::one_of_three(),
    ]
}
