//! Everything that is looked at with the data directory in hand: by a host for itself, else by the verb in its place.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stint_store::target;

use super::{
    Area, Finding, bounded,
    capture::capture,
    credentials::credentials,
    host::host,
    lines::wired,
    plugins::plugins,
    targets::{Known, targets},
};
use crate::{desk::Desk, wiring::suspended};

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Examined {
    /// The version of this shape.
    pub version: u32,
    /// The version of the program that looked.
    pub program: String,
    /// Whether it is a running host.
    pub host_running: bool,
    /// The findings.
    pub findings: Vec<Finding>,
}

impl Desk {
    /// Looks at everything, side by side and each within its bound.
    pub async fn examine(&self) -> Result<Examined, stint_store::Error> {
        let status = self.status()?;
        let loaded = self.current().loaded;
        let known = self.read(|connection| {
            let all = target::statuses(connection)?.into_iter();
            let known = all.map(|status| {
                let last_sent = target::last_sent(connection, status.id)?;
                Ok(Known { status, last_sent })
            });
            known.collect::<Result<Vec<_>, stint_store::Error>>()
        })?;
        let statuses: Vec<target::Status> = known.iter().map(|known| known.status.clone()).collect();
        let served = async {
            match wired(self, &loaded).await {
                Ok((catalogue, lines)) => {
                    let mut found = plugins(&loaded, &catalogue, &suspended(&loaded, &statuses));
                    found.extend(targets(&loaded, &known, &lines, self.now()).await);
                    found
                }
                Err(error) => {
                    let broken = Finding::error(Area::Plugins, "no plugin can be run here").because(error);
                    vec![broken.run("stint plugin list")]
                }
            }
        };
        let secrets = bounded(Area::Credentials, None, credentials(self, &loaded));
        let (served, secrets) = tokio::join!(served, secrets);
        let mut findings = host(&status);
        let remedy = self.shots().news().trouble.map(|trouble| trouble.remedy);
        findings.extend(capture(&status, &loaded.config, remedy));
        findings.extend(secrets);
        findings.extend(served);
        let program = env!("CARGO_PKG_VERSION").to_owned();
        Ok(Examined { version: 1, program, host_running: status.host.running, findings })
    }
}
