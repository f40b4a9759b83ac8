//! A plugin complains about its settings with a JSON pointer; the person is shown the line that it means.

use crate::{
    diagnose::{Code, Diagnostic, Finding},
    load::Loaded,
    tree::Node,
    value::Name,
};

/// Whose settings are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner<'n> {
    /// A target's.
    Target(&'n Name),
    /// A transform's.
    Transform(&'n Name),
    /// A policy's.
    Policy(&'n Name),
}

impl<'n> Owner<'n> {
    fn path(self) -> [&'n str; 2] {
        match self {
            Self::Target(name) => ["targets", name.as_str()],
            Self::Transform(name) => ["transforms", name.as_str()],
            Self::Policy(name) => ["policies", name.as_str()],
        }
    }
}

impl Loaded {
    /// A plugin's complaint, shown at the setting that it means. Where the pointer leads to nothing that is written,
    /// the nearest table around it is shown.
    pub fn underline(
        &self,
        owner: Owner<'_>,
        pointer: &str,
        message: &str,
        hint: Option<&str>,
    ) -> Diagnostic {
        let mut path: Vec<String> = owner.path().map(str::to_owned).to_vec();
        path.push("settings".to_owned());
        path.extend(pointer.split('/').skip(1).map(|key| key.replace("~1", "/").replace("~0", "~")));
        let finding = Finding::error(Code::Settings, message).key(&path).maybe_hint(hint);
        let whole = self.node(&path);
        let place = whole.map(|node| if node.table().is_some() { node.key } else { node.at });
        let around =
            || (1..path.len()).rev().find_map(|depth| self.node(&path[..depth])).map(|node: &Node| node.key);
        place.or_else(around).into_iter().fold(finding, Finding::at).resolve(&self.sources)
    }
}
