//! `register!`: makes a type the plugin of its file. Whatever is wrong with it is a compile error in words.

/// Makes types the plugin of their file, one for each kind:
///
/// ```
/// # use serde::Deserialize;
/// # use stint_plugin_sdk::{Delivered, Item, Target, Transform, Undelivered, Verdict, register};
/// # #[derive(Deserialize)]
/// # struct Sender {}
/// # impl Target for Sender {
/// #     fn upload(&self, _: &Item) -> Result<Delivered, Undelivered> { Ok(Delivered::anonymous()) }
/// # }
/// # #[derive(Deserialize)]
/// # struct Cleaner {}
/// # impl Transform for Cleaner {
/// #     fn apply(&self, item: Item) -> Verdict { Verdict::Keep(item) }
/// # }
/// register!(target: Sender, transform: Cleaner);
/// # fn main() {}
/// ```
///
/// The kinds are `target`, `transform` and `policy`. Write it once, at the top level of the crate.
#[macro_export]
macro_rules! register {
    ($($kind:ident : $plugin:ty),+ $(,)?) => {
        $($crate::__register_kind!($kind, $plugin);)+
    };
    ($($anything:tt)*) => {
        ::core::compile_error!(
            "register! takes a kind and a type: `register!(target: MyTarget);`, or several: \
             `register!(target: MyTarget, transform: MyTransform);`"
        );
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __register_kind {
    (target, $plugin:ty) => {
        #[doc(hidden)]
        #[allow(dead_code, reason = "its name makes a second target a compile error")]
        struct OnlyOneTargetPerPlugin;
        const _: () = $crate::private::is_target::<$plugin>();
        $crate::__export_on_wasm!(__export_target_impl, target, TargetExport, $plugin);
    };
    (transform, $plugin:ty) => {
        #[doc(hidden)]
        #[allow(dead_code, reason = "its name makes a second transform a compile error")]
        struct OnlyOneTransformPerPlugin;
        const _: () = $crate::private::is_transform::<$plugin>();
        $crate::__export_on_wasm!(__export_transform_impl, transform, TransformExport, $plugin);
    };
    (policy, $plugin:ty) => {
        #[doc(hidden)]
        #[allow(dead_code, reason = "its name makes a second policy a compile error")]
        struct OnlyOnePolicyPerPlugin;
        const _: () = $crate::private::is_policy::<$plugin>();
        $crate::__export_on_wasm!(__export_policy_impl, policy, PolicyExport, $plugin);
    };
    ($other:ident, $plugin:ty) => {
        ::core::compile_error!(::core::concat!(
            "`",
            ::core::stringify!($other),
            "` is no kind of plugin: write `target`, `transform` or `policy`"
        ));
    };
}

/// The exports themselves. Elsewhere than on wasm32 there is no host to export to, and the type is only checked.
#[cfg(target_arch = "wasm32")]
#[doc(hidden)]
#[macro_export]
macro_rules! __export_on_wasm {
    ($export:ident, $world:ident, $adapter:ident, $plugin:ty) => {
        #[allow(unsafe_code, reason = "exported functions take pointers; the bindings are generated")]
        const _: () = {
            type Registered = $crate::wasm::$world::$adapter<$plugin>;
    $crate::$export!(Registered with_types_in $crate::wasm::$world::bindings);
        };
    };
}

#[cfg(not(target_arch = "wasm32"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __export_on_wasm {
    ($export:ident, $world:ident, $adapter:ident, $plugin:ty) => {};
}

/// What the macro calls.
#[doc(hidden)]
pub mod private {
    use crate::{Policy, Target, Transform};

    /// Compiles for targets only.
    pub const fn is_target<T: Target>() {}

    /// Compiles for transforms only.
    pub const fn is_transform<T: Transform>() {}

    /// Compiles for policies only.
    pub const fn is_policy<P: Policy>() {}
}
