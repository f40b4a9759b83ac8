//! The person's time zone, by the name that entries and reports carry, and the rules of a zone by its name.
//!
//! jiff finds both too, but reads the names of the whole zone database first. A verb runs for milliseconds, so the one
//! file is read that is asked for.

use std::{env, fs, path::Path};

use jiff::tz::{TimeZone, TimeZoneDatabase};

use crate::ClockError;

const DATABASE: &str = "/usr/share/zoneinfo";
const LOCALTIME: &str = "/etc/localtime";

/// The IANA name of the system's time zone, from `TZ` or `/etc/localtime`.
pub fn system_zone() -> Result<String, ClockError> {
    if let Some(name) = named_by_system().filter(|name| zone(name).is_some()) {
        return Ok(name);
    }
    let zone = TimeZone::try_system().map_err(|source| ClockError::ZoneUnknown { source: Some(source) })?;
    zone.iana_name().map(str::to_owned).ok_or(ClockError::ZoneUnknown { source: None })
}

/// The rules of the zone of this name: as the system's database has them, else as the program's own has.
pub fn zone(name: &str) -> Option<TimeZone> {
    let plain = !name.is_empty() && name.split('/').all(|part| !part.is_empty() && !part.starts_with('.'));
    let file = plain.then(|| Path::new(DATABASE).join(name));
    let from_file = file.and_then(|file| TimeZone::tzif(name, &fs::read(file).ok()?).ok());
    from_file.or_else(|| TimeZoneDatabase::bundled().get(name).ok())
}

/// The name, where the system says it plainly.
fn named_by_system() -> Option<String> {
    match env::var("TZ") {
        Ok(tz) if !tz.is_empty() => {
            let name = tz.strip_prefix(':').unwrap_or(&tz);
            Some(name.strip_prefix(DATABASE).map_or(name, |rest| rest.trim_start_matches('/')).to_owned())
        }
        _ => {
            let link = fs::read_link(LOCALTIME).ok()?;
            let (_, name) = link.to_str()?.split_once("zoneinfo/")?;
            Some(name.to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_has_the_rules_that_jiff_finds() {
        let at: jiff::Timestamp = "2026-07-01T12:00:00Z".parse().unwrap();
        for name in ["Europe/Vienna", "America/Argentina/Buenos_Aires", "UTC", "Asia/Kolkata"] {
            let found = zone(name).unwrap();
            assert_eq!(found.to_offset(at), TimeZone::get(name).unwrap().to_offset(at), "{name}");
            assert_eq!(found.iana_name(), Some(name));
        }
    }

    #[test]
    fn what_is_no_name_finds_nothing() {
        for name in
            ["", "Nowhere/Land", "../zoneinfo/UTC", "Europe/../UTC", "/etc/localtime", "Europe", "tzdata.zi"]
        {
            assert!(zone(name).is_none(), "{name:?}");
        }
    }
}
