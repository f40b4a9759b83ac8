//! The sample backend, started by hand: `cargo run -p stint-tests --bin sample-backend -- --listen 127.0.0.1:8080`.
//! It says where it listens on the first line it prints, and serves until it is told to end.

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser;
use stint_tests::backend::{Backend, Config, PASSWORD, USER};

/// A time tracker's API on loopback, which fails as it is told to.
#[derive(Parser)]
struct Arguments {
    /// Where to listen; port 0 picks one
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: String,
    /// A bearer token that is good for ever
    #[arg(long)]
    api_key: Option<String>,
    /// What issued tokens begin with
    #[arg(long, default_value = "")]
    token_prefix: String,
    /// How many requests an access token is good for
    #[arg(long)]
    token_uses: Option<u64>,
    /// Take requests without a token
    #[arg(long)]
    open: bool,
    /// Carry a request out again when its idempotency key comes again
    #[arg(long)]
    ignore_keys: bool,
}

impl Arguments {
    fn config(self) -> Config {
        Config {
            listen: self.listen,
            auth: !self.open,
            api_key: self.api_key,
            token_prefix: self.token_prefix,
            token_uses: self.token_uses,
            honours_keys: !self.ignore_keys,
            ..Config::default()
        }
    }
}

fn main() -> ExitCode {
    match run(Arguments::parse().config()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Where the error stream is gone, there is nobody to tell.
            let _ = writeln!(std::io::stderr(), "failed to {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(config: Config) -> Result<(), Box<dyn std::error::Error>> {
    let backend = Backend::with(config)?;
    let mut out = std::io::stdout();
    writeln!(out, "{}", backend.url(""))?;
    writeln!(out, "user {USER}, password {PASSWORD}")?;
    writeln!(out, "books at {}, counts at {}", backend.url("/_/ledger"), backend.url("/_/counts"))?;
    writeln!(
        out,
        "make the next start fail: curl -H 'content-type: application/json' {} -d \
         '{{\"fault\":{{\"status\":{{\"status\":503}}}},\"route\":\"start\",\"times\":1}}'",
        backend.url("/_/faults")
    )?;
    out.flush()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    runtime.block_on(tokio::signal::ctrl_c())?;
    Ok(())
}
