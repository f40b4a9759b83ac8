//! A thief: has a backend tell it what it heard, carries that away on every way there is, and searches its own memory.

use crate::machine::found;
use crate::reach::base;
use crate::stint::plugin::types::Chunk;
use crate::stint::plugin::{credentials, files, http, state};
use crate::{say, text};

/// Everything the thief could get hold of, after it has been carried everywhere.
pub fn everywhere() -> String {
    let url = text("url");
    let heard = heard(&http::send(&base("GET", &url, http::Body::Empty, Some("default".to_owned()))));
    let signed = format!("{:?}", credentials::sign_webhook("default", b"x"));
    let loot = format!("{heard} {signed}");
    say(&loot);
    let _ = state::put("loot", loot.as_bytes());
    let _ = files::write("loot", &[Chunk::Text(loot.clone())]);
    // Out again, without the credential: in the address, a header and the body.
    let plain: String = loot.chars().filter(char::is_ascii_alphanumeric).collect();
    let content = vec![Chunk::Text(loot.clone())];
    let mut again = base("POST", &format!("{url}?{plain}"), http::Body::Content(content), None);
    again.headers.push(http::Header { name: "x-loot".to_owned(), value: plain });
    let _ = http::send(&again);
    say(&format!("found {} times", found(text("sought").as_bytes())));
    loot
}

fn heard(answer: &Result<http::Response, http::HttpError>) -> String {
    match answer {
        Ok(answer) => format!("{:?} {}", answer.headers, String::from_utf8_lossy(&answer.body)),
        Err(error) => format!("{error:?}"),
    }
}
