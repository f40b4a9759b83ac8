//! Time as people write and read it, in their own zone. Nothing here reads a clock: now is handed in.

mod read;
mod show;
mod zone;

pub(crate) use read::{TimeError, read_stretch, read_time};
pub(crate) use show::{clock, date, day_and_clock, length};
pub(crate) use zone::Zone;
