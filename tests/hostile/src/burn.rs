//! Ways to use up time and stack, and to die.

use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::machine::trap;
use crate::stint::plugin::{clock, log, random, state};
use crate::{number, say};

static DEEPEST: AtomicU64 = AtomicU64::new(0);

pub fn by(mode: &str) {
    match mode {
        "loop" => endless(),
        "loop-calling-host" => loop {
            black_box(clock::now());
        },
        "loop-of-waits" => loop {
            // Each of these makes the host wait for something; none takes long.
            crate::reach::request("https://backend.test/");
        },
        "recursion" => {
            black_box(deeper(1));
        }
        "recursion-with-locals" => {
            black_box(deeper_with_locals(1));
        }
        "panic" => panic_saying("panicked at src/lib.rs:7:9:\nno project is set"),
        "panic-silently" | "trap" => trap(),
        "divide" => {
            black_box(1_u32.checked_div(black_box(0)).unwrap_or_else(|| trap()));
        }
        "trap-on-nth" => trap_on_nth(),
        "random-flood" => {
            black_box(random::bytes(u32::MAX));
        }
        _ => {}
    }
}

fn endless() -> ! {
    let mut turns = 0_u64;
    loop {
        turns = black_box(turns.wrapping_add(1));
    }
}

/// Keeps nothing on the stack in memory, so that it is the stack of calls that overflows.
fn deeper(depth: u64) -> u64 {
    if DEEPEST.fetch_max(depth, Ordering::Relaxed) > depth {
        0
    } else {
        deeper(depth + 1).rotate_left(1) ^ depth
    }
}

/// Keeps its locals in memory, as most code does: their stack overflows first.
fn deeper_with_locals(depth: u64) -> u64 {
    let room = black_box([depth; 64]);
    if depth == 0 { 0 } else { black_box(deeper_with_locals(depth + 1)).wrapping_add(room[0]) }
}

/// What the SDK's panic hook does.
pub fn panic_saying(message: &str) -> ! {
    let field = log::Field { key: "panic".to_owned(), value: "true".to_owned() };
    log::write(log::Level::Error, message, &[field]);
    trap()
}

/// Counts its calls in the state, and traps on the n-th: what it wrote in that one must be gone.
fn trap_on_nth() {
    let calls = state::get("calls").map_or(0, |bytes| bytes[0]) + 1;
    let _ = state::put("calls", &[calls]);
    say(&format!("call {calls}"));
    if u64::from(calls) >= number() {
        trap()
    }
}
