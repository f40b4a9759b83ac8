//! The system's keyring, by way of libsecret's own program `secret-tool`.
//!
//! A program rather than a library: there is no D-Bus connection in the process that holds the tokens, nothing to build
//! against, and a keyring that asks somebody for a password who isn't there is ended with the program after a while. A
//! secret goes in and out through pipes; the arguments, which others can see, hold names alone.

use std::time::Duration;

use stint_domain::secret::Secret;

use super::VaultError;
use super::place::secret;
use super::program::{self, Program, Said};

/// A keyring that is open answers in milliseconds. One that isn't may ask a person.
const WITHIN: Duration = Duration::from_secs(15);
const INSTALL: &str = "install libsecret-tools, or keep the credential in a file: value = { file = \"…\" }";
const UNLOCK: &str = "unlock it by logging in to the desktop, or keep the credential in a file where nobody logs in: \
                      value = { file = \"…\" }";

/// The system's keyring.
#[derive(Clone, Debug)]
pub struct Keyring {
    program: String,
    within: Duration,
}

impl Default for Keyring {
    fn default() -> Self {
        Self { program: "secret-tool".to_owned(), within: WITHIN }
    }
}

impl Keyring {
    /// Another program that understands the same words.
    pub fn by(program: impl Into<String>, within: Duration) -> Self {
        Self { program: program.into(), within }
    }

    /// The secret of a name.
    pub(super) async fn read(&self, name: &str) -> Result<Secret, VaultError> {
        let said = self.run(&["lookup"], name, None).await?;
        if said.status.success() && !said.output.is_empty() {
            return secret(&said.output, &format!("the keyring, as {name}"));
        }
        // It says nothing where there is nothing, and something where the keyring is out of reach.
        match said.complaint.as_str() {
            "" => Err(VaultError::NotInKeyring { name: name.to_owned() }),
            complaint => Err(out_of_reach(complaint)),
        }
    }

    /// Puts a secret under a name.
    pub(super) async fn write(&self, name: &str, value: &Secret) -> Result<(), VaultError> {
        let label = format!("--label=stint: {name}");
        let said = self.run(&["store", &label], name, Some(value)).await?;
        if said.status.success() { Ok(()) } else { Err(self.unable(&said)) }
    }

    /// Takes a name away; whether it was there.
    pub(super) async fn remove(&self, name: &str) -> Result<bool, VaultError> {
        match self.read(name).await {
            Err(VaultError::NotInKeyring { .. }) => return Ok(false),
            Err(VaultError::Empty { .. } | VaultError::NotText { .. } | VaultError::Unsendable { .. })
            | Ok(_) => {}
            Err(error) => return Err(error),
        }
        let said = self.run(&["clear"], name, None).await?;
        if said.status.success() { Ok(true) } else { Err(self.unable(&said)) }
    }

    fn unable(&self, said: &Said) -> VaultError {
        match said.complaint.as_str() {
            "" => VaultError::Failed { program: self.program.clone(), status: program::ending(said.status) },
            complaint => out_of_reach(complaint),
        }
    }

    async fn run(&self, verb: &[&str], name: &str, input: Option<&Secret>) -> Result<Said, VaultError> {
        let words = [&[self.program.as_str()], verb, &["service", "stint", "account", name]].concat();
        let words: Vec<String> = words.into_iter().map(str::to_owned).collect();
        let input = input.map(|secret| secret.expose().as_bytes());
        let ran = program::run(Program { words: &words, input, within: self.within, listens: true }).await;
        ran.map_err(|error| match error {
            VaultError::NoProgram { program, source } => {
                VaultError::NoKeyring { reason: format!("{program} can't be run: {source}"), hint: INSTALL }
            }
            VaultError::TooSlow { within, .. } => VaultError::NoKeyring {
                reason: format!(
                    "it didn't answer within {within:?}, so it is locked and asks for its password"
                ),
                hint: UNLOCK,
            },
            other => other,
        })
    }
}

fn out_of_reach(complaint: &str) -> VaultError {
    let told = complaint.trim_start_matches("secret-tool: ").trim();
    VaultError::NoKeyring { reason: told.to_owned(), hint: UNLOCK }
}
