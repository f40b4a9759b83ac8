//! Nothing is left behind: ten thousand calls, one in five of them hostile, take no more memory, no more open files and
//! no more threads than the first thousand, and every place in the pool is free again.
//!
//! A binary of its own with a single test, because what a process holds is measured.
#![cfg(test)]

#[path = "../sandbox/stage.rs"]
#[allow(dead_code, reason = "this suite needs a part of the stage")]
mod stage;

use std::fs;

use stage::{Stage, around, item, with_limits};
use stint_plugin_runtime::PoolSize;

/// What the process holds.
#[derive(Debug, Clone, Copy)]
struct Held {
    resident_kib: u64,
    files: usize,
    threads: usize,
}

fn held() -> Held {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    Held {
        resident_kib: line.trim().trim_end_matches(" kB").parse().unwrap(),
        files: fs::read_dir("/proc/self/fd").unwrap().count(),
        threads: fs::read_dir("/proc/self/task").unwrap().count(),
    }
}

/// Twenty calls: some honest, some that leak, panic, trap or grow until they are stopped.
async fn twenty_calls(stage: &Stage) {
    for call in 0..20 {
        let mode = match call {
            3 => "leak",
            7 => "trap",
            11 => "panic",
            15 => "memory-steps",
            _ => "honest",
        };
        let small = with_limits(around(mode, 0), |limits| limits.memory_bytes = 3 << 20);
        let ended = stage.plugin.upload(small, vec![item()]).await;
        assert_eq!(ended.is_ok(), !matches!(mode, "trap" | "panic"), "{mode}");
    }
}

#[tokio::test(flavor = "current_thread")]
async fn ten_thousand_calls_leave_nothing_behind() {
    const GROWTH_KIB_MAX: u64 = 2048;
    let stage = Stage::of_size(PoolSize { calls: 8, calls_of_one: 8, memory_bytes_max: 64 << 20 }).await;
    for _ in 0..50 {
        twenty_calls(&stage).await;
    }
    let before = held();
    for _ in 0..500 {
        twenty_calls(&stage).await;
    }
    let after = held();
    let grown = after.resident_kib.saturating_sub(before.resident_kib);
    assert!(grown <= GROWTH_KIB_MAX, "10,000 calls took {grown} KiB: {before:?} {after:?}");
    assert!(after.files <= before.files && after.threads <= before.threads, "{before:?} {after:?}");
    stage.is_clean();
}
