//! The one place where the allocator is asked to give memory back.
//!
//! Compiling a plugin takes tens of megabytes for a moment, on as many threads as there are cores. The allocator keeps
//! what is freed for each of these threads, and a host runs for weeks after its last plugin was compiled.

/// Gives what is free back to the system, as far as the allocator can. It takes milliseconds.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub(crate) fn give_memory_back() {
    #![expect(
        unsafe_code,
        reason = "a function of the C library; the argument why it may be called is below"
    )]
    unsafe extern "C" {
        // SAFETY: the signature is that of glibc's malloc.h. It may be called at any time from any thread, takes the locks
        // it needs, touches no memory that is in use, and has no failure but to have found nothing, which it returns.
        safe fn malloc_trim(pad: usize) -> core::ffi::c_int;
    }
    let _whether_there_was_any = malloc_trim(0);
}

/// Other allocators decide for themselves.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(crate) fn give_memory_back() {}
