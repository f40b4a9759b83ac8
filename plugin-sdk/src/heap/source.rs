//! Where dlmalloc gets its memory: first the room, then whatever the system gives.
//!
//! Invariant: a room is given out once, whole, to one taker.
#![expect(
    unsafe_code,
    reason = "dlmalloc asks for a promise that its memory is nobody else's; it is argued below"
)]

use std::cell::UnsafeCell;
use std::sync::atomic::{AtomicBool, Ordering};

use dlmalloc::Allocator;

/// Enough for an item with a document of some ten kilobytes and all that is made of it. What isn't touched costs
/// nothing: it is neither in the file nor in the host's memory.
pub(super) const ROOM_BYTES: usize = 512 * 1024;
/// WebAssembly's page.
const PAGE_BYTES: usize = 64 * 1024;

/// Memory that is there from the beginning, all zeros.
#[repr(C, align(16))]
pub(super) struct Room {
    bytes: UnsafeCell<[u8; ROOM_BYTES]>,
    taken: AtomicBool,
}

// SAFETY: the bytes are reached through `take` alone, which answers the first to ask and nobody after.
unsafe impl Sync for Room {}

/// The room of this plugin.
#[cfg(target_arch = "wasm32")]
pub(super) static ROOM: Room = Room::new();

impl Room {
    #[expect(
        clippy::large_stack_arrays,
        reason = "it is the value of a static, and never on a plugin's stack"
    )]
    pub(super) const fn new() -> Self {
        Self { bytes: UnsafeCell::new([0; ROOM_BYTES]), taken: AtomicBool::new(false) }
    }

    fn take(&self) -> Option<*mut u8> {
        (!self.taken.swap(true, Ordering::Relaxed)).then_some(self.bytes.get().cast())
    }
}

/// A room, and the system behind it.
pub(super) struct Source(pub(super) &'static Room);

// SAFETY: `alloc` answers with memory of at least the size asked for that nobody else uses: the room, which is given
// out once and lives for ever, or what the system gives, which is never asked back. It is all zeros: the room because a
// static is and nobody had it before, the system's because WebAssembly says so. Nothing is ever given back.
unsafe impl Allocator for Source {
    fn alloc(&self, size: usize) -> (*mut u8, usize, u32) {
        if size <= ROOM_BYTES
            && let Some(room) = self.0.take()
        {
            return (room, ROOM_BYTES, 0);
        }
        system::more(size).map_or((std::ptr::null_mut(), 0, 0), |(base, size)| (base, size, 0))
    }

    fn remap(&self, _base: *mut u8, _old: usize, _new: usize, _can_move: bool) -> *mut u8 {
        std::ptr::null_mut()
    }

    fn free_part(&self, _base: *mut u8, _old: usize, _new: usize) -> bool {
        false
    }

    fn free(&self, _base: *mut u8, _size: usize) -> bool {
        false
    }

    fn can_release_part(&self, _flags: u32) -> bool {
        false
    }

    fn allocates_zeros(&self) -> bool {
        true
    }

    fn page_size(&self) -> usize {
        PAGE_BYTES
    }
}

/// The sandbox's memory grows at its end.
#[cfg(target_arch = "wasm32")]
mod system {
    use super::PAGE_BYTES;

    /// As many whole pages, and how much of them may be used. No more than is needed: a step that the limit refuses
    /// would look to the host like the plugin's end.
    pub(super) fn more(bytes: usize) -> Option<(*mut u8, usize)> {
        let pages = bytes.div_ceil(PAGE_BYTES);
        let page = core::arch::wasm32::memory_grow(0, pages);
        if page == usize::MAX {
            return None;
        }
        let (base, bytes) = (page * PAGE_BYTES, pages * PAGE_BYTES);
        // The very last bytes of the address space stay out: an address behind them would be zero.
        let usable = if base.wrapping_add(bytes) == 0 { bytes - 16 } else { bytes };
        Some((base as *mut u8, usable))
    }
}

/// In the tests it is the process's.
#[cfg(not(target_arch = "wasm32"))]
mod system {
    use std::alloc::{Layout, alloc_zeroed};

    pub(super) fn more(bytes: usize) -> Option<(*mut u8, usize)> {
        let layout = Layout::from_size_align(bytes, 16).ok()?;
        // SAFETY: dlmalloc never asks for nothing.
        let base = unsafe { alloc_zeroed(layout) };
        (!base.is_null()).then_some((base, bytes))
    }
}
