//! The program, as a person and a script use it.

#![expect(clippy::unwrap_used, reason = "in a test, whatever can't be read or started is a failure")]

mod auth;
mod blocks;
mod build;
mod config;
mod deliveries;
mod first_party;
mod guide;
mod help;
mod host;
mod inspect;
mod log;
mod manager;
mod manual;
mod names;
mod new;
mod page;
mod pipes;
mod queue;
mod report;
mod service;
mod status;
mod support;
mod tour;
