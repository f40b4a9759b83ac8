//! Idle time by the server's own count, the screen saver's state, and the window in front.

use stint_domain::time::Millis;
use x11rb_protocol::protocol::screensaver::{QueryInfoRequest, State};

use super::{Display, PATIENCE, focus, windows};
use crate::{
    bystander::{Curiosity, Look},
    source::SourceError,
};

impl Display {
    /// One look.
    pub(crate) fn look(&mut self, curiosity: Curiosity) -> Result<Look, SourceError> {
        let connection = self.line(PATIENCE)?;
        let mut look = Look::default();
        if connection.has::<QueryInfoRequest>()? {
            let drawable = connection.screen().root;
            let info = connection.ask("the idle time", QueryInfoRequest { drawable })?;
            look.idle = Millis(info.ms_since_user_input.into());
            look.locked = info.state == u8::from(State::ON);
        }
        if curiosity >= Curiosity::App
            && let Some((window, mut said)) = focus::front(connection)?
        {
            // A rule is about a window with all that is inside of it, here as in a picture.
            let outermost = focus::outermost(connection, window)?;
            look.names = windows::names(connection, outermost)?;
            if curiosity < Curiosity::Title {
                said.titles.clear();
                look.names.titles.clear();
            }
            look.app = said.apps.last().cloned();
            look.title = said.titles.first().cloned();
        }
        Ok(look)
    }
}
