//! The timer's service: between a person's commands and the machine's clocks on one side, the rules and the store on
//! the other. The same code serves a host and a command that runs without one.

mod ask;
mod error;
mod service;
mod surroundings;

pub use ask::{Ask, OnQuit};
pub use error::TimerError;
pub use service::TimerService;
pub use surroundings::{Settings, Watch};
