//! A real X server without a monitor, and a program that puts known pictures on it.

mod painter;
mod server;

pub use painter::{Painter, Pane};
pub use server::Server;
