//! A vault over one credential, a clock that is set by hand, and a folder for what is kept.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use stint_plugin_runtime::egress::{ProxyWay, Scheme, Tokens as _, WayOut};
use stint_plugin_runtime::services::Clock;
use stint_plugin_runtime::vault::{Description, Keyring, Place, Refresh, Store, TargetCredentials, Vault};
use tempfile::TempDir;
use url::Url;

/// A clock that is set by hand.
#[derive(Debug, Default)]
pub(crate) struct HandClock(AtomicU64);

impl HandClock {
    pub(crate) fn forward(&self, by: Duration) {
        self.0.fetch_add(u64::try_from(by.as_nanos()).unwrap(), Ordering::SeqCst);
    }
}

impl Clock for HandClock {
    fn now_unix_ms(&self) -> i64 {
        1_700_000_000_000 + i64::try_from(self.monotonic_ns() / 1_000_000).unwrap()
    }

    fn monotonic_ns(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }

    fn timezone(&self) -> String {
        "UTC".to_owned()
    }

    fn utc_offset_s(&self, _: &str, _: i64) -> Option<i32> {
        Some(0)
    }
}

/// What a test works with.
pub(crate) struct World {
    pub(crate) folder: TempDir,
    pub(crate) clock: Arc<HandClock>,
    pub(crate) keyring: Keyring,
}

pub(crate) const WAY: WayOut = WayOut { proxy: ProxyWay::Off, extra_roots: None };

impl World {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let missing = Keyring::by("/nonexistent/secret-tool", Duration::from_mins(1));
        Self { folder, clock: Arc::default(), keyring: missing }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A file with this content, for its owner alone.
    pub(crate) fn file(&self, name: &str, content: &str) -> PathBuf {
        use std::os::unix::fs::PermissionsExt as _;
        let path = self.path(name);
        std::fs::write(&path, content).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        path
    }

    pub(crate) fn vault(&self, descriptions: Vec<Description>) -> Vault {
        Vault::new(descriptions, &WAY, self.keyring.clone(), Arc::clone(&self.clock) as _).unwrap()
    }

    /// A login at an address, whose password is in `password` and whose tokens are kept in `tokens`.
    pub(crate) fn login(&self, url: &str) -> Description {
        Description {
            value: None,
            refresh: Some(Refresh {
                url: Url::parse(url).unwrap(),
                body: r#"{"refreshToken":"{refresh}"}"#.to_owned(),
                refresh_token: Place::File(self.path("password")),
                access: "/accessToken".to_owned(),
                refresh: Some("/refreshToken".to_owned()),
                expires: Some("/expiresIn".to_owned()),
            }),
            store: Some(Store::File(self.path("tokens"))),
            ..kept(Place::Env("UNUSED".to_owned()))
        }
    }
}

/// The credential `work`, kept there.
pub(crate) fn kept(value: Place) -> Description {
    Description {
        name: "work".to_owned(),
        scheme: Scheme::Bearer,
        public_id: Some("ada".to_owned()),
        value: Some(value),
        refresh: None,
        store: None,
    }
}

/// The credentials of a target whose plugin says `default` for `work`.
pub(crate) fn target(vault: &Vault) -> TargetCredentials {
    vault.for_target([("default", "work")])
}

/// What counts now, or why nothing does.
pub(crate) async fn current(vault: &Vault) -> Result<String, String> {
    let token = target(vault).current("default").await;
    token.map(|token| token.secret.expose().to_owned()).map_err(|error| format!("{error:?}"))
}
