//! A [`Transform`] as the contract's `transformer`.

use std::marker::PhantomData;

use self::bindings::exports::stint::plugin::transformer;
use crate::transform::{Transform, Verdict};
use crate::types::{Item, Problem};
use crate::{dispatch, panic};

/// The bindings of the world `transform`.
#[allow(missing_docs, unsafe_code, unused_qualifications, reason = "generated code")]
#[allow(clippy::pedantic, clippy::undocumented_unsafe_blocks, reason = "generated code")]
#[allow(clippy::allow_attributes_without_reason, reason = "generated code")]
pub mod bindings {
    wit_bindgen::generate!({
        path: "../wit/stint-plugin-0.1",
        world: "stint:plugin/transform",
        pub_export_macro: true,
        export_macro_name: "export_transform",
        with: {
            "stint:plugin/types@0.1.0": crate::types,
            "stint:plugin/settings@0.1.0": crate::wasm::host::stint::plugin::settings,
            "stint:plugin/log@0.1.0": crate::wasm::host::stint::plugin::log,
            "stint:plugin/clock@0.1.0": crate::wasm::host::stint::plugin::clock,
            "stint:plugin/random@0.1.0": crate::wasm::host::stint::plugin::random,
            "stint:plugin/state@0.1.0": crate::wasm::host::stint::plugin::state,
            "stint:plugin/image@0.1.0": crate::wasm::host::stint::plugin::image,
        },
    });
}

/// Exports a transform; never made, only named.
pub struct TransformExport<T>(PhantomData<T>);

impl<T: Transform> transformer::Guest for TransformExport<T> {
    fn check(settings: String) -> Vec<Problem> {
        panic::install_hook();
        dispatch::check::<T>(&settings, T::check)
    }

    fn apply(item: Item) -> transformer::Verdict {
        panic::install_hook();
        match dispatch::apply::<T>(item) {
            Verdict::Keep(item) => transformer::Verdict::Keep(item),
            Verdict::Drop(reason) => transformer::Verdict::Drop(reason),
        }
    }
}
