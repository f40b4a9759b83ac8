//! The room that is left: on the disk, and of what the configuration lets the database have.

use std::{fs, path::Path};

use super::{Area, Finding};
use crate::room::{self, LEAST, bytes};

/// What is found about the room for a database that may have `quota` bytes.
pub(super) fn disk(dir: &Path, quota: u64) -> Vec<Finding> {
    let size = |name: &str| fs::metadata(dir.join(name)).map_or(0, |found| found.len());
    let used = size("stint.db") + size("stint.db-wal");
    let free = match room::free(dir) {
        Ok(free) => free,
        Err(error) => {
            let what = format!("the disk of {} can't be asked: {error}", dir.display());
            return vec![Finding::warning(Area::Data, what)];
        }
    };
    held_against(used, free, quota)
}

fn held_against(used: u64, free: u64, quota: u64) -> Vec<Finding> {
    let mut found = Vec::new();
    let left = quota.saturating_sub(used);
    if free < LEAST {
        let full = Finding::error(Area::Data, format!("the disk has {} left", bytes(free)));
        found.push(
            full.because("nothing can be recorded on a full disk")
                .run("df -h && du -xh --max-depth=2 ~ | sort -h | tail"),
        );
    } else if free < left {
        let what = format!(
            "the disk has {} left, less than the {} that the database may grow by",
            bytes(free),
            bytes(left)
        );
        let lines = vec![format!("quota = \"{}MiB\"", (used + free / 2) >> 20)];
        found.push(Finding::warning(Area::Data, what).write("storage", lines));
    }
    if left < quota / 10 {
        let what = format!("the database has {} of the {} that it may have", bytes(used), bytes(quota));
        let why =
            "when there is none left, what is least important is dropped, and then nothing new is recorded";
        let lines = vec![format!("quota = \"{}MiB\"", (quota.saturating_mul(2)) >> 20)];
        found.push(Finding::warning(Area::Data, what).because(why).write("storage", lines));
    }
    if found.is_empty() {
        let what = format!(
            "the database has {} of {}, the disk has {} left",
            bytes(used),
            bytes(quota),
            bytes(free)
        );
        found.push(Finding::ok(Area::Data, what));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Level;

    #[test]
    fn the_room_is_held_against_the_quota() {
        let gib = 1 << 30;
        let all = |used, free, quota| held_against(used, free, quota);
        assert_eq!(
            all(1 << 20, 50 * gib, 2 * gib)[0].what,
            "the database has 1 MiB of 2.0 GiB, the disk has 50.0 GiB left"
        );
        assert_eq!(all(0, 1 << 20, 2 * gib)[0].level, Level::Error);
        let tight = &all(0, gib, 2 * gib)[0];
        assert_eq!(
            tight.what,
            "the disk has 1.0 GiB left, less than the 2.0 GiB that the database may grow by"
        );
        assert_eq!(tight.write.as_ref().unwrap().lines, ["quota = \"512MiB\""]);
        let near = &all(2 * gib - (100 << 20), 50 * gib, 2 * gib)[0];
        assert_eq!(near.write.as_ref().unwrap().lines, ["quota = \"4096MiB\""]);
    }
}
