//! The machine's own clocks and zone. What a test process can't change about itself, such as its time namespace or
//! its environment, it changes for a child: this very file, run again for one test.

use std::{
    env,
    ffi::OsStr,
    io::{self, Write},
    process::Command,
};

use stint_clock::{Clock, ClockError, SystemClock, system_zone};
use stint_domain::{
    clock::{ClockSample, Elapsed, SLEEP_THRESHOLD},
    time::Millis,
};

const IN_CHILD: &str = "STINT_CLOCK_CHILD";
const ANSWER: &str = "the child says ";

/// What this file's test `name` says when it is run in a child: one that `wrapper` starts, with this `TZ`.
fn ask_child(wrapper: &[&str], name: &str, zone: &str) -> Option<String> {
    let this_file = env::current_exe().ok()?;
    let command = wrapper.iter().map(OsStr::new).chain([this_file.as_os_str()]).collect::<Vec<_>>();
    let output = Command::new(command[0])
        .args(&command[1..])
        .args(["--exact", name, "--nocapture"])
        .env(IN_CHILD, "yes")
        .env("TZ", zone)
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    text.lines().find_map(|line| line.split_once(ANSWER)).map(|(_, answer)| answer.to_owned())
}

#[test]
fn time_does_not_run_backwards_nor_sleep_between_samples() {
    let clock = SystemClock::new().unwrap();
    let mut earlier = clock.sample();
    for _ in 0..10_000 {
        let sample = clock.sample();
        assert_eq!(sample.boot, earlier.boot);
        assert!(sample.monotonic >= earlier.monotonic, "{earlier:?} {sample:?}");
        assert!(sample.boottime >= earlier.boottime, "{earlier:?} {sample:?}");
        let asleep = sample.boottime.since(earlier.boottime).since(sample.monotonic.since(earlier.monotonic));
        assert!(asleep < SLEEP_THRESHOLD, "{earlier:?} {sample:?}");
        earlier = sample;
    }
}

#[test]
fn the_wall_clock_is_the_systems() {
    let date = Command::new("date").arg("+%s").output().unwrap();
    let before = SystemClock::new().unwrap().sample().wall.0 / 1_000;
    let seconds: i64 = String::from_utf8(date.stdout).unwrap().trim().parse().unwrap();
    assert!((before - seconds).abs() < 3_600, "{before} {seconds}");
}

/// A time namespace moves BOOTTIME alone, as a suspend does: seen from before it, the machine slept.
#[test]
fn a_suspend_is_seen_as_sleep() {
    let here = SystemClock::new().unwrap().sample();
    if env::var_os(IN_CHILD).is_some() {
        println!("{ANSWER}{}", serde_json::to_string(&here).unwrap());
        return;
    }
    let slept = Millis::from_secs(100_000);
    let as_root = ["unshare", "--time", "--boottime", "100000"];
    let as_person = ["unshare", "--user", "--map-root-user", "--time", "--boottime", "100000"];
    let there = [as_root.as_slice(), &as_person]
        .into_iter()
        .find_map(|unshare| ask_child(unshare, "a_suspend_is_seen_as_sleep", "UTC"));
    let Some(there) = there else {
        // Written past the capture of a passing test's output: a skip must be seen.
        writeln!(io::stderr(), "SKIPPED a_suspend_is_seen_as_sleep: no time namespace can be made here")
            .unwrap();
        return;
    };
    let there: ClockSample = serde_json::from_str(&there).unwrap();
    let Elapsed::SameBoot(interval) = there.since(&here) else { panic!("another boot: {there:?}") };
    assert!(interval.asleep.apart(slept) < SLEEP_THRESHOLD, "{interval:?}");
    assert_eq!(there.monotonic.since(here.monotonic), interval.awake);
}

#[test]
fn the_zone_has_its_iana_name() {
    if env::var_os(IN_CHILD).is_some() {
        match system_zone() {
            Ok(name) => println!("{ANSWER}{name}"),
            Err(error @ ClockError::ZoneUnknown { .. }) => println!("{ANSWER}{error}"),
            Err(error) => panic!("{error}"),
        }
        return;
    }
    let zone_of = |zone| ask_child(&[], "the_zone_has_its_iana_name", zone).unwrap();
    let unknown = "failed to tell the time zone's name: set TZ, as in TZ=Europe/Vienna, \
                   or link /etc/localtime into /usr/share/zoneinfo";
    assert_eq!(zone_of("Europe/Vienna"), "Europe/Vienna");
    assert_eq!(zone_of("UTC"), "UTC");
    assert_eq!(zone_of("EST5EDT,M3.2.0,M11.1.0"), unknown, "a rule without a name");
    assert_eq!(zone_of("Nowhere/Land"), unknown);
}
