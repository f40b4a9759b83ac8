//! Delivery by a real host with the plugin `rest` to the sample backend, which fails as it is told and counts by
//! idempotency key what it was made to do.

mod barred;
mod day;
mod faults;
mod kills;
mod link;
mod neighbours;
mod stage;
mod tokens;
mod verbs;
