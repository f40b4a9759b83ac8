//! Where a value came from, as people and JSON are told.

use std::{fmt, path::PathBuf};

use serde_json::{Value, json};

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nobody wrote it: it is what stint does by itself.
    Default,
    /// A file. Line and column count from 1, the column in characters.
    File {
        /// The file, as it was named to stint.
        path: PathBuf,
        /// The line, unless the file as a whole is meant.
        line: Option<u32>,
        /// The column, unless the file as a whole is meant.
        column: Option<u32>,
    },
    /// An environment variable.
    Variable(String),
    /// A flag of the command line.
    Flag(String),
}

impl Origin {
    /// It as JSON: `{"file":…,"line":…,"column":…}`, `{"variable":…}`, `{"flag":…}` or `{"default":true}`.
    pub fn to_json(&self) -> Value {
        match self {
            Self::Default => json!({"default": true}),
            Self::File { path, line, column } => {
                json!({"file": path.to_string_lossy(), "line": line, "column": column})
            }
            Self::Variable(name) => json!({"variable": name}),
            Self::Flag(name) => json!({"flag": name}),
        }
    }

    /// A file as a whole.
    pub(crate) fn whole(path: impl Into<PathBuf>) -> Self {
        Self::File { path: path.into(), line: None, column: None }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File { path, line: Some(line), column: Some(column) } => {
                write!(f, "{}:{line}:{column}", path.display())
            }
            Self::File { path, .. } => write!(f, "{}", path.display()),
            Self::Variable(name) => write!(f, "${name}"),
            Self::Flag(name) => f.write_str(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_reads_as_a_person_would_name_it() {
        let path = PathBuf::from("/etc/stint.toml");
        let place = Origin::File { path: path.clone(), line: Some(3), column: Some(9) };
        assert_eq!(place.to_string(), "/etc/stint.toml:3:9");
        assert_eq!(Origin::whole(path).to_string(), "/etc/stint.toml");
        assert_eq!(Origin::Variable("STINT_SYNC__INTERVAL".into()).to_string(), "$STINT_SYNC__INTERVAL");
        assert_eq!(Origin::Flag("--set".into()).to_string(), "--set");
        assert_eq!(Origin::Default.to_string(), "default");
    }
}
