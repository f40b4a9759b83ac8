//! The log as systemd's journal likes it: it has its own times and draws its own colours, and reads a line's importance
//! from a number before it.

use std::{fmt, io::stderr};

use tracing::{Event, Level, Subscriber};
use tracing_subscriber::{
    fmt::{FmtContext, FormatEvent, FormatFields, format, format::Writer},
    registry::LookupSpan,
};

/// Whether the standard error is the journal. The variable alone says only that a parent's was.
pub(super) fn is_stderr() -> bool {
    let told = std::env::var("JOURNAL_STREAM").ok();
    told.is_some_and(|told| {
        let found = rustix::fs::fstat(stderr());
        found.is_ok_and(|found| told == format!("{}:{}", found.st_dev, found.st_ino))
    })
}

/// One line an event.
#[derive(Clone, Copy, Debug)]
pub(super) struct ForJournal;

impl<S, N> FormatEvent<S, N> for ForJournal
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        write!(writer, "<{}>", importance(*event.metadata().level()))?;
        format().without_time().with_level(false).with_ansi(false).format_event(context, writer, event)
    }
}

/// The numbers of syslog.
fn importance(level: Level) -> u8 {
    match level {
        Level::ERROR => 3,
        Level::WARN => 4,
        Level::INFO => 6,
        _ => 7,
    }
}
