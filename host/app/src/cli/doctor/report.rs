//! All findings in the order in which somebody mends them, and what they come to.

use serde::Serialize;
use stint_engine::doctor::{Area, Finding, Level};

use crate::error::CliError;
use crate::exit::{self, Exit};

/// What was found. As JSON its shape is version 1.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Report {
    version: u32,
    program: &'static str,
    pub(crate) host_running: bool,
    pub(crate) errors: usize,
    pub(crate) warnings: usize,
    pub(crate) fixed: usize,
    /// What the program ends with.
    exit: Exit,
    pub(crate) findings: Vec<Finding>,
}

impl Report {
    /// The worst first; of what is equally bad, what others rest on. What was mended counts no more.
    pub(crate) fn new(mut findings: Vec<Finding>, host_running: bool) -> Self {
        findings.sort_by_key(|finding| (is_mended(finding), finding.level, finding.area));
        let count =
            |level| findings.iter().filter(|finding| finding.level == level && !is_mended(finding)).count();
        let (errors, warnings) = (count(Level::Error), count(Level::Warning));
        let fixed = findings.iter().filter(|finding| is_mended(finding)).count();
        let broken = |finding: &&Finding| finding.level == Level::Error && !is_mended(finding);
        let exit = match findings.iter().filter(broken).collect::<Vec<_>>().as_slice() {
            [] => exit::OK,
            errors if errors.iter().any(|finding| is_of_the_configuration(finding)) => exit::CONFIGURATION,
            _ => exit::UNAVAILABLE,
        };
        let program = env!("CARGO_PKG_VERSION");
        Self { version: 1, program, host_running, errors, warnings, fixed, exit, findings }
    }

    /// In one line.
    pub(crate) fn summary(&self) -> String {
        let many = |count: usize, what: &str| match count {
            1 => format!("1 {what}"),
            _ => format!("{count} {what}s"),
        };
        let fixed = if self.fixed == 0 { String::new() } else { format!(", {} fixed", self.fixed) };
        format!("{}, {}{fixed}", many(self.errors, "error"), many(self.warnings, "warning"))
    }

    /// How the program ends.
    pub(super) fn verdict(&self) -> Result<(), CliError> {
        if self.exit == exit::OK { Ok(()) } else { Err(CliError::not_well(self.exit, &self.summary())) }
    }
}

fn is_mended(finding: &Finding) -> bool {
    finding.fixed == Some(true)
}

/// Whether only another line in the configuration mends it.
fn is_of_the_configuration(finding: &Finding) -> bool {
    finding.area == Area::Configuration || finding.write.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use stint_engine::doctor::Mend;

    fn ends(findings: Vec<Finding>) -> u8 {
        Report::new(findings, false).exit.code()
    }

    #[test]
    fn the_exit_says_what_has_to_change_first() {
        let away = || Finding::error(Area::Targets, "away").run("ping");
        assert_eq!(ends(vec![Finding::ok(Area::Data, "x"), Finding::warning(Area::Data, "x")]), 0);
        assert_eq!(ends(vec![away()]), 69);
        assert_eq!(ends(vec![away(), Finding::error(Area::Configuration, "x")]), 78);
        assert_eq!(ends(vec![away().write("network", vec!["proxy = \"off\"".into()])]), 78);
    }

    #[test]
    fn the_worst_comes_first_and_what_was_mended_last() {
        let mut mended = Finding::error(Area::Data, "mended").mend(Mend::Close(Vec::new()));
        mended.fixed = Some(true);
        let findings = vec![
            Finding::ok(Area::Configuration, "well"),
            mended,
            Finding::warning(Area::Data, "doubtful"),
            Finding::error(Area::Targets, "away"),
            Finding::error(Area::Clock, "wrong"),
        ];
        let report = Report::new(findings, true);
        let order: Vec<&str> = report.findings.iter().map(|finding| finding.what.as_str()).collect();
        assert_eq!(order, ["wrong", "away", "doubtful", "well", "mended"]);
        assert_eq!(report.summary(), "2 errors, 1 warning, 1 fixed");
    }
}
