//! The page, in a real browser and as text.

mod browser;
mod clicks;
mod looks;
mod stage;
