//! Sleep, reboots and crashes as the kernel tells of them: a process in a namespace of its own sees clocks that are
//! ahead, or another boot id. Where the machine doesn't permit that, the test says so and shows nothing.

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use serde_json::Value;

use crate::desk::{Desk, ONE_TARGET, Said, until};

/// Whether a namespace can be had. Said loudly, past the capture of the test's output: a skipped test is no green one.
pub(crate) fn permitted(options: &[&str]) -> bool {
    let tried = Command::new("unshare").args(options).arg("true").stderr(Stdio::null()).status();
    let permitted = tried.is_ok_and(|status| status.success());
    if !permitted {
        let _ =
            writeln!(std::io::stderr(), "SKIPPED: this machine doesn't permit unshare {}", options.join(" "));
    }
    permitted
}

/// The program in such a namespace, after a shell has done what is to be done before. The shell knows the data directory
/// as `DATA`.
pub(crate) fn unshared(desk: &Desk, options: &[&str], before: &str, args: &[&str]) -> Command {
    let plain = desk.command(args);
    let mut command = Command::new("unshare");
    command.args(options).args(["sh", "-c", &format!("{before} exec \"$@\""), "sh"]);
    command.arg(plain.get_program()).args(args).env_clear();
    command.envs(plain.get_envs().filter_map(|(key, value)| Some((key, value?))));
    command.env("PATH", std::env::var("PATH").unwrap()).env("DATA", desk.data()).current_dir(desk.path(""));
    command
}

/// A verb as it is carried out there.
fn elsewhere(desk: &Desk, options: &[&str], before: &str, args: &[&str]) -> Value {
    let said = Said::of(&mut unshared(desk, options, before, &[args, &["--json"]].concat()));
    assert_eq!(said.code, 0, "{said:?}");
    serde_json::from_str(&said.stdout).unwrap()
}

fn gaps(timer: &Value) -> Vec<(&str, u64, bool)> {
    let gaps = timer["gaps"].as_array().unwrap().iter();
    gaps.map(|gap| {
        (gap["kind"].as_str().unwrap(), gap["length_ms"].as_u64().unwrap(), gap["kept"].as_bool().unwrap())
    })
    .collect()
}

#[test]
fn an_hour_of_sleep_is_a_gap_and_no_work() {
    // The clock that counts sleep is an hour ahead, the one that doesn't is not.
    let asleep = ["--time", "--boottime", "3600"];
    if !permitted(&asleep) {
        return;
    }
    let desk = Desk::new();
    desk.stint(&["start"]).ok();
    let status = elsewhere(&desk, &asleep, "", &["status"]);
    let timer = &status["timer"];
    assert_eq!(gaps(timer), [("sleep", 3_600_000, false)]);
    assert!(timer["worked_ms"].as_u64().unwrap() < 60_000, "{timer}");
    let id = timer["gaps"][0]["id"].as_str().unwrap();
    let kept = elsewhere(&desk, &asleep, "", &["gap", "keep", id]);
    assert_eq!(kept["changed"], true);
    let status = elsewhere(&desk, &asleep, "", &["status"]);
    assert!(status["timer"]["worked_ms"].as_u64().unwrap() >= 3_600_000, "{status}");
}

#[test]
fn a_reboot_ends_what_ran() {
    let rebooted = ["--mount"];
    if !permitted(&rebooted) {
        return;
    }
    let desk = Desk::new();
    desk.stint(&["start"]).ok();
    std::fs::write(desk.path("boot_id"), "11111111-2222-4333-8444-555555555555\n").unwrap();
    let mount = format!("mount --bind {} /proc/sys/kernel/random/boot_id &&", desk.path("boot_id").display());
    let status = elsewhere(&desk, &rebooted, &mount, &["status"]);
    let timer = &status["timer"];
    assert_eq!(timer["state"], "paused", "{timer}");
    let gaps = gaps(timer);
    assert!(gaps.iter().all(|(kind, _, kept)| *kind == "reboot" && !kept), "{gaps:?}");
}

#[test]
fn a_crash_costs_a_heartbeat_at_most() {
    // Both clocks are two minutes ahead: that long nobody was there.
    let later = ["--time", "--boottime", "120", "--monotonic", "120"];
    if !permitted(&later) {
        return;
    }
    let desk = Desk::new();
    desk.configure(&format!("{ONE_TARGET}[timer]\nheartbeat = \"1s\"\n"));
    let host = desk.host();
    desk.stint(&["start"]).ok();
    let worked = |timer: &Value| timer["worked_ms"].as_u64().unwrap();
    until("some work", || worked(&desk.timer()) > 3_000);
    let seen = worked(&desk.timer());
    host.kill();
    let status = elsewhere(&desk, &later, "", &["status"]);
    let timer = &status["timer"];
    assert_eq!(timer["state"], "paused", "a crash of two minutes isn't credited: {timer}");
    assert_eq!(gaps(timer).len(), 1);
    assert_eq!(gaps(timer)[0].0, "interrupted");
    // A heartbeat, and a loaded machine's delay of it.
    assert!(worked(timer) + 1_000 + 1_000 >= seen, "{} of {seen} ms are left", worked(timer));
    assert!(worked(timer) <= seen + 2_000, "nobody worked while the host was dead");
}

#[test]
fn a_short_crash_is_credited() {
    let desk = Desk::new();
    let host = desk.host();
    desk.stint(&["start"]).ok();
    host.kill();
    let host = desk.host();
    let timer = desk.timer();
    assert_eq!((timer["state"].as_str().unwrap(), gaps(&timer).len()), ("running", 0));
    assert_eq!(host.end(), 0);
}
