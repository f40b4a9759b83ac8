//! What says which plugins are trusted, and names of plugins that nothing uses.

use std::collections::BTreeSet;

use super::Check;
use crate::{
    diagnose::{Code, Finding, nearest},
    model::CredentialScheme,
    value::Name,
};

const PIN_INSTEAD: &str =
    "trust one file by its hash: pin = { NAME = \"sha256:…\" }; `sha256sum FILE` tells it";

pub(super) fn check(check: &mut Check<'_>) {
    let config = check.config;
    if config.plugins.require_signature {
        let message = "this version of stint can't check signatures, so no plugin could be loaded";
        let finding = Finding::error(Code::Conflict, message).hint(PIN_INSTEAD);
        check.found(&["plugins", "require_signature"], finding);
    } else if !config.plugins.trusted_keys.is_empty() {
        let message = "this version of stint doesn't check signatures yet, so these keys change nothing";
        let finding = Finding::warning(Code::Unused, message).hint(PIN_INSTEAD);
        check.found(&["plugins", "trusted_keys"], finding);
    }
    let targets = config.targets.values().map(|target| &target.plugin);
    let others =
        config.transforms.values().chain(config.policies.values()).map(|extension| &extension.plugin);
    let used: BTreeSet<&str> = targets.chain(others).map(Name::as_str).collect();
    for name in config.plugins.pin.keys() {
        of_a_plugin(check, &["plugins", "pin", name.as_str()], name, &used);
    }
    for name in config.limits.plugin.keys() {
        of_a_plugin(check, &["limits", "plugin", name.as_str()], name, &used);
    }
    if let Some(name) = &config.network.proxy_credential
        && let Some(credential) = config.credentials.get(name)
        && credential.scheme != CredentialScheme::Basic
    {
        let message =
            format!("a proxy asks for a user and a password, and `{name}` is not of the scheme `basic`");
        check.found(&["network", "proxy_credential"], Finding::error(Code::Conflict, message));
    }
    for (name, credential) in &config.credentials {
        if credential.refresh.is_some() && credential.store.is_none() {
            let message = format!("new tokens of `{name}` are lost when stint ends");
            let hint = "write store = \"keyring\", or store = { file = \"PATH\" }";
            let path = ["credentials", name.as_str(), "refresh"];
            check.found_at_key(&path, Finding::warning(Code::Unsafe, message).hint(hint));
        }
    }
}

fn of_a_plugin(check: &mut Check<'_>, path: &[&str], name: &Name, used: &BTreeSet<&str>) {
    if used.contains(name.as_str()) {
        return;
    }
    let hint = match nearest(name.as_str(), used.iter().copied()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => "the name of a plugin is meant, as in `plugin = \"…\"`, not that of a target".to_owned(),
    };
    check.found_at_key(
        path,
        Finding::warning(Code::Unused, format!("nothing uses the plugin `{name}`")).hint(hint),
    );
}
