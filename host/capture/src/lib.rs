//! Screens, idle time and focus. Nothing here writes a file, reads a clock or waits without an end: what comes out is
//! a picture that may leave this crate, or the reason why there is none.
//!
//! Invariant: what must not be seen is gone from a picture before it is encoded, and pixels that weren't treated never
//! leave this crate.

mod bystander;
#[cfg(feature = "screen")]
mod deadline;
mod glance;
#[cfg(feature = "screen")]
mod helper;
mod likeness;
mod privacy;
mod rules;
#[cfg(feature = "screen")]
mod session;
mod shoot;
mod source;
mod synthetic;
#[cfg(feature = "screen")]
mod words;
#[cfg(feature = "screen")]
mod x11;

pub use bystander::{Bystander, Curiosity, Look, Scripted};
pub use glance::Glance;
pub use likeness::Likeness;
pub use rules::{Area, Exclusion, OnExcluded, Rules, Which};
pub use shoot::{Shot, Sight, choose, shoot};
pub use source::{Arrangement, Names, Screen, Source, SourceError, Window};
pub use synthetic::TestCard;

/// The screens of a display: of the one that is named, else of the one that the environment names.
#[cfg(feature = "screen")]
pub fn screens(display: Option<&str>) -> Result<Box<dyn Source>, SourceError> {
    Ok(Box::new(x11::Display::open(session::find(display)?)?))
}

/// Who looks at the person's desk: idle time, lock and focus, by the same display and by the system's log-in service.
#[cfg(feature = "screen")]
pub fn bystander(display: Option<&str>) -> Result<Box<dyn Bystander>, SourceError> {
    Ok(Box::new(session::Desk::open(display)?))
}

/// This build has no screens.
#[cfg(not(feature = "screen"))]
pub fn screens(_: Option<&str>) -> Result<Box<dyn Source>, SourceError> {
    Err(SourceError::NotBuilt)
}

/// This build has nobody who could look.
#[cfg(not(feature = "screen"))]
pub fn bystander(_: Option<&str>) -> Result<Box<dyn Bystander>, SourceError> {
    Err(SourceError::NotBuilt)
}
