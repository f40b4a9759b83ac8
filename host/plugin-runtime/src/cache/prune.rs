//! Entries that no start has used for long go: those of plugins that were removed or replaced, of other versions of
//! stint, and what an interrupted write left.
//!
//! Invariant: an entry's time of change is when it was last of use, so what is used is never old.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::time::Duration;

use stint_domain::time::UnixMs;

use super::Cache;

/// Longer than a plugin is away while somebody tries another one.
const UNUSED: Duration = Duration::from_hours(30 * 24);
/// How many names one start looks at. What is beyond has its turn when these are gone.
const NAMES_MAX: usize = 4096;

impl Cache {
    /// Removes what was not used for long, and says how many files that were. Other files are left alone.
    pub(crate) fn prune(&self, now: UnixMs) -> io::Result<usize> {
        let oldest_s = now.0 / 1000 - i64::try_from(UNUSED.as_secs()).unwrap_or(i64::MAX);
        let mut removed = 0;
        for found in fs::read_dir(self.path())?.take(NAMES_MAX) {
            let path = found?.path();
            let ours = path.extension().is_some_and(|kind| kind == "cwasm" || kind == "new");
            let unused = || fs::symlink_metadata(&path).is_ok_and(|found| found.mtime() < oldest_s);
            if ours && unused() && fs::remove_file(&path).is_ok() {
                removed += 1;
            }
        }
        Ok(removed)
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{File, FileTimes};
    use std::path::Path;

    use wasmtime::Engine;

    use super::super::Key;
    use super::*;

    const DAY_MS: i64 = 24 * 3_600_000;

    /// When a file was last of use.
    fn used_ms(path: &Path) -> i64 {
        fs::metadata(path).unwrap().mtime() * 1000
    }

    /// As if it had been of use last so many days earlier.
    fn age(path: &Path, days: u64) {
        let earlier = fs::metadata(path).unwrap().modified().unwrap() - Duration::from_hours(24 * days);
        File::options()
            .append(true)
            .open(path)
            .unwrap()
            .set_times(FileTimes::new().set_modified(earlier))
            .unwrap();
    }

    #[test]
    fn what_no_start_has_used_for_a_month_goes_and_the_rest_stays() {
        let root = tempfile::tempdir().unwrap();
        let cache = Cache::open(root.path().join("compiled").as_path()).unwrap();
        let engine = Engine::default();
        let component = wat::parse_str("(component (core module (func)))").unwrap();
        let compiled = engine.precompile_component(&component).unwrap();
        let [removed, used, recent] = ["00", "01", "02"].map(|hash| Key::new(hash, &engine));
        for key in [&removed, &used, &recent] {
            cache.store(key, &compiled).unwrap();
        }
        let entry = |key: &Key| cache.path().join(format!("{}.cwasm", key.as_str()));
        let now = UnixMs(used_ms(&entry(&recent)));
        for (key, days) in [(&removed, 31), (&used, 31), (&recent, 29)] {
            age(&entry(key), days);
        }
        for other in ["0123.new", "notes.txt"] {
            fs::write(cache.path().join(other), "").unwrap();
            age(&cache.path().join(other), 31);
        }
        assert!(cache.load(&used, &engine).is_some(), "a plugin that is there");

        assert_eq!(cache.prune(now).unwrap(), 2, "the removed plugin's, and the interrupted write");
        let mut left: Vec<_> =
            fs::read_dir(cache.path()).unwrap().map(|found| found.unwrap().path()).collect();
        left.sort();
        let mut expected = vec![entry(&used), entry(&recent), cache.path().join("notes.txt")];
        expected.sort();
        assert_eq!(left, expected);
        assert_eq!(cache.prune(now).unwrap(), 0);

        assert_eq!(cache.prune(UnixMs(now.0 + 2 * DAY_MS)).unwrap(), 1, "the recent one is a month old now");
        assert!(cache.load(&used, &engine).is_some());
    }

    #[test]
    fn one_start_looks_at_a_bounded_number_of_names() {
        let root = tempfile::tempdir().unwrap();
        let cache = Cache::open(root.path().join("compiled").as_path()).unwrap();
        for number in 0..NAMES_MAX + 3 {
            File::create(cache.path().join(format!("{number}.new"))).unwrap();
        }
        let later = UnixMs(used_ms(&cache.path().join("0.new")) + 31 * DAY_MS);
        assert_eq!(cache.prune(later).unwrap(), NAMES_MAX);
        assert_eq!(cache.prune(later).unwrap(), 3);
    }
}
