//! The border of the sandbox: bindings generated from the contract, and adapters that let a plugin be exported.
//!
//! The bindings share one set of types: those of [`crate::types`], built in place. The host interfaces are bound
//! once, in `host`; each kind's world binds its export and points back at that.

pub mod policy;
pub mod target;
pub mod transform;

/// The host's interfaces, all of them. A plugin's file imports only what it calls.
#[allow(missing_docs, unsafe_code, unreachable_pub, unused_qualifications, reason = "generated code")]
#[allow(clippy::pedantic, clippy::undocumented_unsafe_blocks, reason = "generated code")]
#[allow(clippy::allow_attributes_without_reason, reason = "generated code")]
pub(crate) mod host {
    wit_bindgen::generate!({
        path: "../wit/stint-plugin-0.1",
        inline: "
            package stint:plugin-sdk;
            world host {
                import stint:plugin/settings@0.1.0;
                import stint:plugin/log@0.1.0;
                import stint:plugin/clock@0.1.0;
                import stint:plugin/random@0.1.0;
                import stint:plugin/http@0.1.0;
                import stint:plugin/credentials@0.1.0;
                import stint:plugin/state@0.1.0;
                import stint:plugin/files@0.1.0;
                import stint:plugin/image@0.1.0;
            }
        ",
        world: "stint:plugin-sdk/host",
        generate_all,
    });
}
