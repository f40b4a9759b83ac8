//! A host in this process, as it runs on a desk: its own wiring, plugins from a folder, the broker's connections, the
//! writer's thread. Only the program around it is missing, and with it the log.

use std::fmt::Write as _;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;

use stint_clock::SystemClock;
use stint_config::Request;
use stint_domain::delivery::PlainState;
use stint_engine::{Desk, Host, Place};
use stint_plugin_runtime::compiler::Compiler;
use stint_store::target;
use stint_tests::backend::Backend;
use stint_tests::guests::first_party;
use stint_tests::ratio::{Failure, Stopwatch};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use super::letters;
use crate::queue::folder;

/// How many calls each target has under way at once.
pub(crate) const IN_FLIGHT: usize = 4;

/// The host with its targets, which all take everything.
pub(crate) struct House {
    // It ends before its folder goes.
    host: Option<Host>,
    runtime: Runtime,
    desk: Desk,
    recorded: u64,
    _folder: TempDir,
}

impl House {
    /// A host that delivers to each of these backends through `rest`.
    pub(crate) fn new(backends: &[(&str, &Backend)]) -> Result<Self, Failure> {
        let folder = folder()?;
        let place = folder.path();
        std::fs::create_dir(place.join("plugins"))?;
        std::fs::write(place.join("plugins/rest.wasm"), first_party("rest")?)?;
        let key = place.join("key");
        std::fs::write(&key, "a key")?;
        std::fs::set_permissions(&key, Permissions::from_mode(0o600))?;
        std::fs::write(place.join("stint.toml"), configuration(place, backends))?;
        let request = Request::new(Some(place.join("stint.toml")), Vec::new(), [], place.to_owned());
        let loaded = stint_config::load(&request).map_err(|wrong| wrong.to_string())?;
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let who =
            Place { user: "ada".into(), host: "desk".into(), zone: "UTC".into(), compiler: Compiler::Here };
        let clock = Arc::new(SystemClock::new()?);
        let host = runtime.block_on(Host::start(loaded, who, clock))?;
        let house = Self { desk: host.desk(), host: Some(host), runtime, recorded: 0, _folder: folder };
        house.runtime.block_on(house.is_ready(backends.len()))?;
        Ok(house)
    }

    /// Every target's plugin is compiled and bound, and its loop listens.
    async fn is_ready(&self, targets: usize) -> Result<(), Failure> {
        let (mut lines, mut passes) = (self.desk.lines(), self.desk.passes().watch());
        lines
            .wait_for(|lines| lines.len() == targets && lines.values().all(|line| line.uploader.is_ok()))
            .await?;
        passes.wait_for(|passes| passes.len() == targets).await?;
        Ok(())
    }

    /// Records so many items, then times how long it takes until the targets of these names have got them all.
    pub(crate) fn drain(&mut self, items: u64, to: &[&str], watch: &mut Stopwatch) -> Result<(), Failure> {
        letters::record(self.desk.store(), self.recorded, items)?;
        self.recorded += items;
        let mut passes = self.desk.passes().watch();
        passes.mark_unchanged();
        watch.time(|| {
            self.desk.bell().recorded();
            self.runtime.block_on(async {
                while !self.is_drained(to)? {
                    passes.changed().await?;
                    let failed =
                        |name: &&str| passes.borrow().get(*name).and_then(|passed| passed.error.clone());
                    if let Some(error) = to.iter().find_map(failed) {
                        return Err(error.into());
                    }
                }
                Ok::<_, Failure>(())
            })
        })
    }

    fn is_drained(&self, targets: &[&str]) -> Result<bool, Failure> {
        for name in targets {
            let counts = self
                .desk
                .read(|connection| target::status(connection, target::find(connection, name)?))?
                .counts;
            if counts.plain(PlainState::Pending) > 0 {
                return Ok(false);
            }
            if counts.sent != self.recorded {
                return Err(format!("{name} has got {} of {} items", counts.sent, self.recorded).into());
            }
        }
        Ok(true)
    }
}

impl Drop for House {
    fn drop(&mut self) {
        if let Some(host) = self.host.take() {
            // What it was to show it has shown.
            let _ = self.runtime.block_on(host.stop());
        }
    }
}

fn configuration(place: &Path, backends: &[(&str, &Backend)]) -> String {
    let place = place.display();
    // No pass begins by itself: what is timed begins with the bell.
    let mut text = format!(
        "[storage]\ndata_dir = \"{place}/data\"\n[plugins]\ndir = \"{place}/plugins\"\n\
         [sync]\ninitial_delay = \"1h\"\ninterval = \"1h\"\n\
         [credentials.key]\nscheme = \"bearer\"\nvalue = {{ file = \"{place}/key\" }}\n"
    );
    for (name, backend) in backends {
        let url = backend.url("");
        let _ = write!(
            text,
            "[targets.{name}]\nplugin = \"rest\"\naccepts = [\"time-entry\"]\nallow = [\"{url}\"]\n\
             credentials = {{ default = \"key\" }}\nmax_in_flight = {IN_FLIGHT}\n\
             [targets.{name}.settings]\nurl = \"{url}\"\non_missing_route = \"skip\"\n\
             [targets.{name}.settings.routes.time-entry.started]\nmethod = \"POST\"\n\
             path = \"/time-entries/start\"\nremote_id = \"/id\"\n\
             [targets.{name}.settings.routes.time-entry.started.json]\nproject = \"{{entry.project?}}\"\n\
             note = \"{{entry.note?}}\"\nstartedAt = \"{{entry.started_at:rfc3339}}\"\n"
        );
    }
    text
}
