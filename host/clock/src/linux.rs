//! Linux's clocks. BOOTTIME goes on during suspend and MONOTONIC stands still: their difference is the sleep.
//!
//! Invariant: a suspend between two readings of one sample is never taken for work or for sleep of its own, because
//! the readings are taken again until they lie close together.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use rustix::time::{ClockId, Timespec, clock_gettime};
use stint_domain::{
    clock::ClockSample,
    id::BootId,
    time::{Millis, UnixMs},
};

use crate::{Clock, ClockError};

/// Where the kernel says which start of the machine this is.
const BOOT_ID: &str = "/proc/sys/kernel/random/boot_id";
/// Readings this close together are as good as one.
const CLOSE: Millis = Millis(1);
/// How often readings are taken before the closest are good enough: a busy machine may interrupt each of them.
const TRIES: usize = 10;

/// The machine's own clocks.
#[derive(Clone, Debug)]
pub struct SystemClock {
    boot: BootId,
}

impl SystemClock {
    /// Asks the machine which start of it this is. That can't change while a process lives.
    pub fn new() -> Result<Self, ClockError> {
        Self::of_boot_id_file(Path::new(BOOT_ID))
    }

    fn of_boot_id_file(file: &Path) -> Result<Self, ClockError> {
        let path = || PathBuf::from(file);
        let text = fs::read_to_string(file)
            .map_err(|source| ClockError::BootIdUnreadable { path: path(), source })?;
        let boot = text.parse().map_err(|source| ClockError::BootIdInvalid { path: path(), source })?;
        Ok(Self { boot })
    }
}

impl Clock for SystemClock {
    fn sample(&self) -> ClockSample {
        let Readings { before, monotonic, wall, .. } = closest(|| read_once(clock_gettime));
        // The earlier of the two readings around MONOTONIC: sleep may be told too short by `CLOSE`, never too long.
        ClockSample { boot: self.boot, boottime: before, monotonic, wall }
    }
}

/// How long the calling thread has had a processor, ever. It stands still while others have it.
pub fn thread_cpu() -> Duration {
    let read = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(read.tv_sec.unsigned_abs(), u32::try_from(read.tv_nsec).unwrap_or_default())
}

/// One reading of every clock, BOOTTIME on both sides of the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Readings {
    before: Millis,
    monotonic: Millis,
    wall: UnixMs,
    after: Millis,
}

impl Readings {
    const fn apart(&self) -> Millis {
        self.after.since(self.before)
    }
}

fn read_once(read: impl Fn(ClockId) -> Timespec) -> Readings {
    Readings {
        before: length(read(ClockId::Boottime)),
        monotonic: length(read(ClockId::Monotonic)),
        wall: UnixMs(millis(read(ClockId::Realtime))),
        after: length(read(ClockId::Boottime)),
    }
}

/// The first readings that lie close together, else the closest of all tries.
fn closest(mut read: impl FnMut() -> Readings) -> Readings {
    let mut best = read();
    for _ in 1..TRIES {
        if best.apart() <= CLOSE {
            break;
        }
        let next = read();
        if next.apart() < best.apart() {
            best = next;
        }
    }
    best
}

/// Whole milliseconds, rounded towards the past on both sides of zero.
const fn millis(time: Timespec) -> i64 {
    time.tv_sec.saturating_mul(1_000).saturating_add(time.tv_nsec / 1_000_000)
}

const fn length(time: Timespec) -> Millis {
    UnixMs(millis(time)).since(UnixMs(0))
}

#[cfg(test)]
mod tests {
    use std::{cell::Cell, error::Error};

    use super::*;

    fn readings(before: u64, after: u64) -> Readings {
        Readings { before: Millis(before), monotonic: Millis(before), wall: UnixMs(0), after: Millis(after) }
    }

    /// Takes these readings one after the other, the last one again and again; says what came of it and how many
    /// were taken.
    fn taken(readings: &[Readings]) -> (Readings, usize) {
        let count = Cell::new(0);
        let best = closest(|| {
            count.set(count.get() + 1);
            readings[(count.get() - 1).min(readings.len() - 1)]
        });
        (best, count.get())
    }

    #[test]
    fn close_readings_are_taken_once() {
        assert_eq!(taken(&[readings(10, 11), readings(20, 20)]), (readings(10, 11), 1));
    }

    #[test]
    fn readings_that_straddle_a_suspend_are_taken_again() {
        assert_eq!(taken(&[readings(10, 60_010), readings(60_011, 60_011)]), (readings(60_011, 60_011), 2));
    }

    #[test]
    fn the_closest_are_good_enough_on_a_busy_machine() {
        let busy = [readings(10, 19), readings(20, 23), readings(30, 33), readings(40, 49)];
        assert_eq!(taken(&busy), (readings(20, 23), TRIES));
    }

    #[test]
    fn boottime_is_read_around_the_others() {
        let order = Cell::new(Vec::new());
        let read = read_once(|id| {
            let mut so_far = order.take();
            so_far.push(id);
            let tv_sec = so_far.len().try_into().unwrap();
            order.set(so_far);
            Timespec { tv_sec, tv_nsec: 999_999_999 }
        });
        let expected = [ClockId::Boottime, ClockId::Monotonic, ClockId::Realtime, ClockId::Boottime];
        assert_eq!(order.take(), expected);
        let expected = Readings {
            before: Millis(1_999),
            monotonic: Millis(2_999),
            wall: UnixMs(3_999),
            after: Millis(4_999),
        };
        assert_eq!(read, expected);
    }

    #[test]
    fn a_wall_clock_before_1970_is_rounded_towards_the_past() {
        assert_eq!(millis(Timespec { tv_sec: -1, tv_nsec: 999_999_999 }), -1);
        assert_eq!(millis(Timespec { tv_sec: -1, tv_nsec: 0 }), -1_000);
    }

    #[test]
    fn a_machine_without_proc_is_told_what_it_lacks() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("boot_id");
        let error = SystemClock::of_boot_id_file(&file).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "failed to read the boot id from {}: stint needs /proc to tell a reboot from sleep",
                file.display()
            )
        );
        assert!(error.source().is_some());

        fs::write(&file, "who knows\n").unwrap();
        let error = SystemClock::of_boot_id_file(&file).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "failed to understand the boot id in {}: is that the kernel's own /proc?",
                file.display()
            )
        );
        assert!(error.source().unwrap().to_string().contains("who knows"));
    }

    #[test]
    fn the_boot_id_is_the_kernels() {
        let kernels = fs::read_to_string(BOOT_ID).unwrap();
        assert_eq!(SystemClock::new().unwrap().sample().boot.to_string(), kernels.trim());
    }

    #[test]
    fn a_thread_has_had_what_it_computed_and_nothing_of_what_others_did() {
        let before = thread_cpu();
        let computed = std::thread::spawn(|| {
            while thread_cpu() < Duration::from_millis(20) {}
            thread_cpu()
        });
        let theirs = computed.join().unwrap();
        assert!(theirs >= Duration::from_millis(20));
        while thread_cpu() == before {}
    }
}
