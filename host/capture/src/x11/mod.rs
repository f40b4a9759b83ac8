//! An X11 display: monitors, windows, idle time and focus, over its socket, and what is on the monitors, by
//! `stint-screen` and with that by xcap.
//!
//! Why not all of it by xcap: it connects anew for every question and waits without an end, its window list knows only
//! what a window manager manages, and it says neither what moves during a look nor when the person touched the machine
//! last. And why pixels are read here too: a monitor that a person cut out of a wide screen has no output, and xcap
//! knows monitors by their outputs alone; of 16 bits or of rows with a margin it makes a picture in which everything is
//! elsewhere, so that what was hidden wouldn't be what must not be seen. And a glance, which a screen that hasn't changed
//! costs, takes a few rows, where xcap has pictures alone.

mod bystander;
mod connection;
mod focus;
mod image;
mod layout;
mod monitors;
mod properties;
mod windows;
mod wire;

use std::time::Duration;

use stint_pixels::Picture;

use crate::{
    glance::Glance,
    helper,
    session::Way,
    source::{Arrangement, Screen, Source, SourceError},
};
use connection::Connection;

/// A server that needs longer for one look is stuck, or nobody would wait for it: each has an end as a whole.
const PATIENCE: Duration = Duration::from_secs(5);
/// Pixels of a large screen may come over a network.
const PATIENCE_FOR_PIXELS: Duration = Duration::from_secs(10);

/// A display. It is connected to anew for every shot, so a server that went away and came back is found.
#[derive(Debug)]
pub(crate) struct Display {
    connection: Connection,
    way: Way,
    is_watched: bool,
}

impl Display {
    /// The display that is reached this way.
    pub(crate) fn open(way: Way) -> Result<Self, SourceError> {
        let (Way::X11 { display } | Way::Wayland { display }) = &way;
        Ok(Self { connection: Connection::open(display)?, way, is_watched: false })
    }

    /// The connection, for a look that begins now: another one, where an answer was lost.
    fn line(&mut self, patience: Duration) -> Result<&mut Connection, SourceError> {
        if self.connection.is_broken() {
            let (Way::X11 { display } | Way::Wayland { display }) = &self.way;
            self.connection = self.connection.open_anew(display)?;
            self.is_watched = false;
        }
        self.connection.begin(patience)?;
        Ok(&mut self.connection)
    }

    /// What is on the screen, by whoever can read it as it is.
    fn pixels_of(&mut self, screen: &Screen) -> Result<Picture, SourceError> {
        match (&self.way, screen.output) {
            (Way::X11 { .. }, Some(output)) if image::is_usual(&self.connection) => {
                helper::grab(&self.way, screen, output)
            }
            (Way::X11 { .. }, _) => image::grab(&mut self.connection, screen),
            (Way::Wayland { .. }, Some(output)) => helper::grab(&self.way, screen, output),
            (Way::Wayland { .. }, None) => {
                let reason = "Wayland's X server says of no output that it is this one".to_owned();
                Err(SourceError::NoPicture { name: screen.name.clone(), reason })
            }
        }
    }
}

impl Source for Display {
    fn screens(&mut self) -> Result<Vec<Screen>, SourceError> {
        let connection = self.line(PATIENCE)?;
        let mut screens = monitors::all(connection)?;
        let front = focus::middle_of_front(connection)?;
        for screen in &mut screens {
            screen.active = front.is_some_and(|(x, y)| monitors::holds(screen, x, y));
        }
        Ok(screens)
    }

    fn arrangement(&mut self) -> Result<Arrangement, SourceError> {
        self.line(PATIENCE)?;
        if !self.is_watched {
            self.connection.watch_windows()?;
            self.is_watched = true;
        }
        // Counted first: what moves while they are listed is a move after this list.
        let moves = self.connection.moves()?;
        Ok(Arrangement { windows: windows::all(&mut self.connection)?, moves })
    }

    fn grab(&mut self, screen: &Screen) -> Result<Picture, SourceError> {
        self.line(PATIENCE_FOR_PIXELS)?;
        let picture = self.pixels_of(screen);
        if self.connection.is_broken() {
            return picture;
        }
        // A monitor that moved meanwhile shows another part than the one on which the windows were looked for.
        let is_there = |now: &Screen| {
            (&now.name, now.x, now.y, now.width, now.height)
                == (&screen.name, screen.x, screen.y, screen.width, screen.height)
        };
        if monitors::all(self.line(PATIENCE)?)?.iter().any(is_there) {
            picture
        } else {
            Err(SourceError::Changed { name: screen.name.clone() })
        }
    }

    fn glance(&mut self, screen: &Screen) -> Result<Option<Glance>, SourceError> {
        match self.way {
            Way::X11 { .. } => image::glance(self.line(PATIENCE_FOR_PIXELS)?, screen),
            Way::Wayland { .. } => Ok(None),
        }
    }

    fn is_private(&self) -> bool {
        matches!(self.way, Way::X11 { .. })
    }
}
