//! The intersection of what is asked and what is allowed, and the sentences that explain a refusal.

use std::fmt;

use serde_json::Value;
use url::Url;

use super::allowed::Allowed;
use super::host_pattern::HostPattern;
use crate::manifest::{Asks, Manifest};

/// What one plugin may do in one place of the configuration.
#[derive(Debug, Clone)]
pub struct Grants {
    plugin: String,
    asks: Asks,
    hosts: Vec<ResolvedHost>,
    allowed: Allowed,
}

/// An asked host, after the setting it may have pointed to was read.
#[derive(Debug, Clone)]
struct ResolvedHost {
    pattern: HostPattern,
    methods: Vec<String>,
    reason: String,
}

/// Why something isn't permitted: a sentence that names the line to add, and whose line it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The manifest doesn't ask for it.
    #[error("the manifest of `{plugin}` doesn't ask for {what}; its author adds {line} to plugin.toml")]
    NotAsked {
        /// The plugin.
        plugin: String,
        /// What was wanted.
        what: String,
        /// What the author would write.
        line: String,
    },
    /// The configuration doesn't grant it.
    #[error("[{place}] doesn't grant {what}; to grant it, write there {line}")]
    NotGranted {
        /// The table of the configuration.
        place: String,
        /// What was wanted.
        what: String,
        /// What the operator would write.
        line: String,
    },
}

/// Something a plugin asks for and isn't granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// What it is.
    pub what: String,
    /// Why the plugin wants it, in its author's words.
    pub reason: String,
    /// What the operator would write to grant it.
    pub line: String,
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "asks for {} ({}); to grant it, write {}", self.what, self.reason, self.line)
    }
}

impl Grants {
    /// What a plugin with these settings may do where the configuration allows so much.
    pub fn new(manifest: &Manifest, settings: &Value, allowed: Allowed) -> Self {
        let hosts = manifest.asks.hosts.iter().filter_map(|asked| {
            let pattern = match (&asked.host, &asked.setting) {
                (Some(host), _) => HostPattern::parse(host).ok(),
                (None, Some(pointer)) => settings
                    .pointer(pointer)
                    .and_then(Value::as_str)
                    .and_then(|address| Url::parse(address).ok())
                    .and_then(|address| HostPattern::exactly(&address)),
                (None, None) => None,
            }?;
            Some(ResolvedHost { pattern, methods: asked.methods.clone(), reason: asked.reason.clone() })
        });
        Self { plugin: manifest.name.clone(), hosts: hosts.collect(), asks: manifest.asks.clone(), allowed }
    }

    /// Whether a request may be sent.
    pub fn request(&self, method: &str, url: &Url) -> Result<(), Refusal> {
        let origin = origin(url);
        let asked = |host: &ResolvedHost| {
            host.methods.iter().any(|known| known == method) && host.pattern.matches(url)
        };
        if !self.hosts.iter().any(asked) {
            return Err(self.not_asked(
                format!("{method} {origin}"),
                format!("[[asks.hosts]] host = \"{origin}\", methods = [\"{method}\"], reason = \"…\""),
            ));
        }
        if !self.allowed.hosts.iter().any(|rule| rule.allows(method, url)) {
            return Err(
                self.not_granted(format!("{method} {origin}"), format!("allow = [\"{method} {origin}\"]"))
            );
        }
        Ok(())
    }

    /// Whether the configuration names this very address, or a block with it, for a request to it. Private and
    /// loopback addresses are connected to only then; a wildcard or a name doesn't open them.
    pub fn names_address(&self, address: std::net::IpAddr) -> bool {
        self.allowed.hosts.iter().any(|rule| rule.pattern().covers_address(address))
    }

    /// Whether a credential may be used.
    pub fn credential(&self, name: &str) -> Result<(), Refusal> {
        let shown = name.escape_debug();
        if !self.asks.credentials.iter().any(|asked| asked.name == name) {
            return Err(self.not_asked(
                format!("the credential `{shown}`"),
                format!("[[asks.credentials]] name = \"{shown}\", reason = \"…\""),
            ));
        }
        if !self.allowed.credentials.contains(name) {
            return Err(self.not_granted(
                format!("the credential `{shown}`"),
                format!("credentials = {{ {shown} = \"…\" }}"),
            ));
        }
        Ok(())
    }

    /// Whether the bytes of attachments may be used.
    pub fn attachments(&self) -> Result<(), Refusal> {
        let line = "accepts = [\"screenshot\", …]";
        self.simple("attachments", self.asks.attachments.is_some(), self.allowed.attachments, line)
    }

    /// Whether state may be kept. The configuration has no line for it: it is granted to whoever asks.
    pub fn state(&self) -> Result<(), Refusal> {
        self.simple("state", self.asks.state.is_some(), true, "")
    }

    /// Whether files may be written.
    pub fn files(&self) -> Result<(), Refusal> {
        self.simple("files", self.asks.files.is_some(), self.allowed.files, "files = \"FOLDER\"")
    }

    /// Everything that is asked for and granted, in words.
    pub fn granted(&self) -> Vec<String> {
        let asked = |pattern: &HostPattern| {
            self.hosts.iter().any(|host| host.pattern.includes(pattern) || pattern.includes(&host.pattern))
        };
        let hosts = self.allowed.hosts.iter().filter(|rule| asked(rule.pattern())).map(ToString::to_string);
        let credentials = self.asks.credentials.iter().map(|asked| &asked.name);
        let credentials = credentials.filter(|name| self.credential(name).is_ok());
        let simple = [("attachments", self.attachments()), ("state", self.state()), ("files", self.files())];
        let simple = simple.into_iter().filter(|(_, answer)| answer.is_ok()).map(|(what, _)| what.to_owned());
        hosts.chain(credentials.map(|name| format!("the credential `{name}`"))).chain(simple).collect()
    }

    /// Everything that is asked for and not granted.
    pub fn missing(&self) -> Vec<Missing> {
        let mut missing = Vec::new();
        for host in &self.hosts {
            for method in &host.methods {
                let granted = self.allowed.hosts.iter().any(|rule| rule.covers(method, &host.pattern));
                if !granted {
                    missing.push(Missing {
                        what: format!("{method} {}", host.pattern),
                        reason: host.reason.clone(),
                        line: format!("allow = [\"{method} {}\"]", host.pattern),
                    });
                }
            }
        }
        let credentials =
            self.asks.credentials.iter().map(|asked| (self.credential(&asked.name), &asked.reason));
        let simple = [(&self.asks.attachments, self.attachments()), (&self.asks.files, self.files())];
        let simple =
            simple.into_iter().filter_map(|(ask, answer)| ask.as_ref().map(|ask| (answer, &ask.reason)));
        for (answer, reason) in credentials.chain(simple) {
            if let Err(Refusal::NotGranted { what, line, .. }) = answer {
                missing.push(Missing { what, reason: reason.clone(), line });
            }
        }
        missing
    }

    fn simple(&self, what: &str, asked: bool, granted: bool, line: &str) -> Result<(), Refusal> {
        if !asked {
            return Err(self.not_asked(what.to_owned(), format!("[asks.{what}] reason = \"…\"")));
        }
        if granted { Ok(()) } else { Err(self.not_granted(what.to_owned(), line.to_owned())) }
    }

    fn not_asked(&self, what: String, line: String) -> Refusal {
        Refusal::NotAsked { plugin: self.plugin.clone(), what, line }
    }

    fn not_granted(&self, what: String, line: String) -> Refusal {
        Refusal::NotGranted { place: self.allowed.place.clone(), what, line }
    }
}

/// Scheme, host and port as a pattern would write them.
fn origin(url: &Url) -> String {
    HostPattern::exactly(url).map_or_else(|| format!("{}://…", url.scheme()), |pattern| pattern.to_string())
}

#[cfg(test)]
#[path = "granted_tests.rs"]
mod tests;
