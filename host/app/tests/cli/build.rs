//! What keeps `stint plugin build` from making a file, each with its reason and its remedy. Nothing is ever left
//! where a host might take it for a plugin.

use crate::support::Workshop;

/// A project of its own name, because all tests share one folder of build results.
fn project(name: &str) -> Workshop {
    let workshop = Workshop::new();
    workshop.stint(&format!("plugin new {name} --kind target")).ok();
    workshop
}

fn made_nothing(workshop: &Workshop, name: &str) {
    assert!(!workshop.path(&format!("{name}/target/{name}.wasm")).exists());
}

#[test]
fn a_folder_without_a_plugin_says_how_to_begin_one() {
    let workshop = Workshop::new();
    workshop.stint("plugin build nowhere").failed(
        65,
        "error: failed to build a plugin: there is no nowhere/plugin.toml (No such file or directory (os error 2))\n \
         hint: name the folder that plugin.toml is in, or begin one with `stint plugin new NAME --kind target`\n",
    );
}

#[test]
fn a_manifest_that_cannot_be_read_says_why() {
    let workshop = Workshop::new();
    let utf_16: Vec<u8> = "name = \"x\"".encode_utf16().flat_map(u16::to_le_bytes).collect();
    workshop.write("utf/plugin.toml", [&[0xff, 0xfe], &utf_16[..]].concat());
    workshop.stint("plugin build utf").failed(
        65,
        "error: failed to read utf/plugin.toml: stream did not contain valid UTF-8\n hint: save it as UTF-8\n",
    );
    std::fs::create_dir_all(workshop.path("folder/plugin.toml")).unwrap();
    workshop.stint("plugin build folder").failed(
        65,
        "error: failed to read folder/plugin.toml: it is no plain file\n hint: move what is there out of the way, and \
         write the file\n",
    );
}

#[test]
fn a_mistake_in_the_manifest_is_told_before_anything_is_compiled() {
    let workshop = project("bad-manifest");
    for (right, wrong, meant) in [
        ("\"time-entry\"", "\"time-entri\"", "time-entry"),
        ("idempotency =", "idempotence =", "idempotency"),
    ] {
        workshop.replace("bad-manifest/plugin.toml", right, wrong);
        let said = workshop.stint("plugin build bad-manifest");
        assert!(!said.stderr.contains("Compiling"), "{}", said.stderr);
        assert!(said.stderr.contains(&format!("did you mean `{meant}`?")), "{}", said.stderr);
        assert_eq!(said.code, 65);
        workshop.replace("bad-manifest/plugin.toml", wrong, right);
    }
}

/// The first `rustc` in the path has neither the target nor a linker that knows WebAssembly, as Debian's own has.
#[test]
fn a_tool_chain_that_is_not_whole_is_told_before_anything_is_compiled() {
    let workshop = project("no-toolchain");
    workshop.write("bin/rustc", "#!/bin/sh\n[ \"$*\" = '--print sysroot' ] && echo /nowhere\n");
    let line = "chmod +x ../bin/rustc; PATH=$PWD/../bin:$PATH stint plugin build";
    workshop.shell("no-toolchain".as_ref(), line).failed(
        69,
        "error: failed to find a Rust here that builds for wasm32-unknown-unknown\n hint: install Rust from \
         https://rustup.rs and run `rustup target add wasm32-unknown-unknown`; where rustup can't download the target, \
         Debian and Ubuntu have `apt install rustc-web cargo-web rust-web-src`, which is needed beside rustup's Rust\n",
    );
}

#[test]
fn what_does_not_compile_is_left_to_the_compiler_to_explain() {
    let workshop = project("no-compile");
    workshop.replace(
        "no-compile/src/lib.rs",
        "register!(target: NoCompileTarget);",
        "register!(policy: NoCompileTarget);",
    );
    let said = workshop.stint("plugin build no-compile");
    assert!(said.stderr.contains("`NoCompileTarget` is not a policy yet"), "{}", said.stderr);
    said.failed(65, "error: failed to compile the plugin; the compiler's messages are above\n");
    made_nothing(&workshop, "no-compile");
}

#[test]
fn a_library_that_registers_nothing_is_told_to() {
    let workshop = project("unregistered");
    workshop.replace("unregistered/src/lib.rs", "register!(target: UnregisteredTarget);", "");
    let said = workshop.stint("plugin build unregistered");
    said.failed(
        65,
        "error: failed to make a component: this library registers no plugin\n hint: write \
         `stint_plugin_sdk::register!(target: MyTarget);` at the top level of src/lib.rs\n",
    );
    made_nothing(&workshop, "unregistered");
}

#[test]
fn a_library_that_cargo_makes_no_module_of_is_told_to() {
    let workshop = project("not-a-module");
    workshop.replace("not-a-module/Cargo.toml", "crate-type = [\"cdylib\"]", "");
    workshop.stint("plugin build not-a-module").failed(
        65,
        "it has no library of the type cdylib\n hint: add `[lib]` with `crate-type = [\"cdylib\"]` to Cargo.toml\n",
    );
}

#[test]
fn a_kind_without_its_code_is_told_in_the_contracts_words() {
    let workshop = project("missing-kind");
    workshop.replace("missing-kind/plugin.toml", "kinds = [\"target\"]", "kinds = [\"target\", \"policy\"]");
    let said = workshop.stint("plugin build missing-kind");
    assert!(
        said.stderr.contains("the manifest says it is a policy, so it has to export `planner`"),
        "{}",
        said.stderr
    );
    assert_eq!(said.code, 65);
    made_nothing(&workshop, "missing-kind");
}

#[test]
fn an_import_that_no_host_has_is_named() {
    let workshop = project("foreign");
    workshop.replace(
        "foreign/src/lib.rs",
        "impl Target for ForeignTarget {",
        "#[link(wasm_import_module = \"env\")]\nunsafe extern \"C\" {\n    fn getrandom(to: *mut u8, len: usize);\n}\n\n\
         impl Target for ForeignTarget {",
    );
    workshop.replace(
        "foreign/src/lib.rs",
        "let entry = &time_entry.entry;",
        "let mut byte = 0;\n        unsafe { getrandom(&mut byte, 1) };\n        let entry = &time_entry.entry;",
    );
    workshop.stint("plugin build foreign").failed(
        65,
        "error: failed to make a component: it imports `env.getrandom`, which stint doesn't have\n hint: leave out the \
         dependency that needs it; time, randomness and the network come from the SDK\n",
    );
    made_nothing(&workshop, "foreign");
}

#[test]
fn the_file_can_be_put_elsewhere_and_replaces_an_older_one_whole() {
    let workshop = project("elsewhere");
    workshop.write("plugins/elsewhere.wasm", "an older build");
    let said = workshop.stint("plugin build elsewhere --out plugins --quiet").ok();
    assert_eq!(said.stderr, "");
    assert!(
        said.stdout.starts_with("Built plugins/elsewhere.wasm\n\nplugin    elsewhere 0.1.0 (target)\n"),
        "{}",
        said.stdout
    );
    let left: Vec<_> = std::fs::read_dir(workshop.path("plugins")).unwrap().collect();
    assert_eq!(left.len(), 1, "{left:?}");
    assert!(std::fs::metadata(workshop.path("plugins/elsewhere.wasm")).unwrap().len() > 10_000);
}
