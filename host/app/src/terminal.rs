//! How wide what a person reads may be. The widest is chosen for eyes, not for screens: a line of 200 columns is hard
//! to follow.

use console::Term;

const NARROWEST: usize = 20;
const WIDEST: usize = 120;
const WITHOUT_TERMINAL: usize = 100;

/// The columns of what is written to stderr, where somebody looks at them; nothing where a program reads whole lines.
pub(crate) fn error_columns() -> Option<usize> {
    let told = std::env::var("COLUMNS").ok().and_then(|columns| columns.trim().parse().ok());
    let seen = || Term::stderr().is_term().then(|| Term::stderr().size_checked()).flatten();
    let columns: Option<usize> = told.or_else(|| seen().map(|(_, columns)| usize::from(columns)));
    columns.map(|columns| columns.max(NARROWEST))
}

/// The columns of what is written to stdout: as `COLUMNS` says, else as the terminal says.
pub(crate) fn columns() -> usize {
    let told = std::env::var("COLUMNS").ok().and_then(|columns| columns.trim().parse().ok());
    let seen = || Term::stdout().size_checked().or_else(|| Term::stderr().size_checked());
    let columns = told.or_else(|| seen().map(|(_, columns)| usize::from(columns)));
    columns.unwrap_or(WITHOUT_TERMINAL).clamp(NARROWEST, WIDEST)
}
