//! What a person sees of the status, the timeline, reports and the queue. Each view is a function of what the API
//! answered and of the paper it is written on: nothing here asks, reads a clock or prints.

mod auth;
mod doctor;
mod entry;
mod gap;
mod log;
mod paper;
mod plugins;
mod queue;
mod report;
mod status;

#[cfg(test)]
mod samples;

pub(crate) use auth::credentials;
pub(crate) use doctor::doctor;
pub(crate) use entry::short;
pub(crate) use log::log;
pub(crate) use paper::Paper;
pub(crate) use plugins::plugins;
pub(crate) use queue::{item, queue};
pub(crate) use report::{Shown, csv, svg, table};
pub(crate) use status::{status, target_list};
