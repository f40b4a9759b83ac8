//! Dates in the Gregorian calendar, for what backends want as text. No time zone is known here: a caller brings
//! the distance from UTC, from [`crate::clock::utc_offset`] for example.

use crate::types::UnixMs;

const DAY_S: i64 = 86_400;

/// A moment as a wall calendar and a wall clock show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Civil {
    /// The year, for example 2026.
    pub year: i64,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
    /// 0 to 59.
    pub second: u8,
    /// 0 is Monday, 6 is Sunday.
    pub weekday: u8,
}

impl Civil {
    /// The moment, at so many seconds east of Greenwich.
    pub fn at(moment: UnixMs, utc_offset_s: i32) -> Self {
        let seconds = moment.div_euclid(1000) + i64::from(utc_offset_s);
        let days = seconds.div_euclid(DAY_S);
        let in_day = seconds.rem_euclid(DAY_S);
        let (year, month, day) = date_of(days);
        Self {
            year,
            month,
            day,
            hour: small(in_day / 3600),
            minute: small(in_day / 60 % 60),
            second: small(in_day % 60),
            // 1970-01-01 was a Thursday.
            weekday: small((days + 3).rem_euclid(7)),
        }
    }

    /// The date as in `2026-03-01`.
    pub fn date(&self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }

    /// The time of day as in `09:05:00`.
    pub fn time(&self) -> String {
        format!("{:02}:{:02}:{:02}", self.hour, self.minute, self.second)
    }
}

/// The moment in UTC as in `2026-03-01T09:05:00Z` (RFC 3339), to the second.
pub fn rfc3339(moment: UnixMs) -> String {
    let civil = Civil::at(moment, 0);
    format!("{}T{}Z", civil.date(), civil.time())
}

/// A date in the form that HTTP headers use, such as `Sun, 01 Mar 2026 09:05:00 GMT` (RFC 9110).
pub fn parse_http_date(text: &str) -> Option<UnixMs> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (_, rest) = text.trim().split_once(", ")?;
    let mut words = rest.split(' ');
    let day: i64 = words.next()?.parse().ok()?;
    let month_name = words.next()?;
    let month = (1..).zip(MONTHS).find(|(_, name)| *name == month_name)?.0;
    let year: i64 = words.next()?.parse().ok()?;
    let mut clock = words.next()?.split(':').map(str::parse::<i64>);
    let (hour, minute, second) = (clock.next()?.ok()?, clock.next()?.ok()?, clock.next()?.ok()?);
    let in_range = (1..=31).contains(&day) && (0..=9999).contains(&year);
    let in_day = (0..24).contains(&hour) && (0..60).contains(&minute) && (0..=60).contains(&second);
    (in_range && in_day && words.next() == Some("GMT"))
        .then(|| (days_of(year, month, day) * DAY_S + hour * 3600 + minute * 60 + second) * 1000)
}

/// The date of a day counted from 1970-01-01. Years are counted from March, so that the leap day comes last and a
/// month's first day is a straight line through the months.
fn date_of(days: i64) -> (i64, u8, u8) {
    let from_era = days + 719_468;
    let era = from_era.div_euclid(146_097);
    let day_of_era = from_era.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, small(month), small(day))
}

/// The day counted from 1970-01-01: the way back from [`date_of`].
fn days_of(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month_from_march = (month + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// A number that the arithmetic above keeps below 100.
fn small(number: i64) -> u8 {
    u8::try_from(number).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_become_dates() {
        assert_eq!(rfc3339(0), "1970-01-01T00:00:00Z");
        assert_eq!(rfc3339(951_782_400_000), "2000-02-29T00:00:00Z");
        assert_eq!(rfc3339(-1), "1969-12-31T23:59:59Z");
        let sunday = Civil::at(1_772_319_900_000, 3600);
        assert_eq!(
            (sunday.date().as_str(), sunday.time().as_str(), sunday.weekday),
            ("2026-03-01", "00:05:00", 6)
        );
    }

    #[test]
    fn every_day_of_eight_centuries_goes_there_and_back() {
        let mut expected_weekday = 3;
        for days in 0..300_000 {
            let (year, month, day) = date_of(days);
            assert_eq!(days_of(year, month.into(), day.into()), days);
            assert_eq!(Civil::at(days * DAY_S * 1000, 0).weekday, expected_weekday);
            expected_weekday = (expected_weekday + 1) % 7;
        }
    }

    #[test]
    fn http_dates_are_read() {
        assert_eq!(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777_000));
        assert_eq!(parse_http_date(" Thu, 01 Jan 1970 00:00:00 GMT "), Some(0));
        for wrong in [
            "",
            "120",
            "Sun, 06 Nov 1994 08:49:37",
            "Sun, 06 Nov 1994 25:00:00 GMT",
            "Sun, 6 Mai 1994 08:49:37 GMT",
        ] {
            assert_eq!(parse_http_date(wrong), None, "{wrong}");
        }
    }
}
