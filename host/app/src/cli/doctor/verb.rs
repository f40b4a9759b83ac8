//! The verb: what can be looked at from outside first, because stint closes a directory that it opens; then what a host
//! sees of itself, or this process in its place.

use std::path::Path;

use clap::Args;
use stint_clock::{Clock as _, SystemClock};
use stint_config::{Loaded, Request, data_dir_despite_mistakes, model::Storage};
use stint_engine::doctor::{Area, Examined, Finding, clock, ground, plugin_folder};

use super::{Report, configuration::configuration};
use crate::cli::Globals;
use crate::client::{Call, Session, run_and_leave};
use crate::error::CliError;
use crate::output::Output;
use crate::terminal::columns;
use crate::time::Zone;
use crate::view;

/// Look whether all is well, and say what to paste where it isn't
///
/// It looks at the configuration, the data, the clock, the host, the plugins, the credentials, each target from its name
/// to its own probe, and the screenshots. A running host looks at what is its own. It ends with 0 where nothing is an
/// error, with 78 where the configuration has to change first, else with 69.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  stint doctor\n  stint doctor --fix\n  stint doctor --json | jq '.findings[] | select(.level == \"error\")'"
)]
pub(crate) struct Doctor {
    /// Mend what can be mended exactly and without a loss: rights of files, a stale socket, a missing folder
    #[arg(long)]
    fix: bool,
}

impl Doctor {
    pub(in crate::cli) fn run(self, globals: &Globals, output: Output) -> Result<(), CliError> {
        let request = globals.request()?;
        // Whoever asks a dead name server can't be stopped; what is known by then is told without waiting for it.
        let report = run_and_leave(async {
            let loaded = stint_config::load(&request);
            let mut findings = configuration(&loaded);
            findings.extend(outside(&request, loaded.as_ref().ok()).await?);
            if self.fix {
                findings.iter_mut().for_each(mend);
            }
            let (inside, host_running) = inside(globals).await;
            findings.extend(inside);
            Ok(Report::new(findings, host_running))
        })?;
        output.result(&report, || view::doctor(&report.summary(), &report.findings, columns()))?;
        report.verdict()
    }
}

/// What needs no data directory in hand.
async fn outside(request: &Request, loaded: Option<&Loaded>) -> Result<Vec<Finding>, CliError> {
    let zone = Zone::of_system();
    let now = SystemClock::new()?.sample().wall;
    let mut findings = clock(now, zone.name(), zone.unknown(), Path::new("/"));
    let quota = loaded.map_or_else(|| Storage::default().quota, |loaded| loaded.config.storage.quota);
    let dir = match loaded {
        Some(loaded) => loaded.data_dir(),
        None => data_dir_despite_mistakes(request),
    };
    if let Some(dir) = dir {
        let targets = loaded.into_iter().flat_map(|loaded| loaded.config.targets.values());
        let folders = targets.filter_map(|target| Some(target.files.as_ref()?.path().to_owned())).collect();
        findings.extend(ground(request.cwd.join(dir), quota.bytes(), folders).await);
    } else {
        let nowhere = Finding::error(Area::Data, "there is no place for the data: there is no home folder");
        findings.push(nowhere.write("storage", vec!["data_dir = \"/var/lib/stint\"".to_owned()]));
    }
    findings.extend(loaded.map(plugin_folder).unwrap_or_default());
    Ok(findings)
}

/// What is seen with the data directory in hand; whether a host runs.
async fn inside(globals: &Globals) -> (Vec<Finding>, bool) {
    let asked = async {
        let mut session = Session::begin(globals)?;
        session.call::<Examined>(Call::get("/api/v1/doctor").patiently()).await
    };
    match asked.await {
        Ok(Examined { program, host_running, mut findings, .. }) => {
            let ours = env!("CARGO_PKG_VERSION");
            if program != ours {
                let what = format!("the host is version {program}, and this program is {ours}");
                findings.push(Finding::warning(Area::Host, what).run("systemctl --user restart stint"));
            }
            (findings, host_running)
        }
        Err(error) => {
            let message = error.message().strip_prefix("failed to ").unwrap_or(error.message());
            let stuck =
                Finding::error(Area::Host, format!("nothing more can be looked at: failed to {message}"));
            let stuck = error.hint().into_iter().fold(stuck, Finding::because);
            (vec![stuck.run("stint status --verbose")], false)
        }
    }
}

/// Mends what can be, and says so.
fn mend(finding: &mut Finding) {
    let Some(mend) = finding.mend.take() else { return };
    match mend.carry_out() {
        Ok(()) => finding.fixed = Some(true),
        Err(error) => finding.why = Some(format!("it could not be mended: {error}")),
    }
}
