//! `[limits]` and `[limits.plugin.NAME]`: the second may say everything the first does, for one plugin.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    decode::{Reader, Section},
    value::{ByteSize, Name, Period},
};

/// How much one call of a plugin may use.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(default, deny_unknown_fields)]
pub struct Limits {
    /// Memory of the sandbox.
    pub memory: ByteSize,
    /// Time on the processor, without what the host does for the plugin.
    pub cpu: Period,
    /// The whole call, waiting included.
    pub call: Period,
    /// Requests to the network.
    #[schemars(range(min = 1, max = 100_000))]
    pub http_requests: u32,
    /// Bytes sent, and the same again received.
    pub http_bytes: ByteSize,
    /// The largest response.
    pub response: ByteSize,
    /// Lines of log.
    #[schemars(range(max = 100_000))]
    pub log_lines: u32,
    /// Bytes of log.
    pub log_bytes: ByteSize,
    /// What a plugin may keep between its calls, for each target.
    pub state: ByteSize,
    /// Bytes of files written.
    pub file_bytes: ByteSize,
    /// Other limits for single plugins.
    pub plugin: BTreeMap<Name, PluginLimits>,
}

/// Other limits for one plugin; what isn't written is as in `[limits]`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
#[schemars(default, deny_unknown_fields)]
pub struct PluginLimits {
    /// Memory of the sandbox.
    pub memory: Option<ByteSize>,
    /// Time on the processor, without what the host does for the plugin.
    pub cpu: Option<Period>,
    /// The whole call, waiting included.
    pub call: Option<Period>,
    /// Requests to the network.
    #[schemars(range(min = 1, max = 100_000))]
    pub http_requests: Option<u32>,
    /// Bytes sent, and the same again received.
    pub http_bytes: Option<ByteSize>,
    /// The largest response.
    pub response: Option<ByteSize>,
    /// Lines of log.
    #[schemars(range(max = 100_000))]
    pub log_lines: Option<u32>,
    /// Bytes of log.
    pub log_bytes: Option<ByteSize>,
    /// What the plugin may keep between its calls, for each target.
    pub state: Option<ByteSize>,
    /// Bytes of files written.
    pub file_bytes: Option<ByteSize>,
}

impl Limits {
    /// The limits of one plugin, complete.
    pub fn of(&self, plugin: &str) -> Self {
        self.plugin.get(plugin).map_or_else(|| self.with(&PluginLimits::default()), |other| self.with(other))
    }

    fn with(&self, other: &PluginLimits) -> Self {
        Self {
            memory: other.memory.unwrap_or(self.memory),
            cpu: other.cpu.unwrap_or(self.cpu),
            call: other.call.unwrap_or(self.call),
            http_requests: other.http_requests.unwrap_or(self.http_requests),
            http_bytes: other.http_bytes.unwrap_or(self.http_bytes),
            response: other.response.unwrap_or(self.response),
            log_lines: other.log_lines.unwrap_or(self.log_lines),
            log_bytes: other.log_bytes.unwrap_or(self.log_bytes),
            state: other.state.unwrap_or(self.state),
            file_bytes: other.file_bytes.unwrap_or(self.file_bytes),
            plugin: BTreeMap::new(),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory: ByteSize::from_mib(64),
            cpu: Period::from_secs(5),
            call: Period::from_secs(240),
            http_requests: 200,
            http_bytes: ByteSize::from_mib(64),
            response: ByteSize::from_mib(8),
            log_lines: 200,
            log_bytes: ByteSize::from_kib(256),
            state: ByteSize::from_mib(1),
            file_bytes: ByteSize::from_mib(256),
            plugin: BTreeMap::new(),
        }
    }
}

impl Section for PluginLimits {
    fn read(reader: &mut Reader<'_, '_, '_>) -> Self {
        let (kib, gib) = (ByteSize::from_kib(1), ByteSize::from_gib(4));
        Self {
            memory: reader.bounded("memory", ByteSize::from_mib(1)..=gib),
            cpu: reader.bounded("cpu", Period::from_millis(1)..=Period::from_mins(10)),
            call: reader.bounded("call", Period::from_millis(100)..=Period::from_mins(60)),
            http_requests: reader.bounded("http_requests", 1..=100_000),
            http_bytes: reader.bounded("http_bytes", kib..=gib),
            response: reader.bounded("response", kib..=gib),
            log_lines: reader.bounded("log_lines", 0..=100_000),
            log_bytes: reader.bounded("log_bytes", ByteSize::from_bytes(0)..=gib),
            state: reader.bounded("state", ByteSize::from_bytes(0)..=gib),
            file_bytes: reader.bounded("file_bytes", ByteSize::from_bytes(0)..=ByteSize::from_gib(1024)),
        }
    }
}

impl Section for Limits {
    fn read(reader: &mut Reader<'_, '_, '_>) -> Self {
        let general = Self::default().with(&PluginLimits::read(reader));
        Self { plugin: reader.named("plugin"), ..general }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plugin_has_its_own_limits_where_they_are_written() {
        let own = PluginLimits { memory: Some(ByteSize::from_mib(128)), ..PluginLimits::default() };
        let limits = Limits { plugin: [(Name::absent(), own)].into(), ..Limits::default() };
        assert_eq!(limits.of("").memory, ByteSize::from_mib(128));
        assert_eq!(limits.of("").cpu, Period::from_secs(5));
        assert_eq!(limits.of("other"), Limits::default());
    }
}
