//! `control.token` in the data directory: what a program on this machine shows to be let in. It is made once, and only
//! the directory's user can read it.

use std::{
    fmt,
    fs::{self, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use subtle::ConstantTimeEq as _;

const NAME: &str = "control.token";

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TokenError {
    /// The file.
    #[error("failed to keep the token of the local API in {}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The system gives no random bytes.
    #[error("failed to draw random bytes for the local API's token: {0}")]
    Chance(#[from] getrandom::Error),
}

/// The token.
#[derive(Clone)]
pub(crate) struct Token(String);

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token")
    }
}

impl Token {
    /// The token of a data directory. One that others could read is no secret any more, so it is made anew.
    pub(super) fn of(dir: &Path) -> Result<Self, TokenError> {
        let path = dir.join(NAME);
        let failed = |source| TokenError::File { path: path.clone(), source };
        match fs::symlink_metadata(&path) {
            Ok(found) if found.is_file() && !others_may(found.permissions().mode()) => {
                let text = fs::read(&path).map_err(failed)?;
                let text = String::from_utf8_lossy(&text).trim().to_owned();
                if is_whole(&text) {
                    return Ok(Self(text));
                }
                tracing::warn!(target: "stint::api", "{} is damaged; it is made anew", path.display());
            }
            Ok(_) => {
                tracing::warn!(target: "stint::api", "others could read {}; it is made anew", path.display());
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(failed(error)),
        }
        let token = Self(random::<32>()?);
        token.write(dir, &path).map_err(failed)?;
        Ok(token)
    }

    /// Whole or not at all, and never readable for others: under a name of its own first.
    fn write(&self, dir: &Path, path: &Path) -> io::Result<()> {
        let new = dir.join(format!("{NAME}.new"));
        match fs::remove_file(&new) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&new)?;
        writeln!(file, "{}", self.0)?;
        file.sync_all()?;
        fs::rename(&new, path)
    }

    /// Whether this is the token. How long that takes says nothing about it.
    pub(super) fn is(&self, given: &str) -> bool {
        self.0.as_bytes().ct_eq(given.as_bytes()).into()
    }
}

/// Whether anybody but its user may do anything with a file of these rights.
fn others_may(mode: u32) -> bool {
    // Of the nine bits the lower six are the group's and everybody's.
    mode.trailing_zeros() < 6
}

fn is_whole(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// So many random bytes as text.
pub(super) fn random<const N: usize>() -> Result<String, getrandom::Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)?;
    Ok(stint_store::hex(&bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_made_once_and_for_its_user_alone() {
        let dir = tempfile::tempdir().unwrap();
        let token = Token::of(dir.path()).unwrap();
        let path = dir.path().join(NAME);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(Token::of(dir.path()).unwrap().is(&token.0));
        assert_eq!(format!("{token:?}"), "Token");
        for wrong in ["", "a", &token.0[1..], &format!("{}0", token.0)] {
            assert!(!token.is(wrong));
        }
    }

    #[test]
    fn one_that_others_could_read_and_a_damaged_one_are_made_anew() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(NAME);
        let first = Token::of(dir.path()).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        let second = Token::of(dir.path()).unwrap();
        assert!(!second.is(&first.0));
        fs::write(&path, "half").unwrap();
        let third = Token::of(dir.path()).unwrap();
        assert!(is_whole(&third.0) && !third.is(&second.0));
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn where_it_cant_be_kept_is_said() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join(NAME)).unwrap();
        let error = Token::of(dir.path()).unwrap_err().to_string();
        assert!(error.starts_with("failed to keep the token of the local API in /"), "{error}");
    }
}
