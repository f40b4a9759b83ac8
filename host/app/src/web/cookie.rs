//! The session's cookie. Cookies know no ports: every server of this machine's name gets every such cookie, so its name
//! holds the port, and it is worth nothing without the checks of [`super::origin`].

use axum::http::{HeaderMap, header};

use super::keyring::SESSION_LIFE;

fn name(port: u16) -> String {
    format!("stint-{port}")
}

/// What a browser is told to keep. Scripts can't read it, and no other site's request carries it.
pub(super) fn to_set(port: u16, session: &str) -> String {
    let seconds = SESSION_LIFE.0 / 1_000;
    format!("{}={session}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict", name(port))
}

/// The session that a request names.
pub(super) fn session(port: u16, heads: &HeaderMap) -> Option<&str> {
    let name = name(port);
    let cookies = heads.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs =
        cookies.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_comes_back_among_others_and_for_its_port_alone() {
        let mut heads = HeaderMap::new();
        heads.append(header::COOKIE, "a=1; stint-80=other".parse().unwrap());
        heads.append(header::COOKIE, "b; stint-7468=mine;c=2".parse().unwrap());
        assert_eq!(session(7468, &heads), Some("mine"));
        assert_eq!(session(80, &heads), Some("other"));
        assert_eq!(session(746, &heads), None);
        let told = to_set(7468, "mine");
        assert_eq!(told, "stint-7468=mine; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict");
    }
}
