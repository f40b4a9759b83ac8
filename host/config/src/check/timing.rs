//! Lengths of time that don't go together.

use super::Check;
use crate::{
    diagnose::{Code, Finding},
    value::Period,
};

pub(super) fn check(check: &mut Check<'_>) {
    let config = check.config;
    let capture = &config.capture;
    if capture.jitter > capture.interval {
        let message =
            format!("the jitter of {} is longer than the interval of {}", capture.jitter, capture.interval);
        let finding = Finding::error(Code::Conflict, message).hint("write a jitter up to the interval");
        check.found(&["capture", "jitter"], finding);
    }
    let (sync, limits) = (&config.sync, &config.limits);
    let path = ["sync", "lock_timeout"];
    if sync.request_timeout >= sync.lock_timeout {
        let message = format!(
            "a request may take {}, and a pass is taken over after {}",
            sync.request_timeout, sync.lock_timeout
        );
        check.found(&path, Finding::error(Code::Conflict, message).hint("write a longer lock_timeout"));
    }
    call(check, limits.call, limits.cpu, &["limits"]);
    for name in limits.plugin.keys() {
        let own = limits.of(name.as_str());
        call(check, own.call, own.cpu, &["limits", "plugin", name.as_str()]);
    }
}

/// A cancelled call has to be settled before another pass may take its items over.
fn call(check: &mut Check<'_>, length: Period, cpu: Period, table: &[&str]) {
    let lock = check.config.sync.lock_timeout;
    let path = |key| table.iter().copied().chain([key]).collect::<Vec<&str>>();
    if length >= lock {
        let message = format!("a call may take {length}, and a pass is taken over after {lock}");
        let hint = "write a shorter `call`, or a longer lock_timeout in [sync]";
        check.found(&path("call"), Finding::error(Code::Conflict, message).hint(hint));
    }
    if cpu > length {
        let message = format!("{cpu} on the processor don't fit into a call of {length}");
        check.found(&path("cpu"), Finding::error(Code::Conflict, message).hint("write a shorter `cpu`"));
    }
}
