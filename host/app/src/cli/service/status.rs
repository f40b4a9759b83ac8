//! `stint service status`

use clap::Args;
use serde::Serialize;

use super::{
    scope::{Scope, UNIT},
    systemctl::systemctl,
};
use crate::error::CliError;
use crate::output::Output;

/// Show whether systemd keeps the host running
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  stint service status\n  stint service status --system --json")]
pub(in crate::cli) struct Status {
    #[command(flatten)]
    scope: Scope,
}

/// How it is.
#[derive(Serialize)]
struct ServiceStatus {
    version: u32,
    scope: &'static str,
    path: String,
    installed: bool,
    /// `active`, `failed`, `inactive`…; nothing where systemd can't be asked.
    state: Option<String>,
    enabled: Option<bool>,
    pid: Option<u32>,
    /// Why systemd can't be asked.
    problem: Option<String>,
}

impl Status {
    pub(super) fn run(self, output: Output) -> Result<(), CliError> {
        let path = self.scope.path(None)?;
        let asked = systemctl(self.scope, &["show", UNIT, "--property=ActiveState,UnitFileState,MainPID"]);
        let said = asked.as_deref().unwrap_or_default();
        let value = |key: &str| {
            let mut lines = said.lines();
            lines.find_map(|line| line.strip_prefix(key)?.strip_prefix('=')).filter(|value| !value.is_empty())
        };
        let status = ServiceStatus {
            version: 1,
            scope: self.scope.word(),
            installed: path.exists(),
            path: path.display().to_string(),
            state: value("ActiveState").map(str::to_owned),
            enabled: asked.is_ok().then(|| value("UnitFileState") == Some("enabled")),
            pid: value("MainPID").and_then(|pid| pid.parse().ok()).filter(|pid| *pid > 0),
            problem: asked.as_ref().err().map(ToString::to_string),
        };
        output.result(&status, || status.text(self.scope))?;
        Ok(())
    }
}

impl ServiceStatus {
    fn text(&self, scope: Scope) -> String {
        let user = if scope.system { "" } else { "--user " };
        let mut text = match (self.installed, &self.state) {
            (false, _) => "not installed: `stint service install` does it\n".to_owned(),
            (true, None) => format!("installed as {}\n", self.path),
            (true, Some(state)) => {
                let pid = self.pid.map(|pid| format!(", pid {pid}")).unwrap_or_default();
                format!("{state}{pid}, installed as {}\nits log: journalctl {user}-u {UNIT}\n", self.path)
            }
        };
        if let Some(problem) = &self.problem {
            text.push_str(problem);
            text.push('\n');
        }
        text
    }
}
