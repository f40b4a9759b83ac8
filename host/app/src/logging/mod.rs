//! What the host writes about its own work: for people or as JSON, to stderr or to a file that is turned over when it
//! is full. What others could have written into a message is made harmless before it reaches a terminal.

mod file;
mod journal;

use std::io;

use stint_config::{
    Loaded,
    model::{Log, LogFormat, LogLevel},
};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::{
    Layer, Registry, filter::Targets, fmt, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};

pub(crate) use file::LogFileError;
use file::RotatingFile;

type Boxed = Box<dyn Layer<Registry> + Send + Sync>;

/// Begins to log as the configuration says. `louder` is what the command line says on top.
pub(crate) fn begin(loaded: &Loaded, louder: Option<LogLevel>) -> Result<(), LogFileError> {
    let log = &loaded.config.log;
    let level = level(louder.unwrap_or(log.level));
    // Libraries say much that only their own authors understand.
    let ours = Targets::new().with_default(level.min(LevelFilter::WARN)).with_target("stint", level);
    let written: Boxed = match &log.file {
        None if log.format == LogFormat::Pretty && journal::is_stderr() => {
            let plain = fmt::layer().with_ansi(false).event_format(journal::ForJournal);
            plain.with_writer(io::stderr).with_filter(ours).boxed()
        }
        None => written(log, anstream::stderr, colour()).with_filter(ours).boxed(),
        Some(path) => {
            let file = RotatingFile::open(path.path(), log.file_size.bytes(), log.files_kept)?;
            written(log, file, false).with_filter(ours).boxed()
        }
    };
    // A second call would be a mistake of ours, and the first one goes on.
    let _ = tracing_subscriber::registry().with(written).try_init();
    Ok(())
}

fn written<W>(log: &Log, writer: W, colour: bool) -> Boxed
where
    W: for<'w> fmt::MakeWriter<'w> + Send + Sync + 'static,
{
    match log.format {
        LogFormat::Pretty => fmt::layer().with_ansi(colour).with_writer(writer).boxed(),
        LogFormat::Json => {
            fmt::layer().json().flatten_event(true).with_current_span(false).with_writer(writer).boxed()
        }
    }
}

fn colour() -> bool {
    anstream::AutoStream::choice(&io::stderr()) != anstream::ColorChoice::Never
}

fn level(level: LogLevel) -> LevelFilter {
    match level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Trace => LevelFilter::TRACE,
    }
}
