//! Secrets that are refused: renewed once, sent again once.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use crate::server::{Server, answer};
use crate::stage::{Stage, post};
use stint_domain::secret::Secret;
use stint_plugin_runtime::egress::{Scheme, Token, TokenError, Tokens};
use stint_plugin_runtime::services::{HttpError, Later};

/// Tokens that count up.
#[derive(Default)]
struct Counting {
    generation: AtomicU64,
    refuses: Mutex<Option<TokenError>>,
}

impl Counting {
    fn token(&self) -> Token {
        let generation = self.generation.load(Ordering::SeqCst);
        Token {
            scheme: Scheme::Bearer,
            secret: Arc::new(Secret::new(format!("token-{generation}"))),
            generation,
            kin: Vec::new(),
        }
    }
}

impl Tokens for Counting {
    fn current<'a>(&'a self, _: &'a str) -> Later<'a, Result<Token, TokenError>> {
        Box::pin(std::future::ready(Ok(self.token())))
    }

    fn renewed<'a>(&'a self, _: &'a str, refused: &'a Token) -> Later<'a, Result<Option<Token>, TokenError>> {
        let renewed = if let Some(error) = self.refuses.lock().unwrap().clone() {
            Err(error)
        } else {
            self.generation.store(refused.generation + 1, Ordering::SeqCst);
            Ok(Some(self.token()))
        };
        Box::pin(std::future::ready(renewed))
    }
}

fn with_tokens(server: &Server) -> (Stage, Arc<Counting>) {
    let tokens = Arc::new(Counting::default());
    let stage = Stage::new(&[&server.url("")]);
    (Stage { tokens: Arc::clone(&tokens) as _, ..stage }, tokens)
}

#[tokio::test]
async fn a_refused_token_is_renewed_and_the_same_request_sent_again() {
    let server = Server::new(|seen| match seen.header("authorization").as_str() {
        "Bearer token-1" => answer(200, &[], "in; you were token-0 before, now token-1"),
        _ => answer(401, &[], "no"),
    })
    .await;
    let (stage, _) = with_tokens(&server);
    let answered = stage.send(post(&server.url("/"), "text")).await.unwrap();
    assert_eq!(answered.body, b"in; you were ******* before, now *******", "both are covered");
    let seen = server.seen();
    assert_eq!(seen.len(), 2);
    assert!(seen.iter().all(|seen| seen.body == b"text"));
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_renewed_token_that_is_refused_too_ends_it() {
    let server = Server::new(|_| answer(401, &[], "token-1 is locked")).await;
    let (stage, _) = with_tokens(&server);
    let error = stage.send(post(&server.url("/"), "text")).await.unwrap_err();
    let text =
        "the backend refused the credential, and a renewed one too (401 Unauthorized): ******* is locked";
    assert_eq!(error, HttpError::Unauthorized(text.to_owned()));
    assert_eq!(server.seen().len(), 2, "once more and no more");
    assert!(!error.may_have_arrived());
}

#[tokio::test]
async fn what_can_not_be_renewed_is_told_as_it_is() {
    let server = Server::new(|_| answer(401, &[], "")).await;
    let (stage, tokens) = with_tokens(&server);
    *tokens.refuses.lock().unwrap() = Some(TokenError::Unavailable("the login server is away".into()));
    let error = stage.send(post(&server.url("/"), "text")).await.unwrap_err();
    assert_eq!(error, HttpError::Offline("the login server is away".to_owned()));
    *tokens.refuses.lock().unwrap() = Some(TokenError::NeedsLogin("run `stint auth set work`".into()));
    let error = stage.send(post(&server.url("/"), "text")).await.unwrap_err();
    assert_eq!(error, HttpError::Unauthorized("run `stint auth set work`".to_owned()));
    let missing = Stage::new(&[&server.url("")]);
    let error = missing.send(post(&server.url("/"), "text")).await.unwrap_err();
    assert_eq!(error, HttpError::Unauthorized("there is no credential `default`".to_owned()));
}
