//! What this machine says of itself: its user, its name, its zone.

use std::{fs, os::unix::fs::MetadataExt as _};

use stint_engine::Place;

use crate::{compile, time::Zone};

/// This machine.
pub(crate) fn here() -> Place {
    Place {
        user: user().unwrap_or_else(|| "unknown".to_owned()),
        host: host().unwrap_or_else(|| "localhost".to_owned()),
        zone: Zone::of_system().name().to_owned(),
        compiler: compile::by_ourselves(),
    }
}

/// The user whose process this is. The variables of the environment can be anything, so the system's list comes first.
fn user() -> Option<String> {
    let uid = fs::metadata("/proc/self").ok()?.uid().to_string();
    let list = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let line = list.lines().find(|line| line.split(':').nth(2) == Some(uid.as_str()));
    let listed = line.and_then(|line| line.split(':').next()).map(str::to_owned);
    // Users that a directory service knows are in no file.
    listed.or_else(|| std::env::var("USER").ok()).filter(|user| !user.is_empty())
}

fn host() -> Option<String> {
    let name = fs::read_to_string("/proc/sys/kernel/hostname").ok()?;
    Some(name.trim().to_owned()).filter(|name| !name.is_empty())
}
