//! What `make bench` starts: measures the benches that were asked for, prints the table, writes the JSON, and
//! fails when a bar is missed.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::{Bench, Measured, Stopwatch, Verdict, json, table};

/// Why a run of benches is no success.
#[derive(Debug, Error)]
pub enum RunError {
    /// The filter fits no bench.
    #[error("failed to find a bench whose name has {filter:?}; there are: {}", names.join(", "))]
    NoneFits {
        /// What was asked for.
        filter: String,
        /// What could have been.
        names: Vec<&'static str>,
    },
    /// At least one figure is on the wrong side of its bar, or there is none.
    #[error("failed to keep every bar: {}", names.join(", "))]
    BarsMissed {
        /// The benches that missed theirs or broke.
        names: Vec<&'static str>,
    },
    /// The figures are there, but could not be written down.
    #[error("failed to write the figures to {}: {source}", path.display())]
    Write {
        /// Where they should be.
        path: PathBuf,
        /// Why they are not.
        source: io::Error,
    },
}

/// Measures the benches whose name has the filter in it (all without one), with the table going to `out` and the
/// JSON to `folder/<filter or all>.json`. Meanwhile `progress` is told which one is at work, and then how long it
/// took. Arguments that begin with a dash are cargo's own.
pub fn run(
    benches: Vec<Bench>,
    arguments: impl IntoIterator<Item = String>,
    folder: &Path,
    out: &mut dyn Write,
    progress: &mut dyn Write,
) -> Result<(), RunError> {
    let filter = arguments.into_iter().find(|argument| !argument.starts_with('-')).unwrap_or_default();
    let names: Vec<_> = benches.iter().map(Bench::name).collect();
    let mut chosen: Vec<_> = benches.into_iter().filter(|bench| bench.name().contains(&filter)).collect();
    if chosen.is_empty() {
        return Err(RunError::NoneFits { filter, names });
    }
    let count = chosen.len();
    let measured: Vec<_> =
        (1..).zip(&mut chosen).map(|(place, bench)| measure(bench, place, count, progress)).collect();

    let path = folder.join(format!("{}.json", file_stem(&filter)));
    json::render(&measured)
        .map_err(io::Error::from)
        .and_then(|text| fs::create_dir_all(folder).and_then(|()| fs::write(&path, text + "\n")))
        .and_then(|()| out.write_all(table::render(&measured).as_bytes()))
        .map_err(|source| RunError::Write { path, source })?;

    let missed: Vec<_> = measured
        .iter()
        .filter(|measured| measured.verdict() != Verdict::Met)
        .map(|measured| measured.name)
        .collect();
    if missed.is_empty() { Ok(()) } else { Err(RunError::BarsMissed { names: missed }) }
}

/// One line a bench, begun before it starts: some take minutes. Nobody has to listen, so a failure to say it is none.
fn measure(bench: &mut Bench, place: usize, count: usize, progress: &mut dyn Write) -> Measured {
    let _ = write!(progress, "{place} of {count}: {} … ", bench.name());
    let _ = progress.flush();
    let mut watch = Stopwatch::default();
    let measured = watch.time(|| bench.measure());
    let _ = writeln!(progress, "{:.1} s", watch.elapsed().as_secs_f64());
    measured
}

/// A filter as a file's name: what isn't a letter or digit becomes a dash, so it can't leave the folder.
fn file_stem(filter: &str) -> String {
    if filter.is_empty() {
        return "all".to_owned();
    }
    filter.chars().map(|char| if char.is_alphanumeric() { char } else { '-' }).collect()
}

#[cfg(test)]
mod tests;
