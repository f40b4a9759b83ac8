//! What a backend is like before anything is switched.

/// The user whom `POST /auth/login` knows.
pub const USER: &str = "ada@example.com";
/// That user's password.
pub const PASSWORD: &str = "correct horse";

/// What a backend is like. Faults are switched while it runs.
#[derive(Clone, Debug)]
pub struct Config {
    /// The address to listen on; port 0 picks one.
    pub listen: String,
    /// Whether requests need a bearer token. A bench without tokens sets it to false.
    pub auth: bool,
    /// A token that is good for ever, beside those that are issued.
    pub api_key: Option<String>,
    /// What every issued token begins with: a canary's name, for a test that looks where tokens end up.
    pub token_prefix: String,
    /// How many requests an access token is good for; without a number, until it is told to expire.
    pub token_uses: Option<u64>,
    /// The `expiresIn` that is answered with every token, in seconds. It is said, not kept: nothing here reads a clock.
    pub expires_in_s: u64,
    /// Whether a repeated `Idempotency-Key` is answered as the first time, without another effect. A backend without
    /// that has to be asked first (`GET /time-entries?key=…`), or doubles.
    pub honours_keys: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:0".to_owned(),
            auth: true,
            api_key: None,
            token_prefix: String::new(),
            token_uses: None,
            expires_in_s: 3600,
            honours_keys: true,
        }
    }
}
