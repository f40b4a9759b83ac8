//! Whose service it is: a person's own, or the system's.

use std::path::{Path, PathBuf};

use clap::Args;

use super::ServiceError;

/// The unit's name.
pub(super) const UNIT: &str = "stint.service";

/// Whose service.
#[derive(Clone, Copy, Debug, Args)]
pub(super) struct Scope {
    /// The system's, which runs with nobody logged in, instead of your own
    #[arg(long)]
    pub(super) system: bool,
}

impl Scope {
    /// The words for systemctl.
    pub(super) fn words(self) -> &'static [&'static str] {
        if self.system { &[] } else { &["--user"] }
    }

    /// The word in JSON.
    pub(super) fn word(self) -> &'static str {
        if self.system { "system" } else { "user" }
    }

    /// Where its unit is, unless another folder was named.
    pub(super) fn path(self, folder: Option<&Path>) -> Result<PathBuf, ServiceError> {
        if let Some(folder) = folder {
            return Ok(folder.join(UNIT));
        }
        if self.system {
            return Ok(Path::new("/etc/systemd/system").join(UNIT));
        }
        let variable = |name| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let config = variable("XDG_CONFIG_HOME").or_else(|| Some(variable("HOME")?.join(".config")));
        Ok(config.ok_or(ServiceError::NoHome)?.join("systemd/user").join(UNIT))
    }
}
