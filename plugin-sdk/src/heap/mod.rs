//! The memory of a plugin. It begins with a room that is part of the file's own memory, and only a call that needs
//! more asks the host.
//!
//! Every call has a fresh sandbox, so what it asks for is opened when it asks and closed again when it is over, which
//! is more work than a small call does itself. Rust's standard library asks at the very first allocation; here most
//! calls never do. What is handed out is managed by dlmalloc either way: the standard library's own choice for wasm.

mod allocator;
mod source;

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static HEAP: allocator::Heap = allocator::Heap::new(&source::ROOM);
