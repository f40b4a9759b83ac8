//! Through which proxy a request goes, if it goes through one.

use http::Uri;
use hyper_util::client::proxy::matcher::Matcher;
use stint_domain::secret::Secret;
use url::Url;

use super::attach::Scheme;
use super::client::ClientError;
use super::token::Token;

/// Through which proxy.
#[derive(Clone, Debug, Default)]
pub enum ProxyWay {
    /// The one that the environment names, if it does.
    #[default]
    System,
    /// None.
    Off,
    /// This one.
    At(ProxyAt),
}

/// A proxy that the configuration names.
#[derive(Clone, Debug)]
pub struct ProxyAt {
    url: Url,
    login: Option<(String, Secret)>,
}

impl ProxyWay {
    /// The proxy at an address. A login in it is kept as a secret.
    pub fn at(url: &Url) -> Self {
        let mut plain = url.clone();
        let login = url
            .password()
            .or_else(|| (!url.username().is_empty()).then_some(""))
            .map(|password| (decoded(url.username()), Secret::new(decoded(password))));
        // An address that can't have a login has none to take out.
        let _either_way = plain.set_username("").and_then(|()| plain.set_password(None));
        Self::At(ProxyAt { url: plain, login })
    }

    /// The same with this login; a system's proxy has its own.
    pub fn with_login(self, token: &Token) -> Self {
        let Self::At(at) = self else { return self };
        let secret = token.secret.expose();
        let (user, password) = match &token.scheme {
            Scheme::Basic { user: Some(user) } => (user.as_str(), secret),
            _ => secret.split_once(':').unwrap_or((secret, "")),
        };
        Self::At(ProxyAt { login: Some((user.to_owned(), Secret::new(password.to_owned()))), ..at })
    }
}

fn decoded(part: &str) -> String {
    percent_encoding::percent_decode_str(part).decode_utf8_lossy().into_owned()
}

/// What a way means for a client's builder.
pub(super) struct Chosen {
    /// Which requests go through a proxy.
    matcher: Matcher,
    /// What the builder is told; nothing for the system's.
    pub(super) proxy: Option<reqwest::Proxy>,
    /// The hosts of the proxies.
    pub(super) hosts: Vec<String>,
}

impl Chosen {
    /// Nothing where there is no proxy at all.
    pub(super) fn of(way: &ProxyWay) -> Result<Option<Self>, ClientError> {
        let (matcher, proxy) = match way {
            ProxyWay::Off => return Ok(None),
            ProxyWay::System => (Matcher::from_system(), None),
            ProxyWay::At(at) => {
                let made = reqwest::Proxy::all(at.url.clone()).map_err(|error| ClientError::Proxy {
                    url: at.url.clone(),
                    reason: super::failure::chain(&error),
                })?;
                let made = match &at.login {
                    Some((user, password)) => made.basic_auth(user, password.expose()),
                    None => made,
                };
                (Matcher::builder().all(at.url.to_string()).build(), Some(made))
            }
        };
        let mut hosts: Vec<String> = ["http://host.invalid/", "https://host.invalid/"]
            .into_iter()
            .filter_map(|probe| matcher.intercept(&Uri::from_static(probe)))
            .filter_map(|found| found.uri().host().map(str::to_owned))
            .collect();
        hosts.dedup();
        Ok((!hosts.is_empty()).then_some(Self { matcher, proxy, hosts }))
    }

    /// Whether a request to this address goes through a proxy.
    pub(super) fn takes(&self, url: &Url) -> bool {
        let Ok(uri) = url.as_str().parse::<Uri>() else { return false };
        self.matcher.intercept(&uri).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_is_taken_out_of_the_address_and_shown_nowhere() {
        let way = ProxyWay::at(&Url::parse("http://ada:hunter%20two@proxy.example:3128").unwrap());
        let shown = format!("{way:?}");
        assert!(!shown.contains("hunter") && shown.contains("proxy.example"), "{shown}");
        let ProxyWay::At(at) = &way else { panic!("{way:?}") };
        let (user, password) = at.login.as_ref().unwrap();
        assert_eq!((user.as_str(), password.expose()), ("ada", "hunter two"));
        assert_eq!(at.url.as_str(), "http://proxy.example:3128/");
        let chosen = Chosen::of(&way).unwrap().unwrap();
        assert_eq!(chosen.hosts, ["proxy.example"]);
        assert!(chosen.takes(&Url::parse("https://api.example.com/x").unwrap()));
        assert!(Chosen::of(&ProxyWay::Off).unwrap().is_none());
        for (scheme, secret) in [
            (Scheme::Basic { user: Some("eve".into()) }, "two words"),
            (Scheme::Basic { user: None }, "eve:two words"),
        ] {
            let token =
                Token { scheme, secret: Secret::new(secret.into()).into(), generation: 0, kin: Vec::new() };
            let ProxyWay::At(at) = way.clone().with_login(&token) else { panic!("{way:?}") };
            let (user, password) = at.login.unwrap();
            assert_eq!((user.as_str(), password.expose()), ("eve", "two words"));
        }
    }
}
