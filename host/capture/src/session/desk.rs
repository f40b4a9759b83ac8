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

#[derive(Debug)]
pub(crate) struct Desk {
    display: Option<Display>,
    login: Option<LogIn>,
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
        Ok(Self { display, login })
    }
}

impl Bystander for Desk {
    fn look(&mut self, curiosity: Curiosity, now: Millis) -> Result<Look, SourceError> {
        let mut look = match &mut self.display {
            Some(display) => display.look(curiosity)?,
            None => Look::default(),
        };
        if let Some(login) = &self.login {
            let hints = login.hints()?;
            look.locked |= hints.locked;
            if let Some(since) = hints.idle_since.filter(|_| self.display.is_none()) {
                look.idle = Millis(now.0.saturating_sub(since.0));
            }
        }
        Ok(look)
    }
}
