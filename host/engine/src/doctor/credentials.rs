//! Credentials: whether each is there, can be read by stint alone, and still counts. Whether a backend takes it, the
//! target's own probe tells.

use stint_config::{
    Config, Loaded,
    model::Credential,
    value::{Name, SecretRef, TokenStore},
};
use stint_domain::time::UnixMs;
use stint_plugin_runtime::vault::CredentialStatus;

use super::{Area, Finding, finding::quoted};
use crate::{desk::Desk, when::When};

/// What is found about all of them.
pub(super) async fn credentials(desk: &Desk, loaded: &Loaded) -> Vec<Finding> {
    let vault = match desk.keys().vault(&loaded.config) {
        Ok(vault) => vault,
        Err(error) => {
            let broken = Finding::error(Area::Credentials, "the way to them is broken").because(error);
            return vec![broken.run("stint config check")];
        }
    };
    let now = desk.now();
    let all = vault.statuses().await;
    all.iter().flat_map(|status| one(&loaded.config, status, now)).collect()
}

fn one(config: &Config, status: &CredentialStatus, now: UnixMs) -> Vec<Finding> {
    let name = &status.name;
    let users = users(config, name);
    let by = if users.is_empty() { "nobody uses it".to_owned() } else { format!("for {}", users.join(", ")) };
    let place = status.kept_in.clone().or_else(|| status.stored_in.clone());
    let place = place.map(|place| format!(" (kept in {place})")).unwrap_or_default();
    let bad = |what: String| {
        let finding = if users.is_empty() { Finding::warning } else { Finding::error };
        finding(Area::Credentials, what).of(name).run(cure(config, name))
    };
    let is_over = |at: &i64| *at <= now.0 && !status.refreshes;
    let mut found = vec![if status.present == Some(false) {
        let missing = bad(format!("it is not there; {by}{place}"));
        status.problem.iter().fold(missing, Finding::because)
    } else if let Some(problem) = &status.problem {
        bad(format!("it can't be used; {by}{place}")).because(problem)
    } else if let Some(at) = status.expires_at_unix_ms.filter(is_over) {
        bad(format!("it ended at {}; {by}", When(UnixMs(at))))
    } else if status.present.is_none() {
        Finding::ok(Area::Credentials, format!("only its command can tell; {by}{place}")).of(name)
    } else {
        Finding::ok(Area::Credentials, format!("it is there; {by}{place}")).of(name)
    }];
    found.extend(status.warnings.iter().map(|warning| doubt(config, name, warning)));
    found
}

/// A warning of the vault, with its command apart or the line that it misses.
fn doubt(config: &Config, name: &str, warning: &str) -> Finding {
    let finding = |what: &str| Finding::warning(Area::Credentials, what).of(name);
    if let Some((what, _)) = warning.split_once(": chmod 600 ") {
        let files = files(config, name).into_iter().filter(|file| warning.contains(file.as_str()));
        let command = files.map(|file| format!("chmod 600 {}", quoted(&file))).next();
        return finding(what).run(command.unwrap_or_else(|| "stint auth status".to_owned()));
    }
    if warning.contains("`store` is missing") {
        return finding(warning).write(format!("credentials.{name}"), vec!["store = \"keyring\"".to_owned()]);
    }
    finding(warning).run(cure(config, name))
}

fn files(config: &Config, name: &str) -> Vec<String> {
    let Some((_, credential)) = config.credentials.iter().find(|(known, _)| known.as_str() == name) else {
        return Vec::new();
    };
    let mut files = Vec::new();
    if let Some(SecretRef::File(path)) = wanted(credential) {
        files.push(path.path().display().to_string());
    }
    if let Some(TokenStore::File(path)) = &credential.store {
        files.push(path.path().display().to_string());
    }
    files
}

fn wanted(credential: &Credential) -> Option<&SecretRef> {
    credential.refresh.as_ref().map(|refresh| &refresh.refresh_token).or(credential.value.as_ref())
}

/// Who works with a credential.
fn users(config: &Config, name: &str) -> Vec<String> {
    let uses = |target: &&stint_config::model::Target| {
        target.enabled && target.credentials.values().any(|used| used.as_str() == name)
    };
    let targets = config.targets.iter().filter(|(_, target)| uses(target));
    let mut users: Vec<String> = targets.map(|(target, _)| format!("[targets.{target}]")).collect();
    if config.network.proxy_credential.as_ref().is_some_and(|used: &Name| used.as_str() == name) {
        users.push("the proxy".to_owned());
    }
    users
}

/// The command that puts a valid one in.
pub(super) fn cure(config: &Config, name: &str) -> String {
    let credential = config.credentials.iter().find(|(known, _)| known.as_str() == name);
    let set = format!("stint auth set {name}");
    match credential.map(|(_, credential)| (wanted(credential), &credential.store)) {
        Some((Some(SecretRef::Env(variable)), None)) => format!("{variable}=… stint run"),
        Some((Some(SecretRef::Command(words)), None)) => {
            let program = words.first().map_or("", String::as_str);
            format!("command -v {}; stint auth status {name}", quoted(program))
        }
        _ => set,
    }
}
