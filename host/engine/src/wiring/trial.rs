//! The trial of a plugin before it serves.
//!
//! A first version serves whoever it fits; whom it doesn't is told. A version that takes the place of another must take
//! nothing away: whoever could be served before can be served by it, with the same grants.

use std::{sync::Arc, time::Duration};

use stint_config::{Loaded, Owner};
use stint_plugin_runtime::{
    Limits, Plugin, Surroundings,
    contract::Cause,
    grants::{Grants, Missing},
    registry::Trial,
    services::Later,
};
use tokio::sync::watch;

use super::{
    allowed::{allowed, line_to_write},
    checks::Fit,
    users::User,
    wirer::{Wirer, not_taken},
};
use crate::current::Current;

/// A backend that takes longer than this to be asked whether it is there isn't asked.
const PROBE_MAX: Duration = Duration::from_secs(3);

/// Tries plugins with the configuration that counts.
pub struct Tryout {
    wirer: Arc<Wirer>,
    current: watch::Receiver<Current>,
}

impl Tryout {
    /// A tryout with this wirer's grants and ways.
    pub fn new(wirer: Arc<Wirer>, current: watch::Receiver<Current>) -> Self {
        Self { wirer, current }
    }

    async fn try_out(&self, candidate: &Plugin, serving: Option<&Plugin>) -> Result<(), String> {
        let loaded = Arc::clone(&self.current.borrow().loaded);
        let users = User::all(&loaded.config);
        let users: Vec<User<'_>> =
            users.into_iter().filter(|user| user.plugin.as_str() == candidate.manifest().name).collect();
        let tried = users.iter().map(|user| self.try_for(&loaded, user, candidate, serving));
        let complaints: Vec<String> =
            futures_util::future::join_all(tried).await.into_iter().filter_map(Result::err).collect();
        if complaints.is_empty() { Ok(()) } else { Err(complaints.join("; ")) }
    }

    /// Tries a candidate in one place of the configuration.
    async fn try_for(
        &self,
        loaded: &Loaded,
        user: &User<'_>,
        candidate: &Plugin,
        serving: Option<&Plugin>,
    ) -> Result<(), String> {
        let fit = self.fit(loaded, user, candidate).await;
        // Nobody loses anything: whom the first version doesn't fit is told by his own line.
        let Some(serving) = serving else { return Ok(()) };
        if self.fit(loaded, user, serving).await.is_some() {
            return Ok(());
        }
        if let Some(why) = fit {
            return Err(format!("[{}] can't be served by it: {why}", user.place()));
        }
        asks_no_more(loaded, user, candidate, serving)?;
        self.probe(loaded, user, candidate).await
    }

    /// What keeps a plugin from serving a user, if anything does.
    async fn fit(&self, loaded: &Loaded, user: &User<'_>, plugin: &Plugin) -> Option<String> {
        let fit: Fit = self.wirer.checks.fit(&loaded.config, plugin, user).await;
        fit.in_a_line(loaded, user).or_else(|| {
            let Owner::Target(name) = user.owner else { return None };
            not_taken(plugin, user, loaded.config.targets.get(name)?)
        })
    }

    /// Has a target ask its backend. That the backend isn't there is no fault of the plugin's.
    async fn probe(&self, loaded: &Loaded, user: &User<'_>, candidate: &Plugin) -> Result<(), String> {
        let Some(bound) = self.wirer.bound_for_trial(loaded, user, candidate) else { return Ok(()) };
        let (around, _said) = bound.for_call();
        let limits = Limits { call: PROBE_MAX, request: PROBE_MAX, ..(*around.limits).clone() };
        let around = Surroundings { limits: Arc::new(limits), ..around };
        let wrong = match candidate.probe(around).await {
            Ok(answered) => match answered.answer {
                Err(failure) if matches!(failure.cause, Cause::PluginBug) => Some(failure.message),
                _ => None,
            },
            Err(failed) => {
                let waited = matches!(failed.error, stint_plugin_runtime::CallError::OutOfTime { .. });
                (failed.error.is_plugins_fault() && !waited).then(|| failed.to_string())
            }
        };
        wrong.map_or(Ok(()), |why| Err(format!("[{}] could not be probed by it: {why}", user.place())))
    }
}

impl Trial for Tryout {
    fn judge(&self, candidate: Plugin, serving: Option<Plugin>) -> Later<'_, Result<(), String>> {
        Box::pin(async move { self.try_out(&candidate, serving.as_ref()).await })
    }
}

/// Whether a candidate needs no grant beyond those that the version before it had. Bytes of attachments aren't counted:
/// where the target is told of none there is nothing to read, and where it is they are granted.
fn asks_no_more(
    loaded: &Loaded,
    user: &User<'_>,
    candidate: &Plugin,
    serving: &Plugin,
) -> Result<(), String> {
    let Owner::Target(name) = user.owner else { return Ok(()) };
    let Some(target) = loaded.config.targets.get(name) else { return Ok(()) };
    let settings = user.settings.to_value();
    let granted = allowed(user, target)?;
    let missing = |plugin: &Plugin| {
        let mut missing = Grants::new(plugin.manifest(), &settings, granted.clone()).missing();
        missing.retain(|missing| missing.what != "attachments");
        missing
    };
    let before = missing(serving);
    let more: Vec<Missing> = missing(candidate)
        .into_iter()
        .filter(|missing| before.iter().all(|known| known.what != missing.what))
        .collect();
    if more.is_empty() {
        return Ok(());
    }
    let asked: Vec<String> =
        more.iter().map(|missing| format!("{} ({})", missing.what, missing.reason)).collect();
    Err(format!(
        "it asks for more than version {} did: {}; to grant it, write in [{}] of stint.toml: {}",
        serving.manifest().version,
        asked.join(", "),
        user.place(),
        line_to_write(Some(target), &more).join(" and ")
    ))
}
