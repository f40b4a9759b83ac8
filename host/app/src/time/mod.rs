//! Time as people write and read it, in their own zone. Nothing here reads a clock: now is handed in.

mod read;
mod show;
mod zone;

pub(crate) use read::{Days, Period, TimeError, read_days, read_stretch, read_time};
pub(crate) use show::{
    ago, clock, date, day_and_clock, digits, exactly, length, stretch, weekday_and_date, when,
};
pub(crate) use zone::Zone;
