//! **What a timer command means**: one row a verb, one column a state. Everything the timer does on a person's
//! word is read from here.

use std::fmt;

use serde::Serialize;

use super::state::State;

/// A verb of the timer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Verb {
    /// Begin a new entry.
    Start,
    /// Stop counting, keep the entry.
    Pause,
    /// Count again.
    Resume,
    /// Finish the entry.
    Stop,
    /// Begin a new entry with the last one's details.
    Continue,
    /// Throw the current entry away.
    Cancel,
}

/// One step of a command. Each step makes exactly one event, and so one item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Open a new entry with the details given.
    Open,
    /// Open a new entry with the details of the last one.
    OpenLikeLast,
    /// Close the running stretch.
    Pause,
    /// Open a stretch.
    Resume,
    /// Close the running stretch, if there is one, and finish the entry.
    Finish,
    /// Delete the current entry.
    Discard,
}

/// What a verb means in one state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// These steps, in one transaction.
    Do(&'static [Step]),
    /// Nothing changes, and this is why.
    Nothing(&'static str),
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The verb.
    pub verb: Verb,
    /// What it means when no entry is current.
    pub idle: Meaning,
    /// What it means while time is counted.
    pub running: Meaning,
    /// What it means while the entry is paused.
    pub paused: Meaning,
}

use Meaning::{Do, Nothing};
use Step::{Discard, Finish, Open, OpenLikeLast};

/// The table.
pub const TABLE: [Row; 6] = [
    Row { verb: Verb::Start, idle: Do(&[Open]), running: Do(&[Finish, Open]), paused: Do(&[Finish, Open]) },
    Row {
        verb: Verb::Pause,
        idle: Nothing("nothing is running"),
        running: Do(&[Step::Pause]),
        paused: Nothing("already paused"),
    },
    Row {
        verb: Verb::Resume,
        idle: Nothing("nothing is paused"),
        running: Nothing("already running"),
        paused: Do(&[Step::Resume]),
    },
    Row { verb: Verb::Stop, idle: Nothing("already stopped"), running: Do(&[Finish]), paused: Do(&[Finish]) },
    Row {
        verb: Verb::Continue,
        idle: Do(&[OpenLikeLast]),
        running: Nothing("already running"),
        paused: Do(&[Finish, OpenLikeLast]),
    },
    Row {
        verb: Verb::Cancel,
        idle: Nothing("nothing to cancel"),
        running: Do(&[Discard]),
        paused: Do(&[Discard]),
    },
];

/// What `verb` means in `state`.
pub fn meaning(verb: Verb, state: State) -> Meaning {
    let row = &TABLE[verb as usize];
    match state {
        State::Idle => row.idle,
        State::Running => row.running,
        State::Paused => row.paused,
    }
}

impl Verb {
    /// All verbs, in the order of the table.
    pub const ALL: [Self; 6] =
        [Self::Start, Self::Pause, Self::Resume, Self::Stop, Self::Continue, Self::Cancel];

    /// The word a person types.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::Stop => "stop",
            Self::Continue => "continue",
            Self::Cancel => "cancel",
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Open => "open a new entry → `started`",
            Self::OpenLikeLast => "open a new entry like the last → `started`",
            Self::Pause => "close the stretch → `paused`",
            Self::Resume => "open a stretch → `resumed`",
            Self::Finish => "finish the entry → `stopped`",
            Self::Discard => "delete the entry → `deleted`",
        })
    }
}

impl fmt::Display for Meaning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing(why) => write!(f, "nothing: “{why}”"),
            Self::Do(steps) => {
                for (number, step) in steps.iter().enumerate() {
                    let between = if number == 0 { "" } else { "; " };
                    write!(f, "{between}{step}")?;
                }
                Ok(())
            }
        }
    }
}

/// The table as the documentation shows it, in Markdown.
pub fn markdown() -> String {
    let rows = TABLE
        .iter()
        .map(|row| format!("| `{}` | {} | {} | {} |\n", row.verb.word(), row.idle, row.running, row.paused));
    ["| command | idle | running | paused |\n".to_owned(), "| --- | --- | --- | --- |\n".to_owned()]
        .into_iter()
        .chain(rows)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verb_stands_in_its_own_row() {
        for (place, row) in TABLE.iter().enumerate() {
            assert_eq!(row.verb as usize, place, "{} is out of place", row.verb.word());
        }
    }
}
