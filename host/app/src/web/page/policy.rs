//! The page's style and script, and the policy that lets a browser use these two and nothing else. They stand in the
//! page itself, so that it is whole with one request; the policy names them by their hashes.

use std::sync::LazyLock;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use sha2::{Digest as _, Sha256};

pub(super) const STYLE: &str = include_str!("../../../templates/page/style.css");
pub(super) const SCRIPT: &str = include_str!("../../../templates/page/script.js");

/// The policy.
pub(super) static POLICY: LazyLock<String> = LazyLock::new(|| {
    format!(
        "default-src 'none'; style-src '{}'; script-src '{}'; connect-src 'self'; img-src 'self' data:; \
         form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        hash(STYLE),
        hash(SCRIPT)
    )
});

fn hash(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(text.as_bytes())))
}
