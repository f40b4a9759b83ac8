//! The rules of report arithmetic: real dates first, then each rule with random segments and zones. Zones come from
//! the bundled database, so the results depend on no machine.

#![expect(clippy::unwrap_used, reason = "the helpers of tests may unwrap, as the tests themselves may")]

mod dates;
mod days;
mod edges;
mod groups;
mod ranges;
mod support;
