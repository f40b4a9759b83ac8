//! Connections whose proxy asks who we are: made when the login can be read, and made anew when another one was put in.

use std::sync::Arc;

use tokio::sync::Mutex;

use super::entry::Entry;
use crate::egress::{Client, ClientError, TokenError, WayOut};
use crate::grants::Grants;

/// Connections of one target, or of the operator's own requests.
pub struct Connections {
    way: WayOut,
    /// What may be reached; nothing where the operator wrote the address.
    grants: Option<Arc<Grants>>,
    /// The credential of the proxy, if it has one.
    login: Option<Arc<Entry>>,
    /// What was made, and which login it has.
    made: Mutex<Option<(Client, Option<LoginId>)>>,
}

/// Tells one login from the next: how often it was put in, and which token of it that is.
type LoginId = (u64, u64);

impl Connections {
    /// Connections over this way. What is wrong with the way shows at once, and not when it is gone.
    pub(super) fn new(
        way: WayOut,
        grants: Option<Arc<Grants>>,
        login: Option<Arc<Entry>>,
    ) -> Result<Self, ClientError> {
        let client = made(&way, grants.as_ref())?;
        let made = login.is_none().then_some((client, None));
        Ok(Self { way, grants, login, made: Mutex::new(made) })
    }

    /// The connections as they are now.
    pub async fn client(&self) -> Result<Client, TokenError> {
        let (login, id) = match &self.login {
            None => (None, None),
            Some(entry) => {
                let version = entry.version();
                let token = entry.current().await.map_err(of_the_proxy)?;
                let id = (version, token.generation);
                (Some(token), Some(id))
            }
        };
        let mut kept = self.made.lock().await;
        if let Some((client, _)) = kept.as_ref().filter(|(_, known)| *known == id) {
            return Ok(client.clone());
        }
        let mut way = self.way.clone();
        if let Some(token) = &login {
            way.proxy = way.proxy.with_login(token);
        }
        let client =
            made(&way, self.grants.as_ref()).map_err(|error| TokenError::Unavailable(error.to_string()))?;
        if let Some(token) = &login {
            client.remember(token);
        }
        *kept = Some((client.clone(), id));
        Ok(client)
    }
}

fn made(way: &WayOut, grants: Option<&Arc<Grants>>) -> Result<Client, ClientError> {
    match grants {
        Some(grants) => Client::new(way, Arc::clone(grants)),
        None => Client::for_operator(way),
    }
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
