//! What Rust has no word for: two instructions, and a look at the whole memory. Lints and editors compile this crate
//! for their own machine, which has none of them.

#[cfg(target_arch = "wasm32")]
pub use core::arch::wasm32::unreachable as trap;

/// Grows the memory by a page; nothing if that is refused.
#[cfg(target_arch = "wasm32")]
pub fn grow_by_a_page() -> Option<usize> {
    Some(core::arch::wasm32::memory_grow::<0>(1)).filter(|before| *before != usize::MAX)
}

/// How often a text is in the memory, in use or not. It is given with each letter one too high, so that the search
/// doesn't find itself.
#[cfg(target_arch = "wasm32")]
pub fn found(disguised: &[u8]) -> usize {
    let size = core::arch::wasm32::memory_size::<0>() * 65536;
    // SAFETY: every address below the memory's size can be read, and what is there are bytes. Rust promises nothing
    // about those that belong to no object; they are read as volatile, so that nothing is concluded from that.
    let at = |address: usize| unsafe { core::ptr::with_exposed_provenance::<u8>(address).read_volatile() };
    let is_there = |start: &usize| {
        disguised.iter().enumerate().all(|(offset, byte)| at(start + offset).wrapping_add(1) == *byte)
    };
    (1..size - disguised.len()).filter(is_there).count()
}

#[cfg(not(target_arch = "wasm32"))]
pub fn found(_disguised: &[u8]) -> usize {
    0
}

#[cfg(not(target_arch = "wasm32"))]
pub fn trap() -> ! {
    std::process::abort()
}

#[cfg(not(target_arch = "wasm32"))]
pub fn grow_by_a_page() -> Option<usize> {
    None
}
