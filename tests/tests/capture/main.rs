//! Screens, idle time and focus on a real X server with a known picture on it, down to the delivered file.
#![cfg(test)]

mod desk;
mod names;
mod program;
mod relay;
mod rules;
mod screens;
mod without;
