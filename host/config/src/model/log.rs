//! `[log]`

use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    decode::{Reader, Section},
    value::{ByteSize, FilePath, words},
};

/// What stint writes about its own work.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(default, deny_unknown_fields)]
pub struct Log {
    /// How much is written.
    pub level: LogLevel,
    /// For people or for programs.
    pub format: LogFormat,
    /// The file. By default stint writes to its standard error.
    pub file: Option<FilePath>,
    /// How large the file becomes before the next one is begun.
    pub file_size: ByteSize,
    /// How many older files are kept.
    #[schemars(range(max = 1000))]
    pub files_kept: u32,
}

words! {
    /// How much is written.
    pub enum LogLevel {
        /// What went wrong.
        Error = "error",
        /// And what may go wrong.
        Warn = "warn",
        /// And what happens.
        Info = "info",
        /// And why.
        Debug = "debug",
        /// And everything else.
        Trace = "trace",
    }
}

words! {
    /// For people or for programs.
    pub enum LogFormat {
        /// Lines for people.
        Pretty = "pretty",
        /// A JSON object a line.
        Json = "json",
    }
}

impl LogLevel {
    /// The word for it.
    pub fn word(self) -> &'static str {
        use crate::value::Words;
        Self::WORDS.iter().find(|(_, level)| *level == self).map_or("info", |(word, _)| word)
    }
}

impl Default for Log {
    fn default() -> Self {
        Self {
            level: LogLevel::Info,
            format: LogFormat::Pretty,
            file: None,
            file_size: ByteSize::from_mib(10),
            files_kept: 5,
        }
    }
}

impl Section for Log {
    fn read(reader: &mut Reader<'_, '_, '_>) -> Self {
        let default = Self::default();
        Self {
            level: reader.value("level", default.level),
            format: reader.value("format", default.format),
            file: reader.optional("file"),
            file_size: reader.within(
                "file_size",
                default.file_size,
                ByteSize::from_kib(64)..=ByteSize::from_gib(1),
            ),
            files_kept: reader.within("files_kept", default.files_kept, 0..=1000),
        }
    }
}
