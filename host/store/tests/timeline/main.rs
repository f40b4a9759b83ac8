//! The timeline: what the timer's rules decide is in the store, whole, and nothing else is.

mod fixture;
mod model;
mod rules;
