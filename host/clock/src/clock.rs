//! What a clock is to everybody else.

use std::{fmt, sync::Arc};

use stint_domain::clock::ClockSample;

/// Something that knows all clocks of the machine.
pub trait Clock: fmt::Debug + Send + Sync {
    /// All clocks, read together.
    fn sample(&self) -> ClockSample;
}

impl<C: Clock + ?Sized> Clock for Arc<C> {
    fn sample(&self) -> ClockSample {
        (**self).sample()
    }
}
