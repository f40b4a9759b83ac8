//! What the configuration says of a credential, in plain words.

use std::fmt;
use std::path::PathBuf;

use url::Url;

use crate::egress::Scheme;

/// One credential of the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description {
    /// Its name under `[credentials]`.
    pub name: String,
    /// How it is attached.
    pub scheme: Scheme,
    /// The part that isn't secret.
    pub public_id: Option<String>,
    /// Where the secret is kept; nothing where a refresh brings the first one.
    pub value: Option<Place>,
    /// How a new one is got.
    pub refresh: Option<Refresh>,
    /// Where what a refresh brings is kept; nothing: until the host ends.
    pub store: Option<Store>,
}

/// Where a secret is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A variable of the host's environment.
    Env(String),
    /// A file; a line break at its end isn't part of it.
    File(PathBuf),
    /// The keyring, under this name.
    Keyring(String),
    /// A program and its arguments, which prints it.
    Command(Vec<String>),
}

/// A request that brings a new token. It describes a login as well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refresh {
    /// Where it is sent, with POST.
    pub url: Url,
    /// What is sent; `{refresh}` stands for the secret.
    pub body: String,
    /// Where the refresh token or the password is kept.
    pub refresh_token: Place,
    /// Where in the answer the new token is: a JSON pointer.
    pub access: String,
    /// Where the next refresh token is, if it changes.
    pub refresh: Option<String>,
    /// Where the lifetime in seconds is.
    pub expires: Option<String>,
}

/// Where what a refresh brings is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Store {
    /// The keyring.
    Keyring,
    /// A file, which is replaced as a whole.
    File(PathBuf),
}

impl Place {
    /// Whether a secret can be put there.
    pub(super) fn can_be_written(&self) -> bool {
        matches!(self, Self::File(_) | Self::Keyring(_))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Env(name) => write!(f, "the variable {name}"),
            Self::File(path) => write!(f, "the file {}", path.display()),
            Self::Keyring(name) => write!(f, "the keyring, as {name}"),
            // Its arguments are for it alone.
            Self::Command(words) => write!(f, "the command {}", words.first().map_or("", String::as_str)),
        }
    }
}

impl fmt::Display for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Keyring => f.write_str("the keyring"),
            Self::File(path) => write!(f, "the file {}", path.display()),
        }
    }
}

impl Description {
    /// Where a person's secret is put, if it can be put anywhere.
    pub(super) fn settable(&self) -> Settable<'_> {
        let wanted = self.wanted();
        match (wanted, &self.store, &self.refresh) {
            (Some(place), _, _) if place.can_be_written() => Settable::Place(place),
            // A refresh begins with what the person gives.
            (_, Some(store), Some(_)) => Settable::Store(store),
            (place, _, _) => Settable::No(place),
        }
    }

    /// Where the secret is kept that a person gives.
    pub(super) fn wanted(&self) -> Option<&Place> {
        self.refresh.as_ref().map(|refresh| &refresh.refresh_token).or(self.value.as_ref())
    }

    /// What a person does about a secret that is missing or refused.
    pub(super) fn advice(&self) -> String {
        let name = &self.name;
        match self.settable() {
            Settable::Place(_) | Settable::Store(_) => {
                format!("put a valid one in with `stint auth set {name}`")
            }
            Settable::No(Some(Place::Env(variable))) => {
                format!("give {variable} a valid one where `stint run` is started, and start it again")
            }
            Settable::No(Some(Place::Command(words))) => {
                let program = words.first().map_or("", String::as_str);
                format!("run {program} by hand to see what it says, then `stint auth status {name}`")
            }
            Settable::No(_) => format!("say in [credentials.{name}] where it is kept"),
        }
    }
}

/// Where a person's secret can be put.
pub(super) enum Settable<'d> {
    /// Where the configuration says that it is kept.
    Place(&'d Place),
    /// Where the tokens are kept.
    Store(&'d Store),
    /// Nowhere.
    No(Option<&'d Place>),
}
