//! What to do about screenshots that can't be taken, by what is in the way. The error's own text says the rest.

use stint_capture::SourceError;

use super::error::ShotError;

/// What to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// A command to paste.
    Run(&'static str),
    /// A line to write under `[capture]`.
    Write(&'static str),
    /// Nothing that could be pasted: what has to be done is in the error.
    AsSaid,
}

/// What went wrong with a shot, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// The error's text.
    pub error: String,
    /// What to do.
    pub remedy: Remedy,
}

impl Remedy {
    /// What to do about this.
    pub(crate) fn of(error: &SourceError) -> Self {
        match error {
            SourceError::NotBuilt => Self::Write("source = \"synthetic\""),
            SourceError::NoDisplay => Self::Run("systemctl --user import-environment DISPLAY XAUTHORITY"),
            SourceError::BadName { .. } => Self::Write("display = \":0\""),
            SourceError::NoScreen { .. } => Self::Write("monitors = \"all\""),
            SourceError::Silent { .. } => Self::Run("systemctl --user restart xdg-desktop-portal"),
            // These may be over by the next look.
            SourceError::Restless { .. }
            | SourceError::Lost { .. }
            | SourceError::Changed { .. }
            | SourceError::NoPicture { .. }
            | SourceError::NoLogIn { .. } => Self::Run("stint capture now"),
            _ => Self::AsSaid,
        }
    }
}

impl From<&ShotError> for Trouble {
    fn from(error: &ShotError) -> Self {
        let remedy = match error {
            ShotError::Source(error) => Remedy::of(error),
            _ => Remedy::AsSaid,
        };
        Self { error: error.to_string(), remedy }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_advised_fits_what_is_in_the_way() {
        let name = || "DP-1".to_owned();
        let trouble = |error: SourceError| Trouble::from(&ShotError::from(error)).remedy;
        let import = "systemctl --user import-environment DISPLAY XAUTHORITY";
        assert_eq!(trouble(SourceError::NoDisplay), Remedy::Run(import));
        let gone = SourceError::Unreachable { display: ":7".into(), reason: "no".into() };
        assert_eq!(trouble(gone), Remedy::AsSaid, "no card replaces a screen that is wanted");
        let silent = SourceError::Silent { name: name(), seconds: 30 };
        assert_eq!(trouble(silent), Remedy::Run("systemctl --user restart xdg-desktop-portal"));
        let unknown = SourceError::NoScreen { wanted: "DP-9".into(), there: name() };
        assert_eq!(trouble(unknown), Remedy::Write("monitors = \"all\""));
        assert_eq!(trouble(SourceError::Changed { name: name() }), Remedy::Run("stint capture now"));
        assert_eq!(Trouble::from(&ShotError::Stopping).remedy, Remedy::AsSaid);
    }
}
