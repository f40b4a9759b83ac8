//! Connections whose proxy asks who we are: made when the login can be read, and made anew when another one was put in.

use std::sync::{Arc, Mutex, PoisonError};

use super::entry::Entry;
use crate::egress::{Client, ClientError, Token, TokenError, WayOut};
use crate::grants::Grants;

/// Connections of one target, or of the operator's own requests.
pub struct Connections {
    way: WayOut,
    /// What may be reached; nothing where the operator wrote the address.
    grants: Option<Arc<Grants>>,
    /// The credential of the proxy, if it has one.
    login: Option<Arc<Entry>>,
    /// What was made, and the generation of the login that it has.
    made: Mutex<Option<(Client, Option<u64>)>>,
}

impl Connections {
    /// Connections over this way. What is wrong with the way shows at once, and not when it is gone.
    pub(super) fn new(
        way: WayOut,
        grants: Option<Arc<Grants>>,
        login: Option<Arc<Entry>>,
    ) -> Result<Self, ClientError> {
        let client = made(&way, grants.as_ref(), None)?;
        let made = login.is_none().then_some((client, None));
        Ok(Self { way, grants, login, made: Mutex::new(made) })
    }

    /// The connections as they are now.
    pub async fn client(&self) -> Result<Client, TokenError> {
        let login = match &self.login {
            None => None,
            Some(entry) => Some(entry.current().await.map_err(of_the_proxy)?),
        };
        let generation = login.as_ref().map(|token| token.generation);
        let mut kept = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((client, _)) = kept.as_ref().filter(|(_, known)| *known == generation) {
            return Ok(client.clone());
        }
        let client = made(&self.way, self.grants.as_ref(), login.as_ref())
            .map_err(|error| TokenError::Unavailable(error.to_string()))?;
        *kept = Some((client.clone(), generation));
        Ok(client)
    }
}

fn made(way: &WayOut, grants: Option<&Arc<Grants>>, login: Option<&Token>) -> Result<Client, ClientError> {
    let mut way = way.clone();
    if let Some(token) = login {
        way.proxy = way.proxy.with_login(token);
    }
    let client = match grants {
        Some(grants) => Client::new(&way, Arc::clone(grants)),
        None => Client::for_operator(&way),
    }?;
    if let Some(token) = login {
        client.remember(token);
    }
    Ok(client)
}

fn of_the_proxy(error: TokenError) -> TokenError {
    let told = |why: String| format!("the proxy's login is missing: {why}");
    match error {
        TokenError::NeedsLogin(why) => TokenError::NeedsLogin(told(why)),
        TokenError::Unavailable(why) => TokenError::Unavailable(told(why)),
    }
}

impl std::fmt::Debug for Connections {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connections").field("way", &self.way).finish_non_exhaustive()
    }
}
