//! The service under a real systemd: a user's manager, in namespaces of its own, runs the unit that stint installs. Where
//! the machine doesn't permit that, or has no systemd, the test says so and shows nothing.

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use serde_json::Value;

use crate::support::{Said, Workshop};

const NAMESPACES: [&str; 6] = ["--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--"];
/// What has to be there, and what has to be allowed.
const NEEDED: &str = "[ -x /lib/systemd/systemd ] && mount -t cgroup2 none /sys/fs/cgroup && [ -w /sys/fs/cgroup/cgroup.procs ]";

fn permitted() -> bool {
    let mut tried = Command::new("unshare");
    tried.args(NAMESPACES).args(["sh", "-c", NEEDED]).stdout(Stdio::null()).stderr(Stdio::null());
    let permitted = tried.status().is_ok_and(|status| status.success());
    if !permitted {
        // Past the capture of the test's output: a skipped test is no green one.
        let _ =
            writeln!(std::io::stderr(), "SKIPPED: no systemd may be started here, so none ran the service");
    }
    permitted
}

#[test]
fn a_real_systemd_starts_it_hears_from_it_and_ends_it() {
    if !permitted() {
        return;
    }
    let workshop = Workshop::new();
    workshop.configure("[control]\nlisten = \":0\"\n");
    // A host that fell is started again after ten seconds; here nobody waits that long.
    workshop.write("config/systemd/user/stint.service.d/soon.conf", "[Service]\nRestartSec=0\n");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cli/manager.sh");
    let group = format!("stint-test-{}", std::process::id());
    let mut command = Command::new("timeout");
    command
        .args(["--kill-after=5", "120", "unshare"])
        .args(NAMESPACES)
        .args(["sh", script, env!("CARGO_BIN_EXE_stint"), &group])
        .env_clear()
        .env("PATH", std::env::var("PATH").unwrap())
        .env("HOME", workshop.path(""))
        .env("XDG_CONFIG_HOME", workshop.path("config"))
        .env("XDG_RUNTIME_DIR", "/run/user/0")
        .env("STINT_DATA_DIR", workshop.path("data"))
        .env("TZ", "Europe/Vienna")
        .stdin(Stdio::null());
    let said = Said::from(command.output().unwrap()).ok();
    let (told, status) = said.stdout.split_at(said.stdout.find('{').unwrap());
    let told: Vec<&str> = told.lines().collect();
    assert_eq!(
        told,
        [
            "installed: notify active running 1min",
            "active",
            "started",
            "reloaded: active 0",
            "started again: active",
            "gone: inactive not-found"
        ],
        "{}",
        said.stderr
    );
    let status: Value = serde_json::from_str(status).unwrap();
    assert_eq!(
        (&status["host"]["running"], &status["timer"]["note"]),
        (&false.into(), &"In a service".into())
    );
}
