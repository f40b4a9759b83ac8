//! The buffer against a committed state: what is read, what is listed, what is refused.

use super::*;
use crate::services::MemoryState;

const ROOM: u64 = 1024;

#[test]
fn what_waits_for_the_answer_is_bounded_even_if_it_forgets() {
    let mut call = Call::with(&[("kept", "1")]);
    for number in 0..KEYS_CHANGED_MAX {
        call.delete(&format!("never there {number}"));
    }
    let refused = |call: &mut Call, key: &str, value: Option<Vec<u8>>| match call
        .buffer
        .set(&call.committed, ROOM, key.to_owned(), value)
        .unwrap()
    {
        Err(StateError::TooLarge(text)) => text,
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(&mut call, "kept", None), "this call has changed its 10000 keys");
    assert_eq!(refused(&mut call, "new", Some(vec![])), "this call has changed its 10000 keys");
    call.put("never there 7", "now").unwrap();
    assert_eq!(call.get("never there 7").as_deref(), Some("now"));
}

struct Call {
    committed: MemoryState,
    buffer: StateBuffer,
}

impl Call {
    fn with(committed: &[(&str, &str)]) -> Self {
        let state = MemoryState::default();
        let write = |(key, value): &(&str, &str)| StateWrite {
            key: (*key).to_owned(),
            value: Some(value.as_bytes().to_vec()),
        };
        state.commit(committed.iter().map(write).collect());
        Self { committed: state, buffer: StateBuffer::default() }
    }

    fn put(&mut self, key: &str, value: &str) -> Result<(), StateError> {
        self.buffer.set(&self.committed, ROOM, key.to_owned(), Some(value.as_bytes().to_vec())).unwrap()
    }

    fn delete(&mut self, key: &str) {
        self.buffer.set(&self.committed, ROOM, key.to_owned(), None).unwrap().unwrap();
    }

    fn get(&self, key: &str) -> Option<String> {
        self.buffer.get(&self.committed, key).unwrap().map(|bytes| String::from_utf8(bytes).unwrap())
    }

    fn keys(&self, prefix: &str, after: Option<&str>, limit: usize) -> Vec<String> {
        self.buffer.keys(&self.committed, prefix, after, limit).unwrap()
    }
}

#[test]
fn reads_see_what_is_committed_and_what_this_call_wrote() {
    let mut call = Call::with(&[("a", "old"), ("b", "old")]);
    call.put("a", "new").unwrap();
    call.delete("b");
    call.put("c", "new").unwrap();
    assert_eq!((call.get("a"), call.get("b"), call.get("c")), (Some("new".into()), None, Some("new".into())));
    assert_eq!(call.committed.get("a").unwrap().unwrap(), b"old", "nothing is committed yet");
    call.committed.commit(call.buffer.into_writes());
    let all: Vec<String> = call.committed.keys("", None, 10).unwrap();
    assert_eq!(all, ["a", "c"]);
}

#[test]
fn keys_are_listed_in_order_in_pages_and_as_this_call_sees_them() {
    let mut call = Call::with(&[("p/1", ""), ("p/2", ""), ("p/4", ""), ("q", "")]);
    call.delete("p/2");
    call.put("p/3", "x").unwrap();
    call.put("o", "x").unwrap();
    assert_eq!(call.keys("p/", None, 10), ["p/1", "p/3", "p/4"]);
    assert_eq!(call.keys("p/", None, 2), ["p/1", "p/3"]);
    assert_eq!(call.keys("p/", Some("p/3"), 2), ["p/4"]);
    assert_eq!(call.keys("", Some("o"), 10), ["p/1", "p/3", "p/4", "q"]);
    assert_eq!(call.keys("p/", Some("a"), 1), ["p/1"]);
    assert_eq!(call.keys("x", None, 10), [""; 0]);
}

#[test]
fn keys_and_the_whole_are_bounded() {
    let text = |result: Result<(), StateError>| match result {
        Err(StateError::TooLarge(text)) => text,
        other => panic!("{other:?}"),
    };
    let mut call = Call::with(&[("a", &"x".repeat(1000))]);
    assert_eq!(text(call.put("", "x")), "a key has 1 to 512 bytes, and this one has 0");
    assert_eq!(text(call.put(&"k".repeat(513), "x")), "a key has 1 to 512 bytes, and this one has 513");
    assert_eq!(
        text(call.put("b", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxx")),
        "the state would have 1031 bytes, and 1024 are the most"
    );
    call.put("a", "smaller").unwrap();
    call.put("b", "now there is room").unwrap();
    call.delete("a");
    assert_eq!(call.buffer.bytes, Some(18));
}

#[test]
fn a_state_that_is_over_its_bound_may_still_shrink() {
    let mut call = Call::with(&[("a", &"x".repeat(3000))]);
    call.put("a", &"x".repeat(2000)).unwrap();
    call.delete("a");
    assert_eq!(call.buffer.bytes, Some(0));
}
