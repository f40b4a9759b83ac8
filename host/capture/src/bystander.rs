//! Who looks at the person's desk: how long nobody touched the machine, and what is in front.

use std::collections::VecDeque;

use stint_domain::time::Millis;

use crate::source::{Names, SourceError};

/// One look at the desk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// How long nobody touched the machine.
    pub idle: Millis,
    /// Whether the session is locked, or the screen saver is on.
    pub locked: bool,
    /// What the log-in service said of that, where it was asked. A lock that it told of ends only when it says so.
    pub login_says_locked: Option<bool>,
    /// The application in front.
    pub app: Option<String>,
    /// The title of its window, where titles are asked for.
    pub title: Option<String>,
    /// All that its window is called, for rules to judge.
    pub names: Names,
}

/// What somebody wants to know. What isn't asked for isn't told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Curiosity {
    /// Whether somebody is there.
    Idle,
    /// The application in front, too.
    App,
    /// The title of its window, too.
    Title,
}

/// Someone who can look. Every call comes back.
pub trait Bystander: std::fmt::Debug + Send {
    /// One look. `now` is the machine's awake time: some say since when nobody touched it, and not for how long.
    fn look(&mut self, curiosity: Curiosity, now: Millis) -> Result<Look, SourceError>;
}

/// Says what it was told to say; then that nobody is there to be asked.
#[derive(Debug, Default)]
pub struct Scripted(VecDeque<Look>);

impl Scripted {
    /// Says these, one after the other.
    pub fn new(looks: impl IntoIterator<Item = Look>) -> Self {
        Self(looks.into_iter().collect())
    }
}

impl Bystander for Scripted {
    fn look(&mut self, curiosity: Curiosity, _now: Millis) -> Result<Look, SourceError> {
        let mut look = self.0.pop_front().ok_or(SourceError::NoDisplay)?;
        look.app = look.app.filter(|_| curiosity >= Curiosity::App);
        if curiosity < Curiosity::Title {
            look.title = None;
            look.names.titles.clear();
        }
        Ok(look)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_front_is_told_only_to_who_asks_for_it() {
        let look = Look { app: Some("editor".into()), title: Some("Letter".into()), ..Look::default() };
        let mut scripted = Scripted::new([look.clone(), look.clone(), look]);
        let mut told = |curiosity| {
            let look = scripted.look(curiosity, Millis(0)).unwrap();
            (look.app.is_some(), look.title.is_some())
        };
        assert_eq!(told(Curiosity::Idle), (false, false));
        assert_eq!(told(Curiosity::App), (true, false));
        assert_eq!(told(Curiosity::Title), (true, true));
        assert!(scripted.look(Curiosity::Idle, Millis(0)).is_err());
    }
}
