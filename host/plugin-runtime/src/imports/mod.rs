//! The host's side of each interface a plugin can import, one file each. Every function asks the grants first, then
//! keeps the budget, then does the work; a plugin that passes a bound which its interface has no error for is ended.

mod attachment;
mod chunks;
mod clock;
mod credentials;
mod files;
pub(crate) mod http;
pub(crate) mod image;
mod log;
mod random;
mod settings;
pub(crate) mod state;

use wasmtime::component::{HasSelf, Linker};

use crate::bindings::stint::plugin;
use crate::sandbox::Sandbox;

/// A bound that the plugin went over where its interface has no error to tell it by.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct OverBound(pub(crate) String);

/// Puts every interface of the contract into a linker. What a plugin imports and isn't granted is refused when it is
/// called, not here.
pub(crate) fn add_all(linker: &mut Linker<Sandbox>) -> wasmtime::Result<()> {
    type Own = HasSelf<Sandbox>;
    fn own(sandbox: &mut Sandbox) -> &mut Sandbox {
        sandbox
    }
    plugin::types::add_to_linker::<_, Own>(linker, own)?;
    plugin::settings::add_to_linker::<_, Own>(linker, own)?;
    plugin::log::add_to_linker::<_, Own>(linker, own)?;
    plugin::clock::add_to_linker::<_, Own>(linker, own)?;
    plugin::random::add_to_linker::<_, Own>(linker, own)?;
    plugin::http::add_to_linker::<_, Own>(linker, own)?;
    plugin::credentials::add_to_linker::<_, Own>(linker, own)?;
    plugin::state::add_to_linker::<_, Own>(linker, own)?;
    plugin::files::add_to_linker::<_, Own>(linker, own)?;
    plugin::image::add_to_linker::<_, Own>(linker, own)
}
