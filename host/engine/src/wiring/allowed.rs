//! What the configuration allows a plugin, in the words of whoever enforces it.

use stint_config::{
    Config, Owner,
    model::{Limits as Written, Target},
};
use stint_domain::item::Kind as ItemKind;
use stint_plugin_runtime::{
    Limits,
    grants::{Allowed, HostRule, Missing},
};

use super::users::User;

/// What a plugin may do in the place where `user` names it, as a part of this target's line.
pub(crate) fn allowed(user: &User<'_>, target: &Target) -> Result<Allowed, String> {
    let attachments = target.accepts.contains(&ItemKind::Screenshot);
    let place = user.place();
    if !matches!(user.owner, Owner::Target(_)) {
        // It has no way out, whatever the target's plugin has.
        return Ok(Allowed { place, attachments, ..Allowed::default() });
    }
    let rule = |grant: &stint_config::value::Grant| {
        let text = grant.to_string();
        HostRule::parse(&text)
            .map_err(|error| format!("[{place}] allows `{text}`, which means nothing: {error}"))
    };
    Ok(Allowed {
        hosts: target.allow.iter().map(rule).collect::<Result<_, _>>()?,
        credentials: target.credentials.keys().map(|name| name.as_str().to_owned()).collect(),
        attachments,
        files: target.files.is_some(),
        place,
    })
}

/// The line to write so that what is missing is granted: with what stands there already, for a key stands there once.
pub(crate) fn line_to_write(target: Option<&Target>, missing: &[Missing]) -> Vec<String> {
    let mut lines = Vec::new();
    let inside = |missing: &Missing, before: &str, after: &str| {
        missing.line.strip_prefix(before)?.strip_suffix(after).map(str::to_owned)
    };
    let hosts: Vec<String> = missing.iter().filter_map(|one| inside(one, "allow = [", "]")).collect();
    let credentials: Vec<String> =
        missing.iter().filter_map(|one| inside(one, "credentials = { ", " }")).collect();
    if !hosts.is_empty() {
        let written = target.into_iter().flat_map(|target| &target.allow).map(|grant| format!("\"{grant}\""));
        lines.push(format!("allow = [{}]", written.chain(hosts).collect::<Vec<_>>().join(", ")));
    }
    if !credentials.is_empty() {
        let written = target.into_iter().flat_map(|target| &target.credentials);
        let written = written.map(|(name, credential)| format!("{name} = \"{credential}\""));
        lines.push(format!(
            "credentials = {{ {} }}",
            written.chain(credentials).collect::<Vec<_>>().join(", ")
        ));
    }
    let simple = |one: &&Missing| !one.line.starts_with("allow") && !one.line.starts_with("credentials");
    lines.extend(missing.iter().filter(simple).map(|one| one.line.clone()));
    lines
}

/// How much one call of a plugin may use.
pub(super) fn limits(config: &Config, plugin: &str) -> Limits {
    let Written {
        memory,
        cpu,
        call,
        http_requests,
        http_bytes,
        response,
        log_lines,
        log_bytes,
        state,
        file_bytes,
        ..
    } = config.limits.of(plugin);
    let size = |bytes: u64| usize::try_from(bytes).unwrap_or(usize::MAX);
    Limits {
        memory_bytes: size(memory.bytes()),
        cpu: cpu.duration(),
        call: call.duration(),
        request: config.sync.request_timeout.duration(),
        http_requests,
        http_bytes: http_bytes.bytes(),
        response_bytes: response.bytes(),
        log_lines: size(log_lines.into()),
        log_bytes: size(log_bytes.bytes()),
        state_bytes: state.bytes(),
        file_bytes: file_bytes.bytes(),
        ..Limits::default()
    }
}

#[cfg(test)]
#[path = "allowed_tests.rs"]
mod tests;
