//! Times and lengths as people read them.

use stint_domain::time::UnixMs;

use super::Zone;

/// `14:30`
pub(crate) fn clock(at: UnixMs, zone: &Zone) -> String {
    zone.at(at).strftime("%H:%M").to_string()
}

/// `2026-03-02`
pub(crate) fn date(at: UnixMs, zone: &Zone) -> String {
    zone.at(at).strftime("%Y-%m-%d").to_string()
}

/// `2026-03-02 14:30:05`: what can be typed again for `--at`.
pub(crate) fn day_and_clock(at: UnixMs, zone: &Zone) -> String {
    zone.at(at).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// `3 h 05 min`; what is shorter than a minute in seconds. Rounded down: nobody likes to be told more than they
/// worked.
pub(crate) fn length(ms: u64) -> String {
    let (minutes, seconds) = (ms / 60_000, ms / 1_000 % 60);
    match (minutes / 60, minutes % 60) {
        (0, 0) => format!("{seconds} s"),
        (0, minutes) => format!("{minutes} min"),
        (hours, minutes) => format!("{hours} h {minutes:02} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read_at_a_glance() {
        let shown = [0, 999, 59_999, 60_000, 3_599_999, 3_600_000, 11_100_000, 360_000_000].map(length);
        assert_eq!(
            shown,
            ["0 s", "0 s", "59 s", "1 min", "59 min", "1 h 00 min", "3 h 05 min", "100 h 00 min"]
        );
    }

    #[test]
    fn instants_are_shown_in_the_zone() {
        let (zone, at) = (Zone::named("Europe/Vienna"), UnixMs(1_772_443_805_000));
        let shown = [clock(at, &zone), date(at, &zone), day_and_clock(at, &zone)];
        assert_eq!(shown, ["10:30", "2026-03-02", "2026-03-02 10:30:05"]);
        assert_eq!(clock(at, &Zone::named("Nowhere/At_All")), "09:30", "an unknown zone shows UTC");
    }
}
