//! What this process holds.

use std::fs;

/// How much of each.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Held {
    resident_kib: u64,
    files: usize,
    threads: usize,
}

/// What a pool that was used holds more at one time than at another: its pages, and those of the allocator.
const GROWTH_KIB_MAX: u64 = 2048;

impl Held {
    pub(crate) fn now() -> Self {
        let status = fs::read_to_string("/proc/self/status").unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        Self {
            resident_kib: line.trim().trim_end_matches(" kB").parse().unwrap(),
            files: fs::read_dir("/proc/self/fd").unwrap().count(),
            threads: fs::read_dir("/proc/self/task").unwrap().count(),
        }
    }

    /// Nothing that has a handle is left over from what was done since.
    #[track_caller]
    pub(crate) fn has_no_more_handles_now(&self, done: &str) {
        let now = Self::now();
        assert!(now.files <= self.files && now.threads <= self.threads, "{done}: {self:?} {now:?}");
    }

    /// Nothing at all is left over from it.
    #[track_caller]
    pub(crate) fn has_no_more_now(&self, done: &str) {
        self.has_no_more_handles_now(done);
        let grown = Self::now().resident_kib.saturating_sub(self.resident_kib);
        assert!(grown <= GROWTH_KIB_MAX, "{done} took {grown} KiB: {self:?}");
    }
}
