//! The running host: what it does with commands, clocks and deliveries. It knows no backend and draws nothing.

mod chance;
pub mod timer;
