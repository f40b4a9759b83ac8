//! Asking systemd.

use std::process::Command;

use super::{ServiceError, scope::Scope};

/// Has systemd do something, and gives what it said.
pub(super) fn systemctl(scope: Scope, words: &[&str]) -> Result<String, ServiceError> {
    let words = [scope.words(), words].concat();
    let command = format!("systemctl {}", words.join(" "));
    let failed = |reason: String| ServiceError::Manager { command: command.clone(), reason };
    let output =
        Command::new("systemctl").args(&words).output().map_err(|error| failed(error.to_string()))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let reason = said.trim().lines().next().unwrap_or("it said nothing").to_owned();
        return Err(failed(reason));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
