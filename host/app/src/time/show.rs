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

/// `2026-03-02 14:30:05`
pub(crate) fn day_and_clock(at: UnixMs, zone: &Zone) -> String {
    zone.at(at).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// `2026-03-02 14:30:05.25`: what can be typed again for `--at`, and is this very instant. Without its part of a second
/// it could be on the wrong side of a border.
pub(crate) fn exactly(at: UnixMs, zone: &Zone) -> String {
    zone.at(at).strftime("%Y-%m-%d %H:%M:%S%.f").to_string()
}

/// `Monday 2026-03-02`
pub(crate) fn weekday_and_date(at: UnixMs, zone: &Zone) -> String {
    zone.at(at).strftime("%A %Y-%m-%d").to_string()
}

/// `14:30` where it is today, else with the day.
pub(crate) fn when(at: UnixMs, now: UnixMs, zone: &Zone) -> String {
    if date(at, zone) == date(now, zone) {
        return clock(at, zone);
    }
    format!("{} {}", date(at, zone), clock(at, zone))
}

/// `09:00-12:30`; an end on another day says which.
pub(crate) fn stretch(from: UnixMs, to: Option<UnixMs>, zone: &Zone) -> String {
    let Some(to) = to else { return format!("{}-", clock(from, zone)) };
    let day = if date(from, zone) == date(to, zone) { String::new() } else { format!("{} ", date(to, zone)) };
    format!("{}-{day}{}", clock(from, zone), clock(to, zone))
}

/// `2 h 05 min ago`, `in 12 s`, `now`.
pub(crate) fn ago(at: UnixMs, now: UnixMs) -> String {
    match (now.since(at).0, at.since(now).0) {
        (past @ 1_000.., _) => format!("{} ago", length(past)),
        // Rounded up: in 0 s would be now.
        (_, ahead @ 1..) => format!("in {}", length(ahead.next_multiple_of(1_000))),
        _ => "now".to_owned(),
    }
}

/// `1:05:09`: a length that is watched as it grows.
pub(crate) fn digits(ms: u64) -> String {
    format!("{}:{:02}:{:02}", ms / 3_600_000, ms / 60_000 % 60, ms / 1_000 % 60)
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
    fn what_grows_is_shown_to_the_second() {
        assert_eq!(
            [0, 59_999, 3_909_000, 360_000_000].map(digits),
            ["0:00:00", "0:00:59", "1:05:09", "100:00:00"]
        );
    }

    #[test]
    fn what_is_near_is_told_from_now_on() {
        let at = |offset: i64| ago(UnixMs(1_772_443_805_000 + offset), UnixMs(1_772_443_805_000));
        let shown = [-7_500_000, -1_000, -999, 0, 1, 11_001, 90_000].map(at);
        assert_eq!(shown, ["2 h 05 min ago", "1 s ago", "now", "now", "in 1 s", "in 12 s", "in 1 min"]);
        assert_eq!(ago(UnixMs(i64::MAX), UnixMs(i64::MIN)).split(' ').next(), Some("in"));
    }

    #[test]
    fn a_day_is_named_where_it_is_another_one() {
        let (zone, at) = (Zone::named("Europe/Vienna"), UnixMs(1_772_443_805_000));
        let next = UnixMs(at.0 + 54_000_000);
        assert_eq!(weekday_and_date(at, &zone), "Monday 2026-03-02");
        assert_eq!([when(at, at, &zone), when(at, next, &zone)], ["10:30", "2026-03-02 10:30"]);
        assert_eq!(stretch(at, None, &zone), "10:30-");
        assert_eq!(stretch(at, Some(UnixMs(at.0 + 60_000)), &zone), "10:30-10:31");
        assert_eq!(stretch(at, Some(next), &zone), "10:30-2026-03-03 01:30");
    }

    #[test]
    fn instants_are_shown_in_the_zone() {
        let (zone, at) = (Zone::named("Europe/Vienna"), UnixMs(1_772_443_805_000));
        let shown = [clock(at, &zone), date(at, &zone), day_and_clock(at, &zone)];
        assert_eq!(shown, ["10:30", "2026-03-02", "2026-03-02 10:30:05"]);
        assert_eq!(exactly(UnixMs(at.0 + 120), &zone), "2026-03-02 10:30:05.12");
        assert_eq!(clock(at, &Zone::named("Nowhere/At_All")), "09:30", "an unknown zone shows UTC");
    }
}
