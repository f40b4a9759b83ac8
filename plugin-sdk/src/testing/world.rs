//! All that the fake host is made of.

use std::collections::BTreeMap;

use super::folder::Folder;
use super::memory::Memory;
use super::network::Network;
use super::picture::Edit;
use crate::credentials::Info;
use crate::log::Level;
use crate::types::UnixMs;

/// A line that the plugin logged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// How much it matters.
    pub level: Level,
    /// What it says.
    pub message: String,
    /// The facts beside it.
    pub fields: Vec<(String, String)>,
}

/// A credential that the test gave the target.
pub(crate) struct Credential {
    pub(crate) info: Info,
    pub(super) signature: Vec<u8>,
}

type Zones = Box<dyn Fn(&str, UnixMs) -> Option<i32>>;

/// The fake host's side of every import.
pub(crate) struct World {
    pub(crate) settings: String,
    pub(crate) now: UnixMs,
    pub(crate) monotonic_ns: u64,
    pub(crate) timezone: String,
    pub(super) zones: Zones,
    random: u64,
    pub(crate) network: Network,
    pub(crate) memory: Memory,
    pub(crate) folder: Folder,
    pub(crate) credentials: BTreeMap<String, Credential>,
    /// The messages that credentials signed.
    pub(super) signed: Vec<(String, Vec<u8>)>,
    pub(super) edits: Vec<Edit>,
    pub(super) log: Vec<Line>,
}

impl World {
    pub(super) fn new() -> Self {
        Self {
            settings: "{}".to_owned(),
            now: super::items::NOON,
            monotonic_ns: 0,
            timezone: "UTC".to_owned(),
            zones: Box::new(|zone, _| (zone == "UTC").then_some(0)),
            random: 0,
            network: Network::default(),
            memory: Memory::default(),
            folder: Folder::default(),
            credentials: BTreeMap::new(),
            signed: Vec::new(),
            edits: Vec::new(),
            log: Vec::new(),
        }
    }

    pub(crate) fn write_log(&mut self, level: Level, message: &str, fields: &[(&str, &str)]) {
        let fields = fields.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        self.log.push(Line { level, message: message.to_owned(), fields });
    }

    pub(crate) fn utc_offset(&self, zone: &str, at: UnixMs) -> Option<i32> {
        (self.zones)(zone, at)
    }

    /// The same bytes in every run of a test, and others with every call (`SplitMix64`).
    pub(crate) fn random_bytes(&mut self, len: u32) -> Vec<u8> {
        (0..len)
            .map(|_| {
                self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
                let mixed = (self.random ^ (self.random >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
                mixed.to_be_bytes()[0]
            })
            .collect()
    }

    pub(crate) fn sign(&mut self, name: &str, message: &[u8]) -> Result<Vec<u8>, String> {
        self.signed.push((name.to_owned(), message.to_vec()));
        match self.credentials.get(name) {
            Some(credential) => Ok(credential.signature.clone()),
            None => Err(format!("this target has no credential named {name}")),
        }
    }
}
