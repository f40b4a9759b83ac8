//! Looks at the desk by two pairs of eyes: the X server knows the last touch to the millisecond and the window in front,
//! the log-in service knows the lock. On Wayland, where the X server sees nothing of both, the latter says alone when
//! nobody is there.

use stint_domain::time::Millis;

use super::{Way, find, login::LogIn};
use crate::{
    bystander::{Bystander, Curiosity, Look},
    source::SourceError,
    x11::Display,
};

/// So often a log-in service is looked for that wasn't there.
const AGAIN: Millis = Millis::from_mins(1);

#[derive(Debug)]
pub(crate) struct Desk {
    display: Option<Display>,
    login: Option<LogIn>,
    /// When the log-in service was looked for in vain, by the machine's awake time.
    missed: Option<Millis>,
}

impl Desk {
    /// The desk at the display of this name, else at the one of the environment.
    pub(crate) fn open(display: Option<&str>) -> Result<Self, SourceError> {
        let way = find(display);
        // A machine without a bus or without such a service has an X server all the same.
        let login = LogIn::open().ok();
        let display = match way {
            Ok(way @ Way::X11 { .. }) => Some(Display::open(way)?),
            Ok(Way::Wayland { .. }) | Err(_) if login.is_some() => None,
            Ok(Way::Wayland { .. }) => return Err(SourceError::NoWitness),
            Err(error) => return Err(error),
        };
        Ok(Self { display, login, missed: None })
    }

    /// The bus may have been away when the desk was opened, or start later than stint.
    fn find_login(&mut self, now: Millis, open: impl FnOnce() -> Option<LogIn>) {
        if self.login.is_none() && now.since(*self.missed.get_or_insert(now)) >= AGAIN {
            self.login = open();
            self.missed = Some(now);
        }
    }
}

impl Bystander for Desk {
    fn look(&mut self, curiosity: Curiosity, now: Millis) -> Result<Look, SourceError> {
        self.find_login(now, || LogIn::open().ok());
        let mut look = match &mut self.display {
            Some(display) => display.look(curiosity)?,
            None => Look::default(),
        };
        if let Some(login) = &self.login {
            let hints = login.hints()?;
            look.locked |= hints.locked;
            look.login_says_locked = Some(hints.locked);
            if let Some(since) = hints.idle_since.filter(|_| self.display.is_none()) {
                look.idle = Millis(now.0.saturating_sub(since.0));
            }
        }
        Ok(look)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_service_that_was_not_there_is_looked_for_once_a_minute() {
        let mut desk = Desk { display: None, login: None, missed: None };
        for (at, is_due) in [(100, false), (60_099, false), (60_100, true), (60_101, false), (120_100, true)]
        {
            let mut looked = false;
            desk.find_login(Millis(at), || {
                looked = true;
                None
            });
            assert_eq!(looked, is_due, "at {at}");
        }
    }
}
