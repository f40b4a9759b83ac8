//! `stint doctor`

mod configuration;
mod report;
mod verb;

use report::Report;

pub(crate) use verb::Doctor;
