//! Short names for what a line is made of: two lines with the same names do the same.

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use stint_config::{Config, value::Name};
use stint_plugin_runtime::Plugin;

use super::users::User;

/// Enough of a hash that no two configurations of one machine share it.
const BYTES: usize = 16;

/// Names a target's plugin with all that decides what it can do: version, settings, grants, credentials, network and
/// limits. Credentials are named by their definitions; no secret is in those.
pub(super) fn of_target(config: &Config, name: &Name, plugin: Option<&Plugin>, ways: u64) -> String {
    let target = config.targets.get(name);
    let credentials = target.into_iter().flat_map(|target| &target.credentials);
    let credentials: Vec<Value> =
        credentials.map(|(theirs, ours)| json!([theirs, ours, config.credentials.get(ours)])).collect();
    digest(&json!([
        target.map(|target| (&target.plugin, &target.settings, &target.allow, &target.files)),
        plugin.map(identity),
        credentials,
        config.network,
        target.map(|target| config.limits.of(target.plugin.as_str())),
        ways,
    ]))
}

/// Names transforms in their order, with their versions and settings.
pub(super) fn of_chain<'a>(links: impl Iterator<Item = (User<'a>, Option<&'a Plugin>)>) -> String {
    let links: Vec<Value> =
        links.map(|(user, plugin)| json!([of_user(&user), plugin.map(identity)])).collect();
    digest(&links.into())
}

/// Names everything that a line is made of, however it is put into words.
pub(super) fn of_parts(parts: &[String]) -> String {
    digest(&json!(parts))
}

fn of_user(user: &User<'_>) -> Value {
    json!([user.place(), user.plugin, user.settings])
}

fn identity(plugin: &Plugin) -> Value {
    json!([plugin.manifest().name, plugin.manifest().version, plugin.sha256()])
}

fn digest(value: &Value) -> String {
    let hash = Sha256::digest(value.to_string().as_bytes());
    stint_store::hex(&hash[..BYTES])
}
