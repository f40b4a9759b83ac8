//! The contract as Rust types, generated from `wit/stint-plugin-0.1`.
//!
//! One world that includes all three kinds gives one set of types: an item is the same type in a target's call and
//! in a transform's. No plugin exports all of it; each kind is found by its own interface's indices.

#![expect(missing_docs, reason = "generated code; the WIT files hold the documentation")]

wasmtime::component::bindgen!({
    inline: "
        package stint:host;
        world plugin {
            include stint:plugin/target@0.1.0;
            include stint:plugin/transform@0.1.0;
            include stint:plugin/policy@0.1.0;
        }
    ",
    path: "../../wit/stint-plugin-0.1",
    world: "stint:host/plugin",
    // What may have to wait is async; what only looks at memory is not, which makes it cheap.
    imports: {
        "stint:plugin/types.[method]attachment.read": async | trappable,
        "stint:plugin/http.send": async | trappable,
        "stint:plugin/credentials.sign-aws4": async | trappable,
        "stint:plugin/credentials.sign-webhook": async | trappable,
        "stint:plugin/files": async | trappable,
        "stint:plugin/image.[static]picture.decode": async | trappable,
        "stint:plugin/image.[method]picture.blur": async | trappable,
        "stint:plugin/image.[method]picture.pixelate": async | trappable,
        "stint:plugin/image.[method]picture.fill": async | trappable,
        "stint:plugin/image.[method]picture.scale": async | trappable,
        "stint:plugin/image.[method]picture.encode": async | trappable,
        default: trappable,
    },
    exports: { default: async },
    with: {
        "stint:plugin/types.attachment": crate::attachment::Attached,
        "stint:plugin/image.picture": crate::imports::image::Held,
    },
});
