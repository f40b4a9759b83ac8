//! The configuration: everything that is wrong or doubtful in it, each where it is.

use stint_config::{Diagnostic, Diagnostics, Loaded, Severity};
use stint_engine::doctor::{Area, Finding};

use crate::cli::config::path_text;

/// What is found about it.
pub(super) fn configuration(loaded: &Result<Loaded, Diagnostics>) -> Vec<Finding> {
    let loaded = match loaded {
        Ok(loaded) => loaded,
        Err(mistakes) => return mistakes.iter().map(told).collect(),
    };
    let doubtful = loaded.warnings.clone().and(loaded.doubtful_places());
    // The folder of plugins is looked at by itself.
    let others = doubtful.iter().filter(|doubt| doubt.key.as_deref() != Some("plugins.dir"));
    let mut findings: Vec<Finding> = others.map(told).collect();
    let what = match loaded.files.as_slice() {
        [] => "there is no file, all defaults count".to_owned(),
        [file] => format!("{} is valid", path_text(file)),
        [file, more @ ..] => format!("{} and {} more files are valid", path_text(file), more.len()),
    };
    findings.push(Finding::ok(Area::Configuration, what));
    findings
}

fn told(diagnostic: &Diagnostic) -> Finding {
    let finding = match diagnostic.severity {
        Severity::Error => Finding::error,
        Severity::Warning => Finding::warning,
    };
    let what = match diagnostic.at.as_ref().and_then(|spot| Some((spot, spot.excerpt.as_ref()?))) {
        Some((spot, excerpt)) => {
            format!("{}: {}: {}", spot.origin, diagnostic.message, excerpt.line.trim())
        }
        None => diagnostic.summary(),
    };
    let finding = finding(Area::Configuration, what);
    let finding = diagnostic.key.iter().fold(finding, Finding::of);
    let finding = diagnostic.hint.iter().fold(finding, Finding::because);
    finding.run("stint config edit")
}
