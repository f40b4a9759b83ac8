//! The machine's clock: whether it can be right, and whether something keeps it so. Lengths of work never come from it;
//! the times of day do.

use std::path::Path;

use stint_domain::time::UnixMs;

use super::{Area, Finding};
use crate::{open::BUILT_AFTER, when::When};

const SET: &str = "timedatectl set-ntp true";

/// What is found about a clock that shows `now`, on the machine whose files are below `root`.
pub fn clock(now: UnixMs, zone: &str, unknown_zone: Option<&str>, root: &Path) -> Vec<Finding> {
    let shown = When(now).to_string();
    let mut found = Vec::new();
    if now < BUILT_AFTER {
        let wrong = Finding::error(Area::Clock, format!("the clock shows {shown}, which is long over"));
        let why = "how long was worked is measured rightly all the same, when it was is not";
        found.push(wrong.because(why).run(SET));
    } else if is_unsynchronised(root) {
        let loose = Finding::warning(Area::Clock, "nothing has set the clock by the network since the start");
        found.push(loose.because("systemd-timesyncd runs and has reached no time server yet").run(SET));
    } else {
        found.push(Finding::ok(Area::Clock, format!("the clock shows {shown}")));
    }
    found.push(match unknown_zone {
        Some(unknown) => {
            let lost = Finding::warning(Area::Clock, format!("no time zone is called {unknown:?}"));
            lost.because("TZ says so; times are read and shown in UTC").run("unset TZ")
        }
        None => Finding::ok(Area::Clock, format!("the time zone is {zone}")),
    });
    found
}

/// Where systemd's own service keeps the clock, it says by a file that it has reached a server. Others say nothing that
/// is as cheap to read, and nothing is said of them.
fn is_unsynchronised(root: &Path) -> bool {
    let service = root.join("run/systemd/timesync");
    service.is_dir() && !service.join("synchronized").exists()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Level;

    #[test]
    fn a_clock_is_told_wrong_loose_or_well() {
        let root = tempfile::tempdir().unwrap();
        let now = UnixMs(BUILT_AFTER.0 + 1);
        let levels = |now, unknown| {
            let found = clock(now, "UTC", unknown, root.path());
            (found[0].level, found[1].level)
        };
        assert_eq!(levels(now, None), (Level::Ok, Level::Ok));
        assert_eq!(levels(UnixMs(0), Some("Nowhere")), (Level::Error, Level::Warning));
        let wrong = &clock(UnixMs(0), "UTC", None, root.path())[0];
        assert_eq!(wrong.what, "the clock shows 1970-01-01T00:00:00.000Z, which is long over");
        let service = root.path().join("run/systemd/timesync");
        std::fs::create_dir_all(&service).unwrap();
        assert_eq!(levels(now, None).0, Level::Warning);
        std::fs::write(service.join("synchronized"), "").unwrap();
        assert_eq!(levels(now, None).0, Level::Ok);
    }
}
