//! The operator's side: what a target's table in the configuration allows its plugin.

use std::collections::BTreeSet;

use super::host_pattern::{HostPattern, PatternError};

/// What the operator allows one plugin in one place of the configuration.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Allowed {
    /// The table that says so, such as `targets.work`; messages name it.
    pub place: String,
    /// The hosts, from `allow`.
    pub hosts: Vec<HostRule>,
    /// The plugin's names of the credentials that `credentials` gives it.
    pub credentials: BTreeSet<String>,
    /// Whether the items it gets may have attachments, from `accepts`.
    pub attachments: bool,
    /// Whether `files` names a folder.
    pub files: bool,
}

/// One entry of `allow`: `https://api.example.com`, or `POST https://api.example.com` for a single method.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostRule {
    method: Option<String>,
    pattern: HostPattern,
}

impl std::fmt::Display for HostRule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.method.iter().try_for_each(|method| write!(f, "{method} "))?;
        write!(f, "{}", self.pattern)
    }
}

impl HostRule {
    /// Reads an entry.
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        let (method, pattern) = match text.trim().split_once(char::is_whitespace) {
            Some((method, pattern)) => (Some(method), pattern.trim()),
            None => (None, text.trim()),
        };
        if let Some(method) = method.filter(|method| !method.bytes().all(|byte| byte.is_ascii_uppercase())) {
            return Err(PatternError {
                message: format!("`{}` is no method", method.escape_debug()),
                hint: "for example POST https://api.example.com".to_owned(),
            });
        }
        Ok(Self { method: method.map(str::to_owned), pattern: HostPattern::parse(pattern)? })
    }

    /// Whether the entry allows a request.
    pub fn allows(&self, method: &str, url: &url::Url) -> bool {
        self.method.as_deref().is_none_or(|granted| granted == method) && self.pattern.matches(url)
    }

    /// Whether the entry allows everything that a pattern means.
    pub(super) fn covers(&self, method: &str, asked: &HostPattern) -> bool {
        self.method.as_deref().is_none_or(|granted| granted == method) && self.pattern.includes(asked)
    }

    /// The hosts it speaks of.
    pub fn pattern(&self) -> &HostPattern {
        &self.pattern
    }
}
