//! A plugin in words: what it is, what it needs, and why. What comes out of a file was written by a stranger, so
//! it is shown through `text` alone.

use std::fmt::Write as _;

use crate::author::{Asks, Inspected, Interface};
use crate::text::safe;

/// After a build: where the file is, and all that a user of it will see.
pub(super) fn built(plugin: &Inspected) -> String {
    format!("Built {}\n\n{}", safe(&plugin.file.display().to_string()), inspected(plugin))
}

/// What a file says of itself.
pub(super) fn inspected(plugin: &Inspected) -> String {
    let manifest = &plugin.manifest;
    let mut text = String::new();
    let kinds: Vec<String> = manifest.kinds.iter().map(ToString::to_string).collect();
    row(&mut text, "plugin", &format!("{} {} ({})", manifest.name, manifest.version, kinds.join(", ")));
    row(&mut text, "about", &manifest.description);
    row(&mut text, "licence", &manifest.licence);
    row(&mut text, "contract", &manifest.contract.to_string());
    row(&mut text, "size", &size(plugin.size));
    row(&mut text, "sha256", &plugin.sha256);
    if let Some(target) = &manifest.target {
        row(&mut text, "accepts", &target.accepts.join(", "));
    }
    let names = |interfaces: &[Interface]| interfaces.iter().map(ToString::to_string).collect::<Vec<_>>();
    list(&mut text, "exports", &names(&plugin.exports));
    list(&mut text, "imports", &names(&plugin.imports));
    list(&mut text, "asks for", &asks(&manifest.asks));
    text
}

/// What a plugin asks for, each with its reason.
fn asks(asks: &Asks) -> Vec<String> {
    let mut lines = Vec::new();
    for host in &asks.hosts {
        let place = match (&host.host, &host.setting) {
            (Some(host), _) => host.clone(),
            (None, Some(pointer)) => format!("the address in the setting {pointer}"),
            (None, None) => continue,
        };
        lines.push(format!("{} {place}: {}", host.methods.join(", "), host.reason));
    }
    for credential in &asks.credentials {
        lines.push(format!("the credential {}: {}", credential.name, credential.reason));
    }
    let simple = [("attachments", &asks.attachments), ("state", &asks.state), ("files", &asks.files)];
    for (what, ask) in simple {
        if let Some(ask) = ask {
            lines.push(format!("{what}: {}", ask.reason));
        }
    }
    lines
}

fn row(text: &mut String, name: &str, value: &str) {
    let line = format!("{name:<9} {}", safe(value));
    // Writing to a text can't fail.
    let _ = writeln!(text, "{}", line.trim_end());
}

fn list(text: &mut String, mut name: &str, values: &[String]) {
    for value in values {
        row(text, name, value);
        name = "";
    }
    if values.is_empty() {
        row(text, name, "nothing");
    }
}

fn size(bytes: u64) -> String {
    format!("{}.{} KiB", bytes / 1024, bytes % 1024 * 10 / 1024)
}
