//! The broker of one target: sends a request, follows it where it leads, and brings back the answer without any trace
//! of the secret that went with it.

use std::sync::Arc;

use reqwest::{Response, StatusCode};

use super::client::Client;
use super::excerpt::{Excerpts, Exchange, beginning};
use super::hop::Hop;
use super::progress::Progress;
use super::token::{Token, TokenError, Tokens};
use super::{answer, body, failure, redirect};
use crate::services::{Broker, HttpError, HttpRequest, HttpResponse, Later};

/// The broker of one target, or of one call of it: making one is cheap, what is dear is shared by the clients' clones.
pub struct EgressBroker {
    client: Client,
    tokens: Arc<dyn Tokens>,
    excerpts: Arc<dyn Excerpts>,
}

/// A target without any secret.
#[derive(Clone, Copy, Debug)]
pub struct NoTokens;

impl Tokens for NoTokens {
    fn current<'a>(&'a self, name: &'a str) -> Later<'a, Result<Token, TokenError>> {
        let missing = TokenError::NeedsLogin(format!("there is no credential `{}`", name.escape_debug()));
        Box::pin(std::future::ready(Err(missing)))
    }

    fn renewed<'a>(&'a self, _: &'a str, _: &'a Token) -> Later<'a, Result<Option<Token>, TokenError>> {
        Box::pin(std::future::ready(Ok(None)))
    }
}

impl EgressBroker {
    /// A broker over a target's connections and secrets.
    pub fn new(client: Client, tokens: Arc<dyn Tokens>, excerpts: Arc<dyn Excerpts>) -> Self {
        Self { client, tokens, excerpts }
    }
}

impl Broker for EgressBroker {
    fn send(&self, request: HttpRequest) -> Later<'_, Result<HttpResponse, HttpError>> {
        Box::pin(async move {
            let (timeout, progress) = (request.timeout, Progress::default());
            let answered = match tokio::time::timeout(timeout, self.exchange(&request, &progress)).await {
                Ok(answered) => answered,
                Err(_) if progress.has_begun() => {
                    Err(HttpError::Timeout(format!("there was no answer within {timeout:?}")))
                }
                Err(_) => Err(HttpError::Offline(format!("nothing could be sent within {timeout:?}"))),
            };
            let answered = answered.map_err(|error| self.honest(error, &progress));
            self.keep(&progress, &answered);
            answered
        })
    }
}

impl EgressBroker {
    async fn exchange(&self, request: &HttpRequest, progress: &Progress) -> Result<HttpResponse, HttpError> {
        let mut hop = Hop::first(request)?;
        let mut redirects_left = request.redirects;
        loop {
            progress.goes_to(hop.shown());
            hop.check(request)?;
            let response = self.authorized(request, &hop, progress).await?;
            match redirect::next(response.status(), response.headers(), &hop.url, &hop.method) {
                Some(next) if redirects_left > 0 => {
                    // Taken for good, unless it is to be sent again as it is.
                    if !hop.method.is_safe() && !next.as_ref().is_ok_and(|next| next.method == hop.method) {
                        progress.acted();
                    }
                    // Read to its end, the connection can be used again.
                    answer::beginning(response, &self.client.traces).await;
                    redirects_left -= 1;
                    hop = hop.then(next.map_err(HttpError::Protocol)?, request)?;
                }
                _ => return answer::whole(response, request.response_bytes_max, &self.client.traces).await,
            }
        }
    }

    /// Sends a hop with its secret, and once more with a newer one where the backend refuses it.
    async fn authorized(
        &self,
        request: &HttpRequest,
        hop: &Hop,
        progress: &Progress,
    ) -> Result<Response, HttpError> {
        let Some(name) = request.credential.as_deref().filter(|_| hop.at_home) else {
            return self.sent(request, hop, None, progress).await;
        };
        let token = self.tokens.current(name).await.map_err(HttpError::from)?;
        let response = self.sent(request, hop, Some(&token), progress).await?;
        if response.status() != StatusCode::UNAUTHORIZED {
            return Ok(response);
        }
        let refusal = answer::beginning(response, &self.client.traces).await;
        // The backend has answered that it did nothing.
        progress.goes_to(hop.shown());
        let newer = match self.tokens.renewed(name, &token).await {
            Ok(Some(newer)) => newer,
            Ok(None) => return Err(unauthorized("refused the credential", &refusal)),
            Err(TokenError::NeedsLogin(text)) => {
                return Err(HttpError::Unauthorized(format!(
                    "{text}{}",
                    after(&refusal, "; the backend said: ")
                )));
            }
            Err(error) => return Err(error.into()),
        };
        let response = self.sent(request, hop, Some(&newer), progress).await?;
        if response.status() == StatusCode::UNAUTHORIZED {
            let refusal = answer::beginning(response, &self.client.traces).await;
            let advice = self.tokens.advice(name).map(|advice| format!("; {advice}")).unwrap_or_default();
            let error = unauthorized("refused the credential, and a renewed one too", &refusal);
            return Err(failure::retold(error, |text| format!("{text}{advice}")));
        }
        Ok(response)
    }

    async fn sent(
        &self,
        request: &HttpRequest,
        hop: &Hop,
        token: Option<&Token>,
        progress: &Progress,
    ) -> Result<Response, HttpError> {
        let (mut url, mut headers) = (hop.url.clone(), hop.headers(request)?);
        if let Some(token) = token {
            self.client.traces.remember(token);
            token.scheme.attach(&token.secret, &mut url, &mut headers).map_err(HttpError::Refused)?;
        }
        let way = self.client.way(&hop.url);
        let builder = way.client.request(hop.method.clone(), url).headers(headers);
        let builder = body::with_body(builder, hop.body(request), progress).map_err(HttpError::Refused)?;
        builder.send().await.map_err(|error| match failure::meaning(error, progress.has_begun()) {
            HttpError::Offline(text) if way.by_proxy => {
                HttpError::Offline(format!("by way of the proxy: {text}"))
            }
            other => other,
        })
    }

    /// The failure as it may be told: true to what was done before, and without a secret.
    fn honest(&self, error: HttpError, progress: &Progress) -> HttpError {
        let error = if progress.has_acted() { failure::after_acting(error) } else { error };
        failure::retold(error, |text| self.client.traces.covered(text))
    }

    fn keep(&self, progress: &Progress, answered: &Result<HttpResponse, HttpError>) {
        let (outcome, body) = match answered {
            Ok(answer) => {
                let status = StatusCode::from_u16(answer.status).map(|status| status.to_string());
                (status.unwrap_or_else(|_| answer.status.to_string()), beginning(&answer.body))
            }
            Err(error) => (error.to_string(), String::new()),
        };
        let request = self.client.traces.covered(&progress.at());
        self.excerpts.keep(Exchange { request, outcome, body });
    }
}

fn unauthorized(what: &str, body: &[u8]) -> HttpError {
    HttpError::Unauthorized(format!("the backend {what} ({}){}", StatusCode::UNAUTHORIZED, after(body, ": ")))
}

/// What was said, behind this; nothing if nothing was.
fn after(body: &[u8], before: &str) -> String {
    let said = beginning(body);
    if said.trim().is_empty() { String::new() } else { format!("{before}{}", said.trim()) }
}
