//! The person's session: where its display is, of which kind it is, and who can say whether somebody is there.

mod desk;
mod login;

use std::env;

pub(crate) use desk::Desk;

use crate::source::SourceError;

/// How the session's screens are reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// An X server has them.
    X11 {
        /// Its name.
        display: String,
    },
    /// A Wayland compositor has them. The X server that it runs for old programs knows the monitors, and nothing of
    /// what is on them.
    Wayland {
        /// The name of that X server.
        display: String,
    },
}

/// The display of this name, else the one that the environment names. One that is named is an X server: whoever writes
/// its name means it.
pub(crate) fn find(named: Option<&str>) -> Result<Way, SourceError> {
    match named {
        Some(display) => Ok(Way::X11 { display: display.to_owned() }),
        None => of_environment(|name| env::var(name).ok()),
    }
}

fn of_environment(variable: impl Fn(&str) -> Option<String>) -> Result<Way, SourceError> {
    let set = |name| variable(name).filter(|value| !value.is_empty());
    let is_wayland =
        set("WAYLAND_DISPLAY").is_some() || set("XDG_SESSION_TYPE").as_deref() == Some("wayland");
    let display = set("DISPLAY").ok_or(SourceError::NoDisplay)?;
    Ok(if is_wayland { Way::Wayland { display } } else { Way::X11 { display } })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_session_is_what_the_environment_says() {
        let found = |variables: &[(&str, &str)]| {
            of_environment(|name| {
                variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
            })
        };
        let (x11, wayland) = (Way::X11 { display: ":3".into() }, Way::Wayland { display: ":3".into() });
        assert_eq!(found(&[("DISPLAY", ":3"), ("WAYLAND_DISPLAY", "")]).unwrap(), x11);
        assert_eq!(found(&[("DISPLAY", ":3"), ("XDG_SESSION_TYPE", "x11")]).unwrap(), x11);
        assert_eq!(found(&[("DISPLAY", ":3"), ("XDG_SESSION_TYPE", "wayland")]).unwrap(), wayland);
        assert_eq!(found(&[("DISPLAY", ":3"), ("WAYLAND_DISPLAY", "wayland-0")]).unwrap(), wayland);
        for nothing in [&[("DISPLAY", "")][..], &[("WAYLAND_DISPLAY", "wayland-0")]] {
            assert!(matches!(found(nothing), Err(SourceError::NoDisplay)));
        }
        assert_eq!(find(Some(":9")).unwrap(), Way::X11 { display: ":9".into() });
    }
}
