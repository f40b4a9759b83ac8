//! What the program itself costs: the CPU of a verb, and of a host that has nothing to do but keep the time.

use std::thread;
use std::time::Duration;

use stint_tests::ratio::{Bar, Bench};

use crate::desk::Desk;

/// How long an idle host is watched.
const IDLE: Duration = Duration::from_secs(30);

pub(crate) fn benches() -> Vec<Bench> {
    let verbs: &[&[&str]] = &[&["start", "--project", "Website"], &["stop"]];
    vec![
        Bench::count("CPU of `stint status` beside a host", "ms", Bar::AtMost(6.0), || {
            Desk::new()?.with_host()?.cpu_ms_of(&[&["status"]])
        }),
        Bench::count("CPU of a timer verb beside a host", "ms", Bar::AtMost(10.0), || {
            Desk::new()?.with_host()?.cpu_ms_of(verbs)
        }),
        Bench::count("CPU of a timer verb without a host", "ms", Bar::AtMost(10.0), || {
            Desk::new()?.cpu_ms_of(verbs)
        }),
        Bench::count("CPU of an idle host, timer running", "% of a core", Bar::AtMost(0.2), || {
            let desk = Desk::new()?.with_host()?;
            desk.run(&["start"])?;
            desk.idle_cpu(IDLE)
        }),
        Bench::count("memory of an idle host, timer running", "MiB", Bar::AtMost(30.0), || {
            let desk = Desk::new()?.with_host()?;
            desk.run(&["start"])?;
            thread::sleep(Duration::from_secs(12));
            desk.host_rss_mib()
        }),
        Bench::count(
            "wake-ups of an idle host, timer stopped, 8 targets",
            "a second",
            Bar::AtMost(2.0),
            || {
                let desk = Desk::with_plugins()?.with_host()?;
                desk.settle()?;
                desk.idle_wakes(IDLE)
            },
        ),
        Bench::count(
            "CPU of an idle host, timer stopped, 8 targets",
            "% of a core",
            Bar::AtMost(0.1),
            || {
                let desk = Desk::with_plugins()?.with_host()?;
                desk.settle()?;
                desk.idle_cpu(IDLE)
            },
        ),
        Bench::count("memory of a host with 8 plugins loaded", "MiB", Bar::AtMost(60.0), || {
            let desk = Desk::with_plugins()?.with_host()?;
            desk.settle()?;
            desk.host_rss_mib()
        }),
    ]
}
