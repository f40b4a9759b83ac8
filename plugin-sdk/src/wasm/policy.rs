//! A [`Policy`] as the contract's `planner`.

use std::marker::PhantomData;

use self::bindings::exports::stint::plugin::planner;
use crate::policy::{Answer, Count, Decision, Link, Policy, Power, Snapshot, Timer};
use crate::types::{Failure, Problem};
use crate::{dispatch, panic};

/// The bindings of the world `policy`.
#[allow(missing_docs, unsafe_code, unused_qualifications, reason = "generated code")]
#[allow(clippy::pedantic, clippy::undocumented_unsafe_blocks, reason = "generated code")]
#[allow(clippy::allow_attributes_without_reason, reason = "generated code")]
pub mod bindings {
    wit_bindgen::generate!({
        path: "../wit/stint-plugin-0.1",
        world: "stint:plugin/policy",
        pub_export_macro: true,
        export_macro_name: "export_policy",
        with: {
            "stint:plugin/types@0.1.0": crate::types,
            "stint:plugin/settings@0.1.0": crate::wasm::host::stint::plugin::settings,
            "stint:plugin/log@0.1.0": crate::wasm::host::stint::plugin::log,
            "stint:plugin/clock@0.1.0": crate::wasm::host::stint::plugin::clock,
            "stint:plugin/random@0.1.0": crate::wasm::host::stint::plugin::random,
        },
    });
}

/// Exports a policy; never made, only named.
pub struct PolicyExport<P>(PhantomData<P>);

impl<P: Policy> planner::Guest for PolicyExport<P> {
    fn check(settings: String) -> Vec<Problem> {
        panic::install_hook();
        dispatch::check::<P>(&settings, P::check)
    }

    fn plan(snapshot: planner::Snapshot) -> planner::Decision {
        panic::install_hook();
        match dispatch::plan::<P>(&snapshot.into()) {
            Decision::Wait(ms) => planner::Decision::Wait(ms),
            Decision::Sync(sync) => planner::Decision::Sync(planner::Sync {
                max_items: sync.max_items,
                max_in_flight: sync.max_in_flight,
                max_priority: sync.max_priority,
                kinds: sync.kinds,
            }),
        }
    }

    fn on_failure(attempt: u32, failure: Failure) -> planner::Verdict {
        panic::install_hook();
        match dispatch::on_failure::<P>(attempt, &failure) {
            Answer::Retry(ms) => planner::Verdict::Retry(ms),
            Answer::GiveUp => planner::Verdict::GiveUp,
            Answer::Default => planner::Verdict::Default,
        }
    }
}

impl From<planner::Snapshot> for Snapshot {
    fn from(snapshot: planner::Snapshot) -> Self {
        let count = |count: planner::Count| Count {
            state: count.state,
            priority: count.priority,
            items: count.items,
        };
        Self {
            now: snapshot.now,
            utc_offset: snapshot.utc_offset,
            counts: snapshot.counts.into_iter().map(count).collect(),
            oldest_pending_ms: snapshot.oldest_pending_ms,
            last_pass: snapshot.last_pass,
            link: match snapshot.link {
                planner::Link::Unknown => Link::Unknown,
                planner::Link::Up => Link::Up,
                planner::Link::Down => Link::Down,
            },
            metered: snapshot.metered,
            power: match snapshot.power {
                planner::Power::Unknown => Power::Unknown,
                planner::Power::Mains => Power::Mains,
                planner::Power::Battery => Power::Battery,
            },
            timer: match snapshot.timer {
                planner::Timer::Idle => Timer::Idle,
                planner::Timer::Running => Timer::Running,
                planner::Timer::Paused => Timer::Paused,
            },
            items_per_minute: snapshot.items_per_minute,
            extra: snapshot.extra,
        }
    }
}
