//! A time zone as far as the host tells of it: the distance from UTC at any moment. Local time is written here as
//! milliseconds too: the number that the same clock face has in UTC.

use stint_plugin_sdk::{UnixMs, clock};

/// A zone by name, or the one distance that is known.
pub(crate) struct Zone {
    name: String,
    fallback_s: i32,
}

impl Zone {
    /// The named zone, else the machine's. The fallback serves where the host doesn't know the zone.
    pub(crate) fn new(name: Option<&str>, fallback_s: i32) -> Self {
        Self { name: name.map_or_else(clock::timezone, str::to_owned), fallback_s }
    }

    /// The local time at a moment.
    pub(crate) fn local(&self, at: UnixMs) -> i64 {
        at + self.offset_ms(at)
    }

    /// The moment at which clocks here show a local time.
    ///
    /// A time that clocks skip in spring becomes the time they show instead; of a time that comes twice in autumn,
    /// either is good enough for working hours.
    pub(crate) fn moment(&self, local: i64) -> UnixMs {
        let guess = local - self.offset_ms(local);
        local - self.offset_ms(guess)
    }

    fn offset_ms(&self, at: UnixMs) -> i64 {
        i64::from(clock::utc_offset(&self.name, at).unwrap_or(self.fallback_s)) * 1000
    }
}
