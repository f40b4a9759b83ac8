//! A [`Target`] as the contract's `uploader`.

use std::marker::PhantomData;

use self::bindings::exports::stint::plugin::uploader;
use crate::target::{Delivered, Finding, Target, Undelivered};
use crate::types::{Failure, Item, Problem};
use crate::{dispatch, panic};

/// The bindings of the world `target`.
#[allow(missing_docs, unsafe_code, unused_qualifications, reason = "generated code")]
#[allow(clippy::pedantic, clippy::undocumented_unsafe_blocks, reason = "generated code")]
#[allow(clippy::allow_attributes_without_reason, reason = "generated code")]
pub mod bindings {
    wit_bindgen::generate!({
        path: "../wit/stint-plugin-0.1",
        world: "stint:plugin/target",
        pub_export_macro: true,
        export_macro_name: "export_target",
        with: {
            "stint:plugin/types@0.1.0": crate::types,
            "stint:plugin/settings@0.1.0": crate::wasm::host::stint::plugin::settings,
            "stint:plugin/log@0.1.0": crate::wasm::host::stint::plugin::log,
            "stint:plugin/clock@0.1.0": crate::wasm::host::stint::plugin::clock,
            "stint:plugin/random@0.1.0": crate::wasm::host::stint::plugin::random,
            "stint:plugin/http@0.1.0": crate::wasm::host::stint::plugin::http,
            "stint:plugin/credentials@0.1.0": crate::wasm::host::stint::plugin::credentials,
            "stint:plugin/state@0.1.0": crate::wasm::host::stint::plugin::state,
            "stint:plugin/files@0.1.0": crate::wasm::host::stint::plugin::files,
        },
    });
}

/// Exports a target; never made, only named.
pub struct TargetExport<T>(PhantomData<T>);

impl<T: Target> uploader::Guest for TargetExport<T> {
    fn check(settings: String) -> Vec<Problem> {
        panic::install_hook();
        dispatch::check::<T>(&settings, T::check)
    }

    fn probe() -> Result<(), Failure> {
        panic::install_hook();
        dispatch::probe::<T>()
    }

    fn upload(batch: Vec<Item>) -> Vec<uploader::Outcome> {
        panic::install_hook();
        dispatch::upload::<T>(&batch).into_iter().map(uploader::Outcome::from).collect()
    }

    fn lookup(item: Item) -> Result<uploader::Finding, Failure> {
        panic::install_hook();
        dispatch::lookup::<T>(&item).map(uploader::Finding::from)
    }
}

impl From<Result<Delivered, Undelivered>> for uploader::Outcome {
    fn from(outcome: Result<Delivered, Undelivered>) -> Self {
        match outcome {
            Ok(Delivered::Stored(remote_id)) => Self::Delivered(remote_id),
            Ok(Delivered::Superseded) => Self::Superseded,
            Err(Undelivered::Retry(failure)) => Self::Retry(failure),
            Err(Undelivered::Reject(failure)) => Self::Reject(failure),
            Err(Undelivered::Unknown(failure)) => Self::Unknown(failure),
        }
    }
}

impl From<Finding> for uploader::Finding {
    fn from(finding: Finding) -> Self {
        match finding {
            Finding::Found { remote_id, current } => Self::Found(uploader::Found { remote_id, current }),
            Finding::Absent => Self::Absent,
        }
    }
}
