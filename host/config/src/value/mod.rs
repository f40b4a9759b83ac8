//! The values that are written as texts, each a type that can't hold anything wrong.

mod address;
mod credential;
mod file_path;
mod grant;
mod grant_text;
mod listen;
mod monitors;
mod name;
mod pattern;
mod period;
mod pointer;
mod proxy;
mod settings;
mod signed;
mod size;
mod wording;
mod words;

pub use address::WebAddress;
pub use credential::{SecretRef, TokenStore};
pub use file_path::FilePath;
pub use grant::{Grant, GrantedHost, Method, Scheme};
pub use listen::Listen;
pub use monitors::Monitors;
pub use name::Name;
pub use pattern::Pattern;
pub use period::Period;
pub use pointer::Pointer;
pub use proxy::Proxy;
pub use settings::Settings;
pub use signed::{Pin, PublicKey};
pub use size::ByteSize;
pub use wording::Wording;
pub(crate) use words::{Words, words, words_schema};
