//! Where pictures come from, and what can be in the way. The texts of the errors complete "failed to …" and say what
//! to do.

use stint_pixels::{Picture, PixelError};
use thiserror::Error;

use crate::glance::Glance;

/// One screen of the machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Screen {
    /// Its name, such as `HDMI-1`.
    pub name: String,
    /// The number of the output that it hangs on. One that a person cut out of a wide screen has none.
    pub output: Option<u32>,
    /// Where its left edge lies among all screens.
    pub x: i32,
    /// Where its upper edge lies among all screens.
    pub y: i32,
    /// Its width in pixels.
    pub width: u32,
    /// Its height in pixels.
    pub height: u32,
    /// Whether it is the main one.
    pub primary: bool,
    /// Whether the window that has the focus is on it, mostly.
    pub active: bool,
}

/// What a window is called: all that a rule may mean. Each name stands there as it is shown and in the ways in which a
/// rule may write it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// Its application's. The last of one window is the application's own, as it is shown.
    pub apps: Vec<String>,
    /// Its titles: an old and a new property may differ. The first is the title as it is shown.
    pub titles: Vec<String>,
    /// Whether more is to be said of its application than could be read. Any may be meant then.
    pub is_app_unknown: bool,
    /// Whether more is to be said of its titles than could be read.
    pub is_title_unknown: bool,
}

impl Names {
    pub(crate) fn is_empty(&self) -> bool {
        self.apps.is_empty() && self.titles.is_empty()
    }
}

/// A window that may be seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// What it is called, and the windows inside of it.
    pub names: Names,
    /// So often any of its titles changed so far.
    pub renames: u64,
    /// Its left edge, with its frame.
    pub x: i32,
    /// Its upper edge, with its frame.
    pub y: i32,
    /// Its width, with its frame.
    pub width: u32,
    /// Its height, with its frame.
    pub height: u32,
}

/// The windows of all screens at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arrangement {
    /// Those that can be seen.
    pub windows: Vec<Window>,
    /// So often a window came, went, moved or became another application's so far. Two arrangements with the same
    /// number have had no other between them.
    pub moves: u64,
}

/// Something that has screens. Every call comes back: a display that doesn't answer is an error after some seconds.
pub trait Source: std::fmt::Debug + Send {
    /// The screens, as they are now.
    fn screens(&mut self) -> Result<Vec<Screen>, SourceError>;

    /// All windows that can be seen, of all screens.
    fn arrangement(&mut self) -> Result<Arrangement, SourceError>;

    /// What is on a screen.
    fn grab(&mut self, screen: &Screen) -> Result<Picture, SourceError>;

    /// A glance at a screen, where that is cheaper than a picture.
    fn glance(&mut self, _screen: &Screen) -> Result<Option<Glance>, SourceError> {
        Ok(None)
    }

    /// Whether its pictures are in this machine's memory alone until they are handed over. Where they aren't, nothing
    /// can be hidden in time.
    fn is_private(&self) -> bool {
        true
    }
}

/// Why there is no picture.
#[derive(Debug, Error)]
pub enum SourceError {
    /// This program was built without screens.
    #[error(
        "look at a screen: this stint was built without the feature `screen`; build it with that feature, or write source = \"synthetic\" under [capture]"
    )]
    NotBuilt,
    /// Nobody says where the display is.
    #[error(
        "find a display: DISPLAY isn't set; start stint inside the graphical session, or hand DISPLAY and XAUTHORITY to it, for example with `systemctl --user import-environment DISPLAY XAUTHORITY`"
    )]
    NoDisplay,
    /// A Wayland session hands out whole pictures, by way of a file, and tells of no window.
    #[error(
        "hide anything on a Wayland session: it tells no program where windows are, and the portal writes the whole picture into a file before anybody can treat it; log in with an X11 session (often \"… on Xorg\" at the log-in), or take exclude, hide and blur out of [capture]"
    )]
    Wayland,
    /// Nobody can say whether somebody is at a Wayland session.
    #[error(
        "find out whether somebody is there: on Wayland the log-in service tells it, and there is none here; idle time is not recorded"
    )]
    NoWitness,
    /// The log-in service doesn't say whether somebody is there.
    #[error("ask the log-in service for idle time and lock: {reason}; the next attempt connects anew")]
    NoLogIn {
        /// What was in the way.
        reason: String,
    },
    /// Windows didn't keep still.
    #[error(
        "look at screen {name}: windows moved or changed their titles during each of {attempts} looks, so none of them could be hidden for certain; the next shot tries again"
    )]
    Restless {
        /// The screen.
        name: String,
        /// How often it was tried.
        attempts: u32,
    },
    /// The program that looks at screens doesn't start.
    #[error(
        "start {program}, which looks at the screens: {reason}; it belongs beside stint, so install both together, or write source = \"synthetic\" under [capture]"
    )]
    NoHelper {
        /// Where it was looked for.
        program: String,
        /// What was in the way.
        reason: String,
    },
    /// The program that looks at screens got no picture.
    #[error("get a picture of screen {name}: {reason}")]
    NoPicture {
        /// The screen.
        name: String,
        /// What it said.
        reason: String,
    },
    /// The program that looks at screens was silent.
    #[error(
        "get a picture of screen {name}: none came within {seconds} seconds; on Wayland the desktop may be asking whether stint may take screenshots: answer it, or restart xdg-desktop-portal"
    )]
    Silent {
        /// The screen.
        name: String,
        /// For how long.
        seconds: u64,
    },
    /// The display's name is none.
    #[error("read the display's name {name:?}: it has to look like :0")]
    BadName {
        /// The name.
        name: String,
    },
    /// The display can't be reached.
    #[error(
        "reach display {display}: {reason}; is the X server running, and may this user talk to it (XAUTHORITY)?"
    )]
    Unreachable {
        /// Its name.
        display: String,
        /// What was in the way.
        reason: String,
    },
    /// The display went away, or doesn't answer.
    #[error("hear from the display: {reason}; the next attempt connects anew")]
    Lost {
        /// What happened.
        reason: String,
    },
    /// The display said something that can't be.
    #[error("understand the display's answer to {request}: {reason}")]
    Strange {
        /// What was asked.
        request: &'static str,
        /// What is wrong with the answer.
        reason: String,
    },
    /// The display refused.
    #[error("get {request} from the display: it answered with error {code}")]
    Refused {
        /// What was asked.
        request: &'static str,
        /// The error's number in the X protocol.
        code: u8,
    },
    /// The screen went away or changed while it was looked at.
    #[error("look at screen {name}: it went away or changed its size at that moment")]
    Changed {
        /// The screen.
        name: String,
    },
    /// The pixels are of a kind that isn't known.
    #[error("read pixels of {bits} bits at a depth of {depth}: such a display isn't known")]
    Pixels {
        /// The bits of a pixel.
        bits: u8,
        /// How many of them count.
        depth: u8,
    },
    /// None of the screens that are asked for is there.
    #[error("find {wanted}: the screens here are {there}; `monitors` under [capture] says which are meant")]
    NoScreen {
        /// What was asked for.
        wanted: String,
        /// What there is.
        there: String,
    },
    /// The picture can't be handled.
    #[error(transparent)]
    Picture(#[from] PixelError),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_says_what_to_do() {
        let reason = || "no such file".to_owned();
        let texts: Vec<(SourceError, &str)> = vec![
            (SourceError::NotBuilt, "built without the feature `screen`"),
            (SourceError::NoDisplay, "import-environment DISPLAY XAUTHORITY"),
            (SourceError::Wayland, "log in with an X11 session"),
            (SourceError::NoWitness, "on Wayland the log-in service tells it"),
            (SourceError::NoLogIn { reason: reason() }, "for idle time and lock: no such file; the next"),
            (
                SourceError::Restless { name: "DP-1".into(), attempts: 5 },
                "look at screen DP-1: windows moved or changed their titles during each of 5 looks",
            ),
            (
                SourceError::NoHelper { program: "/usr/bin/stint-screen".into(), reason: reason() },
                "start /usr/bin/stint-screen, which looks at the screens: no such file; it belongs beside stint",
            ),
            (
                SourceError::NoPicture { name: "DP-1".into(), reason: reason() },
                "get a picture of screen DP-1: no such file",
            ),
            (
                SourceError::Silent { name: "DP-1".into(), seconds: 30 },
                "none came within 30 seconds; on Wayland the desktop may be asking",
            ),
            (SourceError::BadName { name: "x".into() }, "it has to look like :0"),
            (
                SourceError::Unreachable { display: ":7".into(), reason: reason() },
                "display :7: no such file; is the X server running",
            ),
            (SourceError::Lost { reason: reason() }, "the next attempt connects anew"),
            (
                SourceError::Strange { request: "the windows", reason: reason() },
                "answer to the windows: no such file",
            ),
            (
                SourceError::Refused { request: "pixels", code: 8 },
                "get pixels from the display: it answered with error 8",
            ),
            (
                SourceError::Changed { name: "HDMI-1".into() },
                "screen HDMI-1: it went away or changed its size",
            ),
            (SourceError::Pixels { bits: 8, depth: 4 }, "pixels of 8 bits at a depth of 4"),
            (
                SourceError::NoScreen { wanted: "screen DP-9".into(), there: "DP-1".into() },
                "find screen DP-9: the screens here are DP-1",
            ),
        ];
        for (error, part) in texts {
            assert!(error.to_string().contains(part), "{error}");
        }
    }
}
