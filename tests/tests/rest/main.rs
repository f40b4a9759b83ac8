//! The plugin `rest`, as its users get it, in the sandbox, through the host's own way to the network, against the sample
//! backend: the example that it comes with is that backend's API.
#![cfg(test)]

mod answers;
mod day;
mod lost;
mod stage;
mod tokens;
