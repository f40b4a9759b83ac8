//! Names for files that are kept: a running number, so that they sort by age whatever the clock said, and the time,
//! so that a person can tell them apart.

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use std::fs;
use std::path::{Path, PathBuf};
use stint_domain::time::UnixMs;

/// The part of a name that says when: `20250108T100000Z`. A time outside of what a calendar holds is told in
/// milliseconds.
pub(crate) fn stamp(now: UnixMs) -> String {
    Timestamp::from_millisecond(now.0)
        .map_or_else(|_| format!("{}ms", now.0), |time| time.strftime("%Y%m%dT%H%M%SZ").to_string())
}

/// The moment that a stamp tells, to the second.
fn moment(stamp: &str) -> Option<UnixMs> {
    if let Some(millis) = stamp.strip_suffix("ms") {
        return millis.parse().ok().map(UnixMs);
    }
    let civil = DateTime::strptime("%Y%m%dT%H%M%SZ", stamp).ok()?;
    Some(UnixMs(civil.to_zoned(TimeZone::UTC).ok()?.timestamp().as_millisecond()))
}

/// The moment that a file's name tells: `000001-20250108T100000Z-v1.db`.
pub(crate) fn moment_of(path: &Path) -> Option<UnixMs> {
    let name = path.file_stem()?.to_str()?;
    let (_, rest) = name.split_once('-')?;
    moment(rest.rsplit_once("-v").map_or(rest, |(stamp, _)| stamp))
}

/// The files of a directory that were named here, with their numbers, oldest first. No directory holds none.
pub(crate) fn numbered(directory: &Path, ending: &str) -> Vec<(u64, PathBuf)> {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    let mut found: Vec<_> = entries
        .filter_map(|entry| {
            let name = entry.file_name();
            let name = name.to_str()?.strip_suffix(ending)?;
            Some((name.split_once('-')?.0.parse().ok()?, entry.path()))
        })
        .collect();
    found.sort();
    found
}

/// The number after the youngest one.
pub(crate) fn next_number(directory: &Path, ending: &str) -> u64 {
    numbered(directory, ending).last().map_or(1, |(number, _)| number.saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_named_whatever_the_clock_says() {
        assert_eq!(stamp(UnixMs(1_736_330_400_000)), "20250108T100000Z");
        assert_eq!(stamp(UnixMs(0)), "19700101T000000Z");
        assert_eq!(stamp(UnixMs(-1_000)), "19691231T235959Z");
        assert_eq!(stamp(UnixMs(i64::MAX)), "9223372036854775807ms");
        for moment in [1_736_330_400_000, 0, -1_000, i64::MAX, i64::MIN] {
            let name = format!("/b/000001-{}-v1.db", stamp(UnixMs(moment)));
            assert_eq!(moment_of(Path::new(&name)), Some(UnixMs(moment)), "{name}");
        }
        for name in ["000001-x-v1.db", "stint.db", "000001-20250108T100000-v1.db"] {
            assert_eq!(moment_of(Path::new(name)), None, "{name}");
        }
    }

    #[test]
    fn numbers_sort_by_age_and_strangers_are_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["000009-x.db", "000010-a.db", "1000000-b.db", "note.db", "x-1.db", "000011-a.tmp"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        let numbers: Vec<_> = numbered(folder.path(), ".db").into_iter().map(|(number, _)| number).collect();
        assert_eq!(numbers, [9, 10, 1_000_000]);
        assert_eq!(next_number(folder.path(), ".db"), 1_000_001);
        assert_eq!(next_number(&folder.path().join("none"), ".db"), 1);
    }
}
