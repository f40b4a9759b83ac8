//! A path of a file or folder. `~` is the home folder; a relative path starts at the folder of the file it is written
//! in, so that a configuration works whatever folder stint is started from. From a variable or flag it starts at
//! the current folder, as in every other command.

use std::path::{Path, PathBuf};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};

use crate::{
    decode::{Context, Decode, wrong_type},
    diagnose::{Code, Finding},
    tree::Node,
};

/// A path, as it was written and where it leads.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FilePath {
    written: String,
    resolved: PathBuf,
}

impl FilePath {
    /// A path that nobody wrote.
    pub(crate) fn at(path: &Path) -> Self {
        Self { written: path.display().to_string(), resolved: path.to_owned() }
    }

    /// Where it leads.
    pub fn path(&self) -> &Path {
        &self.resolved
    }

    /// As it was written.
    pub fn written(&self) -> &str {
        &self.written
    }
}

impl Decode for FilePath {
    fn expected() -> String {
        "a path, such as \"~/stint\"".to_owned()
    }

    fn decode(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        let Some(written) = node.text() else {
            cx.found(wrong_type::<Self>(node));
            return None;
        };
        let base = &cx.sources.get(node.at.source).base;
        match resolve(written, base, cx.home.as_deref()) {
            Ok(resolved) => Some(Self { written: written.to_owned(), resolved }),
            Err((message, hint)) => {
                cx.found(Finding::error(Code::BadValue, message).hint(hint).at(node.at));
                None
            }
        }
    }
}

/// Where a path leads that is written in a source whose paths start at `base`.
fn resolve(written: &str, base: &Path, home: Option<&Path>) -> Result<PathBuf, (String, &'static str)> {
    if written.is_empty() {
        return Err(("this path is empty".to_owned(), "leave the key out to get its default"));
    }
    if written.contains('\0') {
        return Err(("no path has a zero character in it".to_owned(), "take it out"));
    }
    let Some(rest) = written.strip_prefix('~') else {
        return Ok(base.join(written));
    };
    if !rest.is_empty() && !rest.starts_with('/') {
        let message = format!("`{written}` means another person's home folder, which stint doesn't look up");
        return Err((message, "write the whole path, beginning with /; a folder called ~… is written ./~…"));
    }
    match home {
        Some(home) => Ok(home.join(rest.trim_start_matches('/'))),
        None => {
            Err((format!("`{written}` needs a home folder, and $HOME isn't set"), "write the whole path"))
        }
    }
}

impl Serialize for FilePath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.written)
    }
}

impl JsonSchema for FilePath {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "FilePath".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "A path. `~` is the home folder; a relative path starts at the folder of this file.",
            "minLength": 1,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(written: &str, home: Option<&str>) -> Result<PathBuf, String> {
        resolve(written, Path::new("/etc/stint"), home.map(Path::new)).map_err(|(message, _)| message)
    }

    #[test]
    fn a_path_leads_where_its_writer_means() {
        assert_eq!(resolved("data", None), Ok("/etc/stint/data".into()));
        assert_eq!(resolved("/data", None), Ok("/data".into()));
        assert_eq!(resolved("~/data", Some("/home/anna")), Ok("/home/anna/data".into()));
        assert_eq!(resolved("~", Some("/home/anna")), Ok("/home/anna".into()));
        assert_eq!(resolved("./~x", None), Ok("/etc/stint/./~x".into()));
    }

    #[test]
    fn a_path_that_leads_nowhere_is_refused() {
        assert_eq!(resolved("", None).unwrap_err(), "this path is empty");
        assert_eq!(resolved("a\0b", None).unwrap_err(), "no path has a zero character in it");
        assert_eq!(
            resolved("~bob/x", Some("/h")).unwrap_err(),
            "`~bob/x` means another person's home folder, which stint doesn't look up"
        );
        assert_eq!(resolved("~/x", None).unwrap_err(), "`~/x` needs a home folder, and $HOME isn't set");
    }
}
