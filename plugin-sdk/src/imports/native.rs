//! The host's functions outside WebAssembly: the fake host of the thread that calls.
//! `imports/wasm.rs` has the same functions for the sandbox.

use std::cell::RefCell;
use std::rc::Rc;

use crate::credentials::Info;
use crate::http::{Error, Request, Response};
use crate::log::Level;
use crate::testing::World;
use crate::types::{Chunk, UnixMs};
use crate::{files, state};

pub(crate) use crate::testing::{Attachment, Picture};

thread_local! {
    static WORLD: RefCell<Option<Rc<RefCell<World>>>> = const { RefCell::new(None) };
}

/// Puts a fake host in place for this thread, or takes it away; answers whether there was one before.
pub(crate) fn set_world(world: Option<Rc<RefCell<World>>>) -> bool {
    WORLD.with_borrow_mut(|current| std::mem::replace(current, world)).is_some()
}

/// Runs with the thread's fake host.
#[track_caller]
pub(crate) fn world<R>(run: impl FnOnce(&mut World) -> R) -> R {
    let world = WORLD.with_borrow(Clone::clone).unwrap_or_else(|| {
        panic!(
            "the plugin called its host, and there is none: begin the test with \
             `let host = stint_plugin_sdk::testing::Host::new();`"
        )
    });
    run(&mut world.borrow_mut())
}

pub(crate) fn settings_json() -> String {
    world(|world| world.settings.clone())
}

pub(crate) fn log_write(level: Level, message: &str, fields: &[(&str, &str)]) {
    world(|world| world.write_log(level, message, fields));
}

pub(crate) fn clock_now() -> UnixMs {
    world(|world| world.now)
}

pub(crate) fn clock_monotonic() -> u64 {
    world(|world| world.monotonic_ns)
}

pub(crate) fn clock_timezone() -> String {
    world(|world| world.timezone.clone())
}

pub(crate) fn clock_utc_offset(zone: &str, at: UnixMs) -> Option<i32> {
    world(|world| world.utc_offset(zone, at))
}

pub(crate) fn random_bytes(len: u32) -> Vec<u8> {
    world(|world| world.random_bytes(len))
}

pub(crate) fn http_send(request: Request<'_>) -> Result<Response, Error> {
    world(|world| world.network.send(request))
}

pub(crate) fn credentials_describe(name: &str) -> Option<Info> {
    world(|world| world.credentials.get(name).map(|credential| credential.info.clone()))
}

pub(crate) fn credentials_sign_aws4(
    name: &str,
    date: &str,
    region: &str,
    service: &str,
    message: &str,
) -> Result<Vec<u8>, String> {
    world(|world| world.sign(name, &[date, region, service, message].join("\n").into_bytes()))
}

pub(crate) fn credentials_sign_webhook(name: &str, message: &[u8]) -> Result<Vec<u8>, String> {
    world(|world| world.sign(name, message))
}

pub(crate) fn state_get(key: &str) -> Option<Vec<u8>> {
    world(|world| world.memory.get(key))
}

pub(crate) fn state_put(key: &str, value: &[u8]) -> Result<(), state::Error> {
    world(|world| world.memory.put(key, value))
}

#[expect(clippy::unnecessary_wraps, reason = "the real host may refuse; both have one signature")]
pub(crate) fn state_delete(key: &str) -> Result<(), state::Error> {
    world(|world| world.memory.delete(key));
    Ok(())
}

pub(crate) fn state_keys(prefix: &str, after: Option<&str>, limit: u32) -> Vec<String> {
    world(|world| world.memory.keys(prefix, after, limit))
}

pub(crate) fn files_exists(path: &str) -> Result<bool, files::Error> {
    world(|world| world.folder.exists(path))
}

pub(crate) fn files_append(
    path: &str,
    expected_length: u64,
    content: Vec<Chunk<'_>>,
) -> Result<u64, files::Error> {
    world(|world| world.folder.append(path, expected_length, content))
}

pub(crate) fn files_write(path: &str, content: Vec<Chunk<'_>>) -> Result<(), files::Error> {
    world(|world| world.folder.write(path, content))
}
