//! The folder of plugins with a host that runs: what is put there serves, what is wrong is told, and what serves stays.
#![cfg(test)]

mod examples;
mod folder;
mod lines;
mod stage;
mod trial;
