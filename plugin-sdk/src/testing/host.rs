//! The fake host of one test.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use serde::Serialize;

use super::calls::{PolicyCalls, TargetCalls, TransformCalls};
use super::network::{Reply, Sent};
use super::picture::Edit;
use super::world::{Credential, Line, World};
use crate::credentials::Info;
use crate::types::UnixMs;
use crate::{files, imports};

/// A fake host for the thread that made it. It goes away when it is dropped, and fails the test then if a reply
/// was queued that no request used.
pub struct Host {
    world: Rc<RefCell<World>>,
}

impl Host {
    /// A host with empty settings, no credential, an empty folder, and noon of 2026-03-02 in UTC on its clock.
    #[track_caller]
    #[expect(
        clippy::new_without_default,
        reason = "a host is in force as long as it lives; it is no plain value"
    )]
    pub fn new() -> Self {
        let world = Rc::new(RefCell::new(World::new()));
        let was_there = imports::set_world(Some(Rc::clone(&world)));
        assert!(!was_there, "this test already has a fake host: drop it before making another");
        Self { world }
    }

    /// What the operator wrote under `settings`.
    #[track_caller]
    pub fn set_settings<T: Serialize + ?Sized>(&self, settings: &T) {
        match serde_json::to_string(settings) {
            Ok(text) => self.world.borrow_mut().settings = text,
            Err(error) => panic!("these settings can't be written as JSON: {error}"),
        }
    }

    /// Sets the wall clock.
    pub fn set_now(&self, now: UnixMs) {
        self.world.borrow_mut().now = now;
    }

    /// Lets time pass, on both clocks.
    pub fn advance(&self, span: Duration) {
        let mut world = self.world.borrow_mut();
        world.now += i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
        world.monotonic_ns += u64::try_from(span.as_nanos()).unwrap_or(u64::MAX);
    }

    /// Sets the machine's time zone, and what any zone's distance from UTC is at a moment.
    pub fn set_timezone(&self, name: &str, offset_s: impl Fn(&str, UnixMs) -> Option<i32> + 'static) {
        let mut world = self.world.borrow_mut();
        name.clone_into(&mut world.timezone);
        world.zones = Box::new(offset_s);
    }

    /// Gives the target a credential, and the answer of anything signed with it.
    pub fn add_credential(&self, name: &str, info: Info, signature: &[u8]) {
        let credential = Credential { info, signature: signature.to_vec() };
        self.world.borrow_mut().credentials.insert(name.to_owned(), credential);
    }

    /// The messages that were signed, each with its credential's name. For AWS the date, region, service and
    /// message, a line each.
    pub fn signed(&self) -> Vec<(String, Vec<u8>)> {
        self.world.borrow().signed.clone()
    }

    /// Queues what the next request without a reply is answered with.
    pub fn reply(&self, reply: Reply) {
        self.world.borrow_mut().network.replies.push_back(reply);
    }

    /// The requests so far.
    pub fn requests(&self) -> Vec<Sent> {
        self.world.borrow().network.sent.clone()
    }

    /// The one request so far; any other number fails the test.
    #[track_caller]
    pub fn request(&self) -> Sent {
        let mut sent = self.requests();
        assert_eq!(sent.len(), 1, "one request was expected: {sent:#?}");
        sent.remove(0)
    }

    /// The committed value under a key of the plugin's state.
    pub fn state(&self, key: &str) -> Option<Vec<u8>> {
        self.world.borrow().memory.committed.get(key).cloned()
    }

    /// Sets a value of the plugin's state, as an earlier call would have.
    pub fn set_state(&self, key: &str, value: &[u8]) {
        self.world.borrow_mut().memory.committed.insert(key.to_owned(), value.to_vec());
    }

    /// A file of the granted folder, as text.
    pub fn file(&self, path: &str) -> Option<String> {
        self.world.borrow().folder.files.get(path).map(|bytes| String::from_utf8_lossy(bytes).into_owned())
    }

    /// The paths of all files in the granted folder.
    pub fn paths(&self) -> Vec<String> {
        self.world.borrow().folder.files.keys().cloned().collect()
    }

    /// Puts a file into the granted folder.
    pub fn set_file(&self, path: &str, content: &str) {
        self.world.borrow_mut().folder.files.insert(path.to_owned(), content.as_bytes().to_vec());
    }

    /// Answers the next access to a file with this error.
    pub fn fail_next_file(&self, error: files::Error) {
        self.world.borrow_mut().folder.fails_next = Some(error);
    }

    /// What was done to pictures, in order.
    pub fn edits(&self) -> Vec<Edit> {
        self.world.borrow().edits.clone()
    }

    /// What was logged.
    pub fn log(&self) -> Vec<Line> {
        self.world.borrow().log.clone()
    }

    /// The calls that a host makes into a target.
    pub fn target<T>(&self) -> TargetCalls<'_, T> {
        TargetCalls::new(&self.world)
    }

    /// The calls that a host makes into a transform.
    pub fn transform<T>(&self) -> TransformCalls<'_, T> {
        TransformCalls::new(&self.world)
    }

    /// The calls that a host makes into a policy.
    pub fn policy<P>(&self) -> PolicyCalls<'_, P> {
        PolicyCalls::new(&self.world)
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        imports::set_world(None);
        let unused = self.world.borrow().network.replies.len();
        // A second panic while the test already fails would end the whole test program.
        assert!(
            unused == 0 || std::thread::panicking(),
            "{unused} queued replies were never asked for: {:#?}",
            self.world.borrow().network.replies
        );
    }
}
