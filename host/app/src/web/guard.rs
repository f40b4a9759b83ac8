//! Stands before everything that loopback serves: looks where a request was meant to go and where it comes from, then
//! at its key. What isn't let in never reaches a handler.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{cookie, door::Door, keyring::Session, origin};
use crate::api::Problem;

/// The head in which a script of our page says its session's word. Forms have a field for it.
const CSRF: &str = "stint-csrf";
/// Where forms of our page are sent. What reads them checks their field.
pub(super) const FORMS: &str = "/do/";

/// Who asks.
#[derive(Clone)]
pub(super) enum Who {
    /// A program with the token.
    Program,
    /// A browser that came in by a link.
    Browser(Session),
}

/// Lets in whoever may come in.
pub(super) async fn guard(State(door): State<Door>, request: Request, next: Next) -> Response {
    let Some(address) = door.address() else {
        return Problem::try_again(&"failed to take the request: the page is about to end").into_response();
    };
    let (parts, body) = request.into_parts();
    if let Err(foreign) = origin::check(&parts, address) {
        return Problem::forbidden(&foreign).into_response();
    }
    let path = parts.uri.path();
    let who = who(&door, address.port(), &parts.headers);
    let is_open = matches!(path, "/enter" | "/healthz" | "/readyz");
    let who = match who {
        Ok(who) => Some(who),
        Err(_) if is_open => None,
        Err(_) if path == "/" && !parts.headers.contains_key(header::AUTHORIZATION) => {
            return super::enter::closed();
        }
        Err(problem) => return problem.into_response(),
    };
    if let Some(Who::Browser(session)) = &who
        && !is_harmless(&parts.method)
        && !path.starts_with(FORMS)
        && !says_its_word(session, &parts.headers)
    {
        let detail =
            format!("failed to take the request: with a cookie it needs the head {CSRF} of our own page");
        return Problem::forbidden(&detail).into_response();
    }
    let mut request = Request::from_parts(parts, body);
    if let Some(who) = who {
        request.extensions_mut().insert(who);
    }
    next.run(request).await
}

fn is_harmless(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

fn says_its_word(session: &Session, heads: &HeaderMap) -> bool {
    heads.get(CSRF).and_then(|word| word.to_str().ok()).is_some_and(|word| session.wrote(word))
}

/// Who asks. A token that is wrong isn't made up for by a cookie.
fn who(door: &Door, port: u16, heads: &HeaderMap) -> Result<Who, Problem> {
    if let Some(value) = heads.get(header::AUTHORIZATION) {
        let token = value.to_str().ok().and_then(|value| value.split_once(' '));
        return match token {
            Some((scheme, token))
                if scheme.eq_ignore_ascii_case("bearer") && door.has_token(token.trim()) =>
            {
                Ok(Who::Program)
            }
            _ => Err(Problem::no_key(&"failed to let the request in: its token is not this host's")),
        };
    }
    let session = cookie::session(port, heads).and_then(|name| door.session(name));
    session
        .map(Who::Browser)
        .ok_or_else(|| Problem::no_key(&"failed to let the request in: it has neither a token nor a session"))
}
