//! `[credentials.NAME]`: how a secret is attached to a request, and where it is kept.

use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    decode::{Reader, Section},
    diagnose::{Code, Finding},
    value::{Pointer, SecretRef, TokenStore, WebAddress, Wording, words},
};

/// How a secret is attached to a request, and where it is kept. The plugin never sees it.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Credential {
    /// How it is attached.
    pub scheme: CredentialScheme,
    /// The name of the header or of the parameter, for `header` and `query`.
    pub name: Option<Wording>,
    /// The user's name, for `basic`. Without one, the secret itself is `user:password`.
    pub user: Option<Wording>,
    /// A part that isn't secret and that the plugin may know, such as the id of an access key.
    pub public_id: Option<Wording>,
    /// Where the secret is kept: one of `env`, `file`, `keyring` and `command`.
    pub value: Option<SecretRef>,
    /// How a new token is got when the old one has expired.
    pub refresh: Option<Refresh>,
    /// Where new tokens are written: `keyring`, or a file. Without it they are lost when stint ends.
    pub store: Option<TokenStore>,
}

/// A request that brings a new token. It describes a login as well.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Refresh {
    /// Where it is sent, with POST.
    pub url: WebAddress,
    /// What is sent; `{refresh}` stands for the secret.
    pub body: String,
    /// Where the refresh token or the password is kept.
    pub refresh_token: SecretRef,
    /// Where in the answer the new token is.
    pub access: Pointer,
    /// Where in the answer the next refresh token is, if it changes.
    pub refresh: Option<Pointer>,
    /// Where in the answer the lifetime in seconds is.
    pub expires: Option<Pointer>,
}

words! {
    /// How a secret is attached to a request.
    pub enum CredentialScheme {
        /// `Authorization: Bearer …`.
        Bearer = "bearer",
        /// `Authorization: Basic …`.
        Basic = "basic",
        /// A header of its own.
        Header = "header",
        /// A parameter of the address.
        Query = "query",
    }
}

impl CredentialScheme {
    /// The word for it.
    pub fn word(self) -> &'static str {
        use crate::value::Words;
        Self::WORDS.iter().find(|(_, scheme)| *scheme == self).map_or("", |(word, _)| word)
    }

    fn is_named(self) -> bool {
        matches!(self, Self::Header | Self::Query)
    }
}

impl Section for Credential {
    fn read(reader: &mut Reader<'_, '_, '_>) -> Self {
        let scheme = reader.required("scheme", "\"bearer\" (or basic, header, query)");
        let name = read_name(reader, scheme);
        let user = reader.optional("user");
        if let (Some(scheme), true) = (scheme, reader.has("user")) {
            only_for(reader, "user", scheme, scheme == CredentialScheme::Basic, "basic");
        }
        let public_id = reader.optional("public_id");
        let refresh = reader.optional_section::<RefreshParts>("refresh");
        // A login or refresh can bring the first token too; without one, the secret has to be somewhere.
        let value = if refresh.is_some() && !reader.has("value") {
            reader.optional::<Nothing>("value");
            None
        } else {
            SecretRef::read(reader, "value")
        };
        let store = TokenStore::read(reader, "store");
        if reader.has("store") && refresh.is_none() && !reader.has("refresh") {
            let finding =
                Finding::error(Code::Conflict, "`store` keeps what a refresh brings, and there is none");
            reader.complain_of_key("store", finding.hint("take it out, or add `refresh`"));
        }
        let refresh = refresh.and_then(RefreshParts::complete);
        Self {
            scheme: scheme.unwrap_or(CredentialScheme::Bearer),
            name,
            user,
            public_id,
            value,
            refresh,
            store,
        }
    }
}

fn read_name(reader: &mut Reader<'_, '_, '_>, scheme: Option<CredentialScheme>) -> Option<Wording> {
    match scheme {
        Some(scheme) if scheme.is_named() => {
            let what = if scheme == CredentialScheme::Header { "\"X-Api-Key\"" } else { "\"api_key\"" };
            let name: Option<Wording> = reader.required("name", what);
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~!#$%&'*+^`|".contains(&byte);
            if let Some(name) = &name
                && !name.as_str().bytes().all(plain)
            {
                let message = format!("`{name}` can't be the name of a {}", scheme.word());
                let hint = "letters, digits, - and _, without spaces";
                reader.complain("name", Finding::error(Code::BadValue, message).hint(hint));
            }
            name
        }
        Some(scheme) => {
            only_for(reader, "name", scheme, false, "header` and `query");
            reader.optional("name")
        }
        None => reader.optional("name"),
    }
}

/// A key that means something for some schemes alone.
fn only_for(reader: &mut Reader<'_, '_, '_>, key: &str, scheme: CredentialScheme, fits: bool, schemes: &str) {
    if reader.has(key) && !fits {
        let message = format!("`{key}` says nothing for the scheme `{}`", scheme.word());
        let finding = Finding::error(Code::Conflict, message);
        reader.complain_of_key(key, finding.hint(format!("it is for `{schemes}`; take it out")));
    }
}

/// A refresh, as far as it could be read.
struct RefreshParts {
    url: Option<WebAddress>,
    body: Option<String>,
    refresh_token: Option<SecretRef>,
    access: Option<Pointer>,
    refresh: Option<Pointer>,
    expires: Option<Pointer>,
}

impl RefreshParts {
    fn complete(self) -> Option<Refresh> {
        Some(Refresh {
            url: self.url?,
            body: self.body?,
            refresh_token: self.refresh_token?,
            access: self.access?,
            refresh: self.refresh,
            expires: self.expires,
        })
    }
}

/// Where the secret stands in what is sent.
const PLACEHOLDER: &str = "{refresh}";

impl Section for RefreshParts {
    fn read(reader: &mut Reader<'_, '_, '_>) -> Self {
        let url = reader.required("url", "\"https://login.example.com/token\"");
        let example = "'{\"refreshToken\":\"{refresh}\"}'";
        let body = reader.required::<Body>("body", example).map(|Body(text)| text);
        if body.as_ref().is_some_and(|body| !body.contains(PLACEHOLDER)) {
            let finding = Finding::error(Code::Missing, format!("{PLACEHOLDER} doesn't stand in `body`"));
            reader.complain("body", finding.hint(format!("it stands for the secret: for example {example}")));
        }
        Self {
            url,
            body,
            refresh_token: SecretRef::read(reader, "refresh_token"),
            access: reader.required("access", "\"/accessToken\", where the answer has the token"),
            refresh: reader.optional("refresh"),
            expires: reader.optional("expires"),
        }
    }
}

/// What is sent to get a token.
struct Body(String);

impl crate::decode::FromText for Body {
    fn expected() -> String {
        "a text with {refresh} in it".to_owned()
    }

    fn from_text(text: &str) -> Result<Self, crate::decode::Fault> {
        Ok(Self(text.to_owned()))
    }
}

/// Stands for a key that is known and not written.
struct Nothing;

impl crate::decode::FromText for Nothing {
    fn expected() -> String {
        String::new()
    }

    fn from_text(_: &str) -> Result<Self, crate::decode::Fault> {
        Ok(Self)
    }
}
