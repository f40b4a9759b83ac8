//! The target's credential: a bearer token of the backend, which can be renewed as long as the backend allows it.

use std::sync::{Arc, Mutex};

use stint_domain::secret::Secret;
use stint_plugin_runtime::egress::{Scheme, Token, TokenError, Tokens};
use stint_plugin_runtime::services::Later;
use stint_tests::backend::Backend;

/// The token that counts.
pub(crate) struct Login {
    backend: Arc<Backend>,
    current: Mutex<Token>,
    renews: bool,
}

impl Login {
    pub(crate) fn new(backend: Arc<Backend>, renews: bool) -> Self {
        let current = Mutex::new(token(&backend, 0));
        Self { backend, current, renews }
    }
}

fn token(backend: &Backend, generation: u64) -> Token {
    Token {
        scheme: Scheme::Bearer,
        secret: Arc::new(Secret::new(backend.log_in().access)),
        generation,
        kin: Vec::new(),
    }
}

impl Tokens for Login {
    fn current<'a>(&'a self, _name: &'a str) -> Later<'a, Result<Token, TokenError>> {
        Box::pin(async { Ok(self.current.lock().unwrap().clone()) })
    }

    fn renewed<'a>(
        &'a self,
        _name: &'a str,
        refused: &'a Token,
    ) -> Later<'a, Result<Option<Token>, TokenError>> {
        Box::pin(async {
            if !self.renews {
                return Ok(None);
            }
            let renewed = token(&self.backend, refused.generation + 1);
            *self.current.lock().unwrap() = renewed.clone();
            Ok(Some(renewed))
        })
    }
}
