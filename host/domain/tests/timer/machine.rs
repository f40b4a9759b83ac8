//! A machine whose clocks a test moves. It knows what really happened, so its clocks can't lie by accident.

use stint_domain::{
    clock::ClockSample,
    id::BootId,
    time::{Millis, UnixMs},
};

/// A morning in January, as the wall clock of every test starts.
pub(crate) fn clock(hour: u64, minute: u64) -> UnixMs {
    let midnight = UnixMs(1_736_294_400_000);
    midnight + Millis::from_mins(hour * 60 + minute)
}

/// All clocks of a machine.
#[derive(Clone, Debug)]
pub(crate) struct Machine {
    boots: u8,
    boottime: Millis,
    monotonic: Millis,
    wall: UnixMs,
}

impl Machine {
    /// A machine that has been up for a while, at nine o'clock.
    pub(crate) fn at_nine() -> Self {
        Self { boots: 1, boottime: Millis(7_000_000), monotonic: Millis(5_000_000), wall: clock(9, 0) }
    }

    /// All its clocks, read together.
    pub(crate) fn sample(&self) -> ClockSample {
        ClockSample {
            boot: BootId::from_bytes([self.boots; 16]),
            boottime: self.boottime,
            monotonic: self.monotonic,
            wall: self.wall,
        }
    }

    /// Time goes by, awake.
    pub(crate) fn advance(&mut self, length: Millis) {
        self.monotonic += length;
        self.boottime += length;
        self.wall = self.wall + length;
    }

    /// Time goes by, asleep.
    pub(crate) fn sleep(&mut self, length: Millis) {
        self.boottime += length;
        self.wall = self.wall + length;
    }

    /// Somebody moves the wall clock.
    pub(crate) fn step(&mut self, by_ms: i64) {
        self.wall = UnixMs(self.wall.0 + by_ms);
    }

    /// The machine is off for `off`, and started anew.
    pub(crate) fn reboot(&mut self, off: Millis) {
        self.boots += 1;
        self.boottime = Millis(3_000);
        self.monotonic = Millis(3_000);
        self.wall = self.wall + off;
    }
}
