//! The host as a process, and verbs beside it: what is answered is kept, however the processes come and go.

#![expect(clippy::unwrap_used, reason = "in a test, whatever can't be read or started is a failure")]

mod alerts;
mod canary;
mod compiling;
mod credentials;
mod delivering;
mod described;
mod desk;
mod disks;
mod doctor;
mod gaps;
mod importing;
mod kills;
mod loopback;
mod losing;
mod managed;
mod plugins;
mod portal;
mod reload;
mod requests;
mod run;
mod screens;
mod screenshots;
mod texts;
mod together;
mod verbs;
