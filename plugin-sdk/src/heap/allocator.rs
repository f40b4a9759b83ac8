//! The allocator itself: dlmalloc over our source, behind Rust's interface.
//!
//! Invariant: no call of dlmalloc begins while another is under way.
#![expect(unsafe_code, reason = "an allocator hands out raw memory; each promise is argued where it is made")]

use std::alloc::{GlobalAlloc, Layout};
use std::cell::UnsafeCell;

use dlmalloc::Dlmalloc;

use super::source::{Room, Source};

/// A plugin's heap.
pub(super) struct Heap(UnsafeCell<Dlmalloc<Source>>);

// SAFETY: a sandbox has one thread, and there is no other: the bindings, too, are compiled without atomics. The tests
// use each heap from the one thread that made it.
unsafe impl Sync for Heap {}

impl Heap {
    /// Over a room that nothing else has.
    pub(super) const fn new(room: &'static Room) -> Self {
        Self(UnsafeCell::new(Dlmalloc::new_with_allocator(Source(room))))
    }
}

// SAFETY: dlmalloc keeps the promises of an allocator, as the standard library relies on. Its state is borrowed for
// the length of one call; there is no second thread, and the source it calls allocates nothing, so none begins within
// another. Each argument is passed on as it came.
unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: see above.
        unsafe { (*self.0.get()).malloc(layout.size(), layout.align()) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: see above.
        unsafe { (*self.0.get()).calloc(layout.size(), layout.align()) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: see above.
        unsafe { (*self.0.get()).free(memory, layout.size(), layout.align()) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: see above.
        unsafe { (*self.0.get()).realloc(memory, layout.size(), layout.align(), size) }
    }
}

#[cfg(test)]
#[path = "allocator_tests.rs"]
mod tests;
