//! Text for people, in columns of a terminal. What somebody else wrote (a project, a note, what a backend answered) is
//! only ever shown through here: it can't act on the terminal, nor be wider than what is there.

mod bar;
mod fit;
mod page;
mod safe;
mod table;
mod wrap;

pub(crate) use bar::bar;
pub(crate) use fit::{fit, pad};
pub(crate) use page::{Page, Tone};
pub(crate) use safe::{safe, safe_json, safe_lines};
pub(crate) use table::{Row, Table};
pub(crate) use wrap::wrap;
