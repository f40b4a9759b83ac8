//! The model of `stint.toml`: one file a table. A doc comment here is also what an editor shows for the key.

mod activity;
mod capture;
mod control;
mod credential;
mod extension;
mod identity;
mod limits;
mod log;
mod network;
mod plugins;
mod root;
mod storage;
mod sync;
mod target;
mod timer;

pub use activity::Activity;
pub use capture::{Capture, CaptureSource, ExcludeAction, Exclusion, HiddenArea, OnlyWhile, PictureFormat};
pub use control::Control;
pub use credential::{Credential, CredentialScheme, Refresh};
pub use extension::Extension;
pub use identity::Identity;
pub use limits::{Limits, PluginLimits};
pub use log::{Log, LogFormat, LogLevel};
pub use network::Network;
pub use plugins::Plugins;
pub use root::Config;
pub use storage::Storage;
pub use sync::Sync;
pub use target::Target;
pub use timer::{OnQuit, OnSleep, Timer};
