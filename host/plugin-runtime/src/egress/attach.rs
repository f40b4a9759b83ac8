//! Attaching a secret to a request. It happens last, after everything a plugin could look at was made.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use stint_domain::secret::Secret;
use url::Url;

/// How a secret is attached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// `Authorization: Bearer …`.
    Bearer,
    /// `Authorization: Basic …`; without a user the secret is `user:password`.
    Basic {
        /// The user's name.
        user: Option<String>,
    },
    /// A header of its own.
    Header {
        /// Its name.
        name: String,
    },
    /// A parameter of the address.
    Query {
        /// Its name.
        name: String,
    },
}

impl Scheme {
    /// The word for it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Bearer => "bearer",
            Self::Basic { .. } => "basic",
            Self::Header { .. } => "header",
            Self::Query { .. } => "query",
        }
    }

    /// Attaches a secret. A header that the plugin set under the same name gives way.
    pub(super) fn attach(
        &self,
        secret: &Secret,
        url: &mut Url,
        headers: &mut HeaderMap,
    ) -> Result<(), String> {
        match self {
            Self::Bearer => set(headers, AUTHORIZATION, &format!("Bearer {}", secret.expose())),
            Self::Basic { user } => {
                let pair = match user {
                    Some(user) => format!("{user}:{}", secret.expose()),
                    None => secret.expose().to_owned(),
                };
                set(headers, AUTHORIZATION, &format!("Basic {}", STANDARD.encode(pair)))
            }
            Self::Header { name } => {
                let name = HeaderName::from_bytes(name.as_bytes())
                    .map_err(|_| format!("the credential's header `{name}` can't be one"))?;
                set(headers, name, secret.expose())
            }
            Self::Query { name } => {
                // One that the plugin wrote itself would say something else. Otherwise its address is left as it is.
                if url.query_pairs().any(|(key, _)| key == *name) {
                    let others: Vec<(String, String)> = url
                        .query_pairs()
                        .filter(|(key, _)| key != name)
                        .map(|(key, value)| (key.into(), value.into()))
                        .collect();
                    url.query_pairs_mut().clear().extend_pairs(others);
                }
                url.query_pairs_mut().append_pair(name, secret.expose());
                Ok(())
            }
        }
    }
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) -> Result<(), String> {
    // The text of the error doesn't repeat the value.
    let mut value = HeaderValue::from_str(value)
        .map_err(|_| "the secret has characters that no header can carry".to_owned())?;
    value.set_sensitive(true);
    headers.insert(name, value);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attached(scheme: &Scheme, secret: &str) -> Result<(String, HeaderMap), String> {
        let mut url = Url::parse("https://a.example/x?key=mine&q=1").unwrap();
        let mut headers = HeaderMap::new();
        headers.insert("x-key", HeaderValue::from_static("the plugin's"));
        scheme.attach(&Secret::new(secret.into()), &mut url, &mut headers)?;
        Ok((url.into(), headers))
    }

    #[test]
    fn a_secret_goes_where_its_scheme_says() {
        let header = |scheme: Scheme, name: &str| {
            let (url, headers) = attached(&scheme, "s3cret").unwrap();
            assert_eq!(url, "https://a.example/x?key=mine&q=1");
            headers[name].to_str().unwrap().to_owned()
        };
        assert_eq!(header(Scheme::Bearer, "authorization"), "Bearer s3cret");
        assert_eq!(
            header(Scheme::Basic { user: Some("ada".into()) }, "authorization"),
            "Basic YWRhOnMzY3JldA=="
        );
        assert_eq!(header(Scheme::Basic { user: None }, "authorization"), "Basic czNjcmV0");
        assert_eq!(header(Scheme::Header { name: "X-Key".into() }, "x-key"), "s3cret");
        let (url, _) = attached(&Scheme::Query { name: "key".into() }, "a b&c").unwrap();
        assert_eq!(url, "https://a.example/x?q=1&key=a+b%26c");
        let (url, _) = attached(&Scheme::Query { name: "token".into() }, "s3cret").unwrap();
        assert_eq!(url, "https://a.example/x?key=mine&q=1&token=s3cret");
    }

    #[test]
    fn what_no_header_can_carry_is_refused_without_being_shown() {
        let error = attached(&Scheme::Bearer, "canary\nx: y").unwrap_err();
        assert_eq!(error, "the secret has characters that no header can carry");
        assert!(attached(&Scheme::Header { name: "a b".into() }, "x").unwrap_err().contains("`a b`"));
    }
}
