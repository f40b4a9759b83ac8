//! Who works here, and where: what the machine says of itself where the configuration is silent.

use stint_config::Config;
use stint_domain::entry::Origin;
use stint_plugin_runtime::compiler::Compiler;

/// What the machine says of itself, found out once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The system's user.
    pub user: String,
    /// The host name.
    pub host: String,
    /// The person's time zone, as an IANA name.
    pub zone: String,
    /// Who compiles plugins here.
    pub compiler: Compiler,
}

impl Place {
    /// Whose time it is, and where it is recorded.
    pub fn origin(&self, config: &Config, installation: &str) -> Origin {
        let written = |value: &Option<stint_config::value::Wording>, otherwise: &str| {
            value.as_ref().map_or_else(|| otherwise.to_owned(), |value| value.as_str().to_owned())
        };
        Origin {
            person: written(&config.identity.person, &self.user),
            machine: written(&config.identity.machine, &self.host),
            installation: installation.to_owned(),
        }
    }
}
