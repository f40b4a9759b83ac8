//! One credential at work: what counts now, and one refresh for all who find it out of date.
//!
//! Whatever waits for a program, a keyring or a login server runs in a task of its own. A caller that gives up doesn't
//! stop it: the server may have made the old token void by then, and the new one has to be kept.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex as StdMutex, PoisonError};

use stint_domain::secret::Secret;
use tokio::sync::Mutex;

use super::connections::Connections;
use super::description::{Description, Settable};
use super::keyring::Keyring;
use super::pause::Pause;
use super::refresh::{self, Brought, Nothing};
use super::stored::Stored;
use super::{Place, Refresh, VaultError};
use crate::egress::{Token, TokenError};
use crate::services::{Clock, Later};

/// So many secrets that tokens were got with are known to whoever covers them.
const KIN_MAX: usize = 4;
/// A token is renewed so long before its end that a request which begins now still finds it valid.
const BEFORE_END_NS: u64 = 30_000_000_000;

/// One credential at work.
pub(super) struct Entry {
    pub(super) description: Description,
    pub(super) keyring: Keyring,
    /// By which a new token is asked for.
    connections: StdMutex<Arc<Connections>>,
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
    /// What is known without waiting.
    seen: StdMutex<Seen>,
    /// How often somebody has put something else where it is kept.
    version: AtomicU64,
}

/// What is known of a credential without its secret.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    pub(super) expires_at_unix_ms: Option<i64>,
    /// Why it can't be used, as it was found last.
    pub(super) problem: Option<String>,
    /// Why what a refresh brought could not be kept.
    pub(super) not_kept: Option<String>,
}

#[derive(Default)]
struct State {
    token: Option<Token>,
    /// Counts the tokens, and never goes back.
    generation: u64,
    /// What the next token is got with, where it isn't what the configuration names.
    refresh: Option<Secret>,
    ends_at_ns: Option<u64>,
    /// What tokens were got with lately, the latest last.
    kin: Vec<Arc<Secret>>,
    pause: Pause,
}

impl State {
    /// A token was got with this, or the next one will be.
    fn used(&mut self, secret: Option<Secret>) {
        self.kin.extend(secret.map(Arc::new));
        let surplus = self.kin.len().saturating_sub(KIN_MAX);
        self.kin.drain(..surplus);
    }
}

impl Entry {
    pub(super) fn new(
        description: Description,
        keyring: Keyring,
        connections: Arc<Connections>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            description,
            keyring,
            connections: StdMutex::new(connections),
            clock,
            state: Mutex::default(),
            seen: StdMutex::default(),
            version: AtomicU64::new(0),
        }
    }

    /// What is known of it now.
    pub(super) fn seen(&self) -> Seen {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// It goes this way to the network from now on.
    pub(super) fn go_by(&self, connections: &Arc<Connections>) {
        *self.connections.lock().unwrap_or_else(PoisonError::into_inner) = Arc::clone(connections);
    }

    /// How often somebody has put something else where it is kept.
    pub(super) fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }

    /// The token that counts now. (A future of a named type: to get one, the token of the proxy may be needed first.)
    pub(super) fn current(self: &Arc<Self>) -> Later<'_, Result<Token, TokenError>> {
        Box::pin(async move {
            {
                let state = self.state.lock().await;
                if let Some(token) = state.token.as_ref().filter(|_| !self.ends(&state)) {
                    return Ok(token.clone());
                }
            }
            let this = Arc::clone(self);
            let found = tokio::spawn(async move {
                let mut state = this.state.lock().await;
                let found = this.found(&mut state).await;
                this.note(&state, found.as_ref().err());
                found
            });
            found.await.unwrap_or_else(|_| Err(lost()))
        })
    }

    /// A newer one than what was refused; nothing where there is none.
    pub(super) async fn renewed(self: &Arc<Self>, refused: u64) -> Result<Option<Token>, TokenError> {
        let this = Arc::clone(self);
        let renewed = tokio::spawn(async move {
            let mut state = this.state.lock().await;
            // Somebody else was first, and it is as good for us.
            if let Some(token) = state.token.as_ref().filter(|token| token.generation > refused) {
                return Ok(Some(token.clone()));
            }
            let renewed = match &this.description.refresh {
                Some(refresh) => this.refreshed(&mut state, refresh).await.map(Some),
                None => this.read_again(&mut state).await,
            };
            this.note(&state, renewed.as_ref().err());
            renewed
        });
        renewed.await.unwrap_or_else(|_| Err(lost()))
    }

    /// Somebody has put something else where it is kept.
    pub(super) async fn forget_what_is_known(&self) {
        let mut state = self.state.lock().await;
        *state = State { generation: state.generation, ..State::default() };
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Seen::default();
        self.version.fetch_add(1, Ordering::AcqRel);
    }

    /// Puts a person's secret where the configuration says that it is kept, and takes away what came of an older one.
    pub(super) async fn set(&self, secret: &Secret) -> Result<String, VaultError> {
        let _nobody_refreshes = self.state.lock().await;
        let (description, keyring) = (&self.description, &self.keyring);
        match description.settable() {
            Settable::Place(place) => {
                place.write(secret, keyring).await?;
                if let Some(store) = &description.store {
                    store.remove(&description.name, keyring).await?;
                }
                Ok(place.to_string())
            }
            Settable::Store(store) => {
                let kept = Stored { refresh: Some(secret.clone()), ..Stored::default() };
                store.write(&description.name, &kept, keyring).await?;
                Ok(store.to_string())
            }
            Settable::No(place) => Err(self.not_settable(place)),
        }
    }

    /// Whether a person's secret can be put anywhere.
    pub(super) fn can_be_set(&self) -> Result<(), VaultError> {
        match self.description.settable() {
            Settable::No(place) => Err(self.not_settable(place)),
            _ => Ok(()),
        }
    }

    fn not_settable(&self, place: Option<&Place>) -> VaultError {
        VaultError::NotSettable {
            name: self.description.name.clone(),
            place: place.map_or_else(|| "no place".to_owned(), ToString::to_string),
            advice: self.description.advice(),
        }
    }

    /// Takes everything away that stint has put somewhere; whether there was anything.
    pub(super) async fn remove(&self) -> Result<bool, VaultError> {
        let _nobody_refreshes = self.state.lock().await;
        let (description, keyring) = (&self.description, &self.keyring);
        let mut found = false;
        if let Some(store) = &description.store {
            found |= store.remove(&description.name, keyring).await?;
        }
        match (description.settable(), found) {
            (Settable::Place(place), _) => found |= place.remove(keyring).await?,
            (Settable::No(place), false) => return Err(self.not_settable(place)),
            _ => {}
        }
        Ok(found)
    }

    /// The first token of this run, or the one after the last has ended.
    async fn found(&self, state: &mut State) -> Result<Token, TokenError> {
        if let Some(token) = state.token.clone() {
            let (Some(refresh), true) = (&self.description.refresh, self.ends(state)) else {
                return Ok(token);
            };
            // The old one may still do when no new one can be had; its backend says so otherwise.
            return Ok(self.refreshed(state, refresh).await.unwrap_or(token));
        }
        if let Some(error) = state.pause.holds(self.clock.monotonic_ns()) {
            return Err(error);
        }
        let Some(refresh) = &self.description.refresh else {
            let secret = self.read(state).await?;
            return Ok(self.taken(state, secret));
        };
        if let Some(access) = self.kept(state).await? {
            return Ok(self.taken(state, access));
        }
        match &self.description.value {
            Some(value) => match value.read(&self.keyring).await {
                Ok(secret) => Ok(self.taken(state, secret)),
                // The first token may be a login's.
                Err(_) => self.refreshed(state, refresh).await,
            },
            None => self.refreshed(state, refresh).await,
        }
    }

    /// What an earlier run has kept.
    async fn kept(&self, state: &mut State) -> Result<Option<Secret>, TokenError> {
        let Some(store) = &self.description.store else { return Ok(None) };
        let kept = match store.read(&self.description.name, &self.keyring).await {
            Ok(kept) => kept.unwrap_or_default(),
            Err(error) => return Err(self.failed(state, &error.to_string())),
        };
        state.refresh = kept.refresh;
        state.used(state.refresh.clone());
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).expires_at_unix_ms = kept.expires_at_unix_ms;
        let left_ms = kept.expires_at_unix_ms.map(|at| at.saturating_sub(self.clock.now_unix_ms()).max(0));
        let left_ns = left_ms.map(|left| u64::try_from(left).unwrap_or(0).saturating_mul(1_000_000));
        state.ends_at_ns = left_ns.map(|left| self.clock.monotonic_ns().saturating_add(left));
        Ok(kept.access)
    }

    /// The secret from where it is kept.
    async fn read(&self, state: &mut State) -> Result<Secret, TokenError> {
        let Some(value) = &self.description.value else {
            return Err(self.failed(state, "it is kept nowhere"));
        };
        match value.read(&self.keyring).await {
            Ok(secret) => Ok(secret),
            Err(error) => Err(self.failed(state, &error.to_string())),
        }
    }

    /// Without a refresh, somebody may have put another secret where the refused one was.
    async fn read_again(&self, state: &mut State) -> Result<Option<Token>, TokenError> {
        if let Some(error) = state.pause.holds(self.clock.monotonic_ns()) {
            return Err(error);
        }
        let secret = self.read(state).await?;
        if state.token.as_ref().is_some_and(|token| token.secret.matches(&secret)) {
            return Err(self.failed(state, "the backend refuses it"));
        }
        Ok(Some(self.taken(state, secret)))
    }

    /// Gets a new token, keeps it, and only then hands it out.
    async fn refreshed(&self, state: &mut State, refresh: &Refresh) -> Result<Token, TokenError> {
        if let Some(error) = state.pause.holds(self.clock.monotonic_ns()) {
            return Err(error);
        }
        let brought = self.brought(state, refresh).await?;
        state.ends_at_ns = brought.lifetime.map(|lifetime| {
            let lifetime = u64::try_from(lifetime.as_nanos()).unwrap_or(u64::MAX);
            self.clock.monotonic_ns().saturating_add(lifetime)
        });
        let expires = brought.lifetime.map(|lifetime| {
            let lifetime = i64::try_from(lifetime.as_millis()).unwrap_or(i64::MAX);
            self.clock.now_unix_ms().saturating_add(lifetime)
        });
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).expires_at_unix_ms = expires;
        if let Some(next) = brought.refresh {
            state.refresh = Some(next);
        }
        self.keep(state, Some(&brought.access), expires).await;
        Ok(self.taken(state, brought.access))
    }

    /// Asks with what was brought last, and with what the configuration names where that isn't taken any more: a person
    /// may have put a new one there.
    async fn brought(&self, state: &mut State, refresh: &Refresh) -> Result<Brought, TokenError> {
        let named = match refresh.refresh_token.read(&self.keyring).await {
            Ok(named) => Some(named),
            Err(error) if state.refresh.is_none() => return Err(self.failed(state, &error.to_string())),
            Err(_) => None,
        };
        let known = state.refresh.clone();
        let repeated = |named: &Secret| known.as_ref().is_some_and(|known| known.matches(named));
        let tries: Vec<Secret> =
            known.clone().into_iter().chain(named.filter(|named| !repeated(named))).collect();
        let connections = Arc::clone(&self.connections.lock().unwrap_or_else(PoisonError::into_inner));
        let client = connections.client().await;
        let client = client.map_err(|error| self.unavailable(state, &error.to_string()))?;
        let mut refused = String::new();
        for secret in &tries {
            state.used(Some(secret.clone()));
            match refresh::ask(&client, refresh, secret).await {
                Ok(brought) => {
                    state.used(brought.refresh.clone());
                    return Ok(brought);
                }
                Err(Nothing::Refused(reason)) => refused = reason,
                Err(Nothing::Away(reason)) => return Err(self.unavailable(state, &reason)),
                Err(Nothing::Odd { reason, refresh: next }) => {
                    if let Some(next) = next {
                        state.refresh = Some(next);
                        self.keep(state, None, None).await;
                    }
                    return Err(self.odd(state, &reason));
                }
            }
        }
        Err(self.failed(state, &refused))
    }

    /// Keeps what was brought. It counts also when that fails: the older one may be void.
    async fn keep(&self, state: &State, access: Option<&Secret>, expires_at_unix_ms: Option<i64>) {
        let Some(store) = &self.description.store else { return };
        let kept = Stored { access: access.cloned(), refresh: state.refresh.clone(), expires_at_unix_ms };
        let written = store.write(&self.description.name, &kept, &self.keyring).await;
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).not_kept =
            written.err().map(|error| error.to_string());
    }

    fn taken(&self, state: &mut State, secret: Secret) -> Token {
        state.generation += 1;
        state.pause.over();
        let scheme = self.description.scheme.clone();
        let token =
            Token { scheme, secret: Arc::new(secret), generation: state.generation, kin: state.kin.clone() };
        state.token = Some(token.clone());
        token
    }

    fn ends(&self, state: &State) -> bool {
        let now = self.clock.monotonic_ns().saturating_add(BEFORE_END_NS);
        state.ends_at_ns.is_some_and(|end| end <= now)
    }

    /// A person has to do something about the secret.
    fn failed(&self, state: &mut State, reason: &str) -> TokenError {
        let (name, advice) = (&self.description.name, self.description.advice());
        self.paused(
            state,
            TokenError::NeedsLogin(format!("the credential `{name}` can't be used: {reason}; {advice}")),
        )
    }

    /// A person has to do something about the configuration.
    fn odd(&self, state: &mut State, reason: &str) -> TokenError {
        let name = &self.description.name;
        let advice = format!(
            "look at `refresh` in [credentials.{name}], then put in a valid one with `stint auth set {name}`"
        );
        self.paused(
            state,
            TokenError::NeedsLogin(format!("the credential `{name}` can't be renewed: {reason}; {advice}")),
        )
    }

    fn unavailable(&self, state: &mut State, reason: &str) -> TokenError {
        let name = &self.description.name;
        self.paused(
            state,
            TokenError::Unavailable(format!("the credential `{name}` can't be renewed now: {reason}")),
        )
    }

    fn paused(&self, state: &mut State, error: TokenError) -> TokenError {
        state.pause.fail(error.clone(), self.clock.monotonic_ns());
        error
    }

    fn note(&self, state: &State, error: Option<&TokenError>) {
        let problem = error.or_else(|| state.pause.last()).map(ToString::to_string);
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).problem = problem;
    }
}

fn lost() -> TokenError {
    TokenError::Unavailable("the work on the credential was lost; it is tried again".to_owned())
}
