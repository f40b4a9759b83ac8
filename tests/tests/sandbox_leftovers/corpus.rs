//! Every way the hostile plugin knows to misbehave: how it is called, and what becomes of it.

use std::sync::Arc;

use stint_plugin_runtime::Surroundings;

use crate::services::Silence;
use crate::stage::{hurried, with_broker, with_limits};

/// One way to misbehave.
#[derive(Clone, Copy)]
pub(crate) struct Attack {
    pub(crate) mode: &'static str,
    /// How often, or how much; what it means is the mode's.
    pub(crate) number: u64,
    pub(crate) call: Call,
    /// What it needs besides what all are given.
    pub(crate) given: fn(Surroundings) -> Surroundings,
    /// A part of what is told about its end: its error, or its answer and what it logged.
    pub(crate) end: &'static str,
}

/// The function of the plugin that is called.
#[derive(Clone, Copy)]
pub(crate) enum Call {
    Check,
    Probe,
    Upload,
    Apply,
    Plan,
    OnFailure,
}

const fn check(mode: &'static str, end: &'static str) -> Attack {
    Attack { mode, number: 0, call: Call::Check, given: std::convert::identity, end }
}

const fn probe(mode: &'static str, end: &'static str) -> Attack {
    Attack { call: Call::Probe, ..check(mode, end) }
}

const fn upload(mode: &'static str, end: &'static str) -> Attack {
    Attack { call: Call::Upload, ..check(mode, end) }
}

const fn apply(mode: &'static str, end: &'static str) -> Attack {
    Attack { call: Call::Apply, ..check(mode, end) }
}

const fn plan(mode: &'static str, end: &'static str) -> Attack {
    Attack { call: Call::Plan, ..check(mode, end) }
}

const fn on_failure(mode: &'static str, end: &'static str) -> Attack {
    Attack { call: Call::OnFailure, ..check(mode, end) }
}

impl Attack {
    const fn of(self, number: u64) -> Self {
        Self { number, ..self }
    }

    const fn given(self, given: fn(Surroundings) -> Surroundings) -> Self {
        Self { given, ..self }
    }
}

/// With room for what has to be made before a bound of the host's is met.
fn roomy(around: Surroundings) -> Surroundings {
    with_limits(around, |limits| limits.memory_bytes = 128 << 20)
}

/// With room for three of the pictures.
fn holding_little(around: Surroundings) -> Surroundings {
    with_limits(around, |limits| limits.pixels_held = 3 * 20 * 20)
}

fn unanswered(around: Surroundings) -> Surroundings {
    with_broker(around, Arc::new(Silence))
}

const COMPUTED: &str = "it computed for more than 50ms and was ended";
const UNREACHABLE: &str = "it trapped: wasm trap: wasm `unreachable` instruction executed";
const DELIVERED: &str = "answered [Outcome::Delivered(Some(\"remote-item-1\"))]";

pub(crate) const CORPUS: &[Attack] = &[
    upload("honest", DELIVERED),
    upload("too-few", "0 outcomes for 1 items"),
    upload("too-many", "2 outcomes for 1 items"),
    upload("far-too-many", "too much data is being copied").given(roomy),
    upload("later", "answered [Outcome::Retry("),
    upload("no-reason", "the plugin gave no reason, which is a mistake in the plugin"),
    upload("huge-reason", "answered [Outcome::Reject("),
    upload("escape-codes", "\u{fffd}[2J\u{fffd}]0;owned\u{fffd}"),
    upload("huge-remote-id", "answered [Outcome::Delivered(None)]"),
    upload("steal", "answered [Outcome::Reject("),
    upload("read", "answered [Outcome::Delivered(Some(\""),
    probe("probe-panics", "it panicked: "),
    probe("probe-offline", "the backend is away"),
    plan("wait-nothing", "answered Decision::Wait(0)"),
    plan("wait-for-ever", "answered Decision::Wait(18446744073709551615)"),
    plan("sync-nothing", "max-items: 0"),
    plan("sync-all", "max-items: 4294967295"),
    on_failure("retry-at-once", "answered Verdict::Retry(0)"),
    on_failure("retry-never", "answered Verdict::Retry(18446744073709551615)"),
    on_failure("give-up", "answered Verdict::GiveUp"),
    check("silent-problem", "the plugin gave no reason, which is a mistake in the plugin"),
    check("problem-flood", "answered 100 problems"),
    apply("foreign-id", "`apply` changed the item's id"),
    apply("foreign-key", "`apply` changed the item's key"),
    apply("foreign-entry-key", "`apply` changed the item's entry-key"),
    apply("foreign-attempt", "`apply` changed the item's attempt"),
    apply("drop-silently", "answered dropped: the plugin gave no reason"),
    apply("handle-flood", "it had more than 50 handles open at one time").of(1000),
    apply("picture-flood", "\"3 pictures\"").of(1000).given(holding_little),
    apply("picture-work", "it worked on more pixels than one call may"),
    apply("picture-encode", "it held more pictures than one call may").given(holding_little),
    apply("picture-size", "0 × 1 pixels: it has nothing in it"),
    apply("blur", "answered kept"),
    upload("loop", COMPUTED).given(hurried),
    upload("loop-calling-host", COMPUTED).given(hurried),
    upload("loop-of-waits", COMPUTED).given(hurried),
    upload("recursion", "its calls were nested too deep"),
    upload("recursion-with-locals", "it trapped: wasm trap: out of bounds memory access"),
    upload("panic", "it panicked: panicked at src/lib.rs:7:9: no project is set"),
    upload("panic-silently", UNREACHABLE),
    upload("trap", UNREACHABLE),
    upload("divide", UNREACHABLE),
    upload("trap-on-nth", UNREACHABLE).of(1),
    upload("random-flood", "it asked for 4294967295 random bytes at once, and 65536 are the most"),
    upload("memory-bomb", "it wanted more than 16777216 bytes of memory"),
    upload("memory-steps", "grew by 14 MiB"),
    upload("memory-at-once", "it wanted more than 16777216 bytes of memory"),
    upload("log-flood", "99800 more lines were left out"),
    upload("log-fields", "20 more lines were left out"),
    upload("log-huge", "1 more lines were left out"),
    upload("log-beyond-transfer", "too much data is being copied").given(roomy),
    upload("state-flood", "1017 entries").of(10_000),
    upload("state-forgetting", "10000 forgotten").of(100_000),
    upload("state-huge", "put: refused"),
    upload("state-keys", "put: refused"),
    upload("leak", DELIVERED),
    upload("http", "answered 200"),
    upload("http", "it gave no answer within 3600s and was ended").given(unanswered),
    upload("http-flood", "200 requests, then exhausted: this call has sent its 200 requests"),
    upload("http-elsewhere", "doesn't ask for GET https://elsewhere.test"),
    upload("http-in-disguise", "the address has a user or a password in it"),
    upload("http-huge", "exhausted: one call may send 16777216 bytes").of(3).given(roomy),
    upload("http-parts", "15 forms").of(20),
    upload("sign-flood", "this call has had its 1000 signatures").of(10_000),
    upload("zones", "[\"Some(0)\", \"None\", \"None\", \"None\", \"None\"]"),
    upload("credential", "doesn't ask for the credential `other`"),
    upload("files", "/etc/passwd: refused"),
    upload("files-huge", "one call may write 5242880 bytes").of(100),
    upload("files-append", "Ok(5)"),
    upload("files-append-and-die", UNREACHABLE),
];
