//! A target's own question to its backend, asked in the sandbox that delivers: whether it is there, takes the
//! credential, and has what the settings name.

use std::{sync::Arc, time::Duration};

use stint_config::{Config, model::Target, value::Name};
use stint_plugin_runtime::{
    CallError, Limits, Surroundings,
    contract::{Cause, Failure},
};

use super::{Area, Finding, credentials::cure};
use crate::wiring::Bound;

/// How long a backend may take.
const BOUND: Duration = Duration::from_secs(8);

/// What a target's probe finds.
pub(super) async fn probe(config: &Config, name: &Name, target: &Target, bound: &Bound) -> Finding {
    let (around, said) = bound.for_call();
    let limits = Limits { call: BOUND, request: BOUND, ..(*around.limits).clone() };
    let around = Surroundings { limits: Arc::new(limits), ..around };
    let finding = match bound.plugin.probe(around).await {
        Ok(answered) => match answered.answer {
            Ok(()) if target.credentials.is_empty() => {
                Finding::ok(Area::Targets, "its plugin finds all as it should be")
            }
            Ok(()) => {
                Finding::ok(Area::Targets, "its plugin finds all as it should be, also with its credentials")
            }
            Err(failure) => failed(config, name, target, failure),
        },
        Err(failed) if matches!(failed.error, CallError::OutOfTime { .. }) => {
            let late = Finding::error(
                Area::Targets,
                format!("its probe had no answer within {} s", BOUND.as_secs()),
            );
            late.run(format!("stint sync --target {name} --wait"))
        }
        Err(failed) => {
            let broken = Finding::error(Area::Targets, "its plugin failed when it was asked to probe");
            broken.because(failed.to_string()).run("stint plugin list")
        }
    };
    let finding = finding.of(name.as_str());
    match (&finding.why, said.excerpt()) {
        (Some(why), Some(excerpt)) => {
            let why = format!("{why}; {}", excerpt.lines().next().unwrap_or_default());
            Finding { why: Some(why), ..finding }
        }
        _ => finding,
    }
}

fn failed(config: &Config, name: &Name, target: &Target, failure: Failure) -> Finding {
    let error = |what: &str| Finding::error(Area::Targets, what).because(failure.message.clone());
    let credential = target.credentials.values().next().map(Name::as_str);
    let login = || match credential {
        Some(credential) => cure(config, credential),
        None => "stint plugin list".to_owned(),
    };
    let again = || format!("stint sync --target {name} --wait");
    match failure.cause {
        Cause::Unauthorized => error("the backend refuses its credential").run(login()),
        Cause::Forbidden => error("its credential may not do what is needed").run(login()),
        Cause::Offline => error("its backend can't be reached").run(again()),
        Cause::Timeout => error("its backend doesn't answer in time").run(again()),
        Cause::RateLimited | Cause::Quota => {
            let waits = Finding::warning(Area::Targets, "its backend wants to be left alone for now");
            waits.because(failure.message).run("stint status")
        }
        Cause::Server => error("its backend fails by itself").run(again()),
        Cause::Misconfigured | Cause::NotFound | Cause::Invalid | Cause::Conflict | Cause::TooLarge => {
            error("its settings don't fit the backend")
                .run(format!("stint config show --origin | grep targets.{name}"))
        }
        Cause::PluginBug | Cause::Other(_) => {
            error("its plugin finds something wrong").run("stint plugin list")
        }
    }
}
