//! Ways to take room: memory, handles, log, state, long texts.

use std::hint::black_box;

use crate::machine::grow_by_a_page;
use crate::stint::plugin::{log, state};
use crate::{number, say};

const PAGE: usize = 65_536;

pub fn by(mode: &str) {
    match mode {
        "memory-bomb" => allocate_until_it_ends(),
        "memory-steps" => grow_page_by_page(),
        "memory-at-once" => {
            black_box(vec![1_u8; 1 << 30]);
        }
        "log-flood" => (0..100_000).for_each(|line| say(&format!("line {line}"))),
        "log-fields" => flood_of_fields(),
        "log-huge" => say(&"x".repeat(4 << 20)),
        "log-beyond-transfer" => say(&"x".repeat(16 << 20)),
        "state-flood" => flood_state(),
        "state-forgetting" => forget_without_end(),
        "state-huge" => tell("put", state::put("k", &vec![7; 2 << 20]).is_ok()),
        "state-keys" => tell("put", state::put(&"k".repeat(513), b"v").is_ok()),
        "leak" => {
            // A megabyte that nobody frees: gone with the sandbox.
            core::mem::forget(black_box(vec![1_u8; 1 << 20]));
        }
        _ => {}
    }
}

fn tell(what: &str, done: bool) {
    say(&format!("{what}: {}", if done { "done" } else { "refused" }));
}

fn allocate_until_it_ends() {
    let mut all = Vec::new();
    loop {
        all.push(black_box(vec![1_u8; 1 << 20]));
    }
}

/// Grows page by page, and says how far it came: a refusal is an answer, not an end.
fn grow_page_by_page() {
    let mut pages = 0;
    while grow_by_a_page().is_some() {
        pages += 1;
    }
    say(&format!("grew by {} MiB", pages * PAGE / (1 << 20)));
}

/// Lines with nothing in them but many fields, themselves empty.
fn flood_of_fields() {
    let empty = || log::Field { key: String::new(), value: String::new() };
    let fields: Vec<log::Field> = (0..100_000).map(|_| empty()).collect();
    (0..20).for_each(|_| log::write(log::Level::Info, "", &fields));
}

/// Forgets what was never there, again and again under other names.
fn forget_without_end() {
    let done = (0..number()).take_while(|n| state::delete(&format!("{n:0>500}")).is_ok()).count();
    say(&format!("{done} forgotten"));
}

fn flood_state() {
    let value = vec![1_u8; 1024];
    let done = (0..number()).take_while(|n| state::put(&format!("key-{n}"), &value).is_ok()).count();
    log::write(log::Level::Info, &format!("{done} entries"), &[]);
}
