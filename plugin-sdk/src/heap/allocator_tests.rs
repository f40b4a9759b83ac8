//! The heap against a model: what was written stays, until it is given back.

use super::super::source::ROOM_BYTES;
use super::*;

/// A block that is in use, and the byte it is full of.
struct Block {
    memory: *mut u8,
    layout: Layout,
    fill: u8,
}

struct Bench {
    room: (usize, usize),
    heap: Heap,
    blocks: Vec<Block>,
    fills: u8,
}

impl Bench {
    fn new() -> Self {
        let room: &'static Room = Box::leak(Box::new(Room::new()));
        let start = std::ptr::from_ref(room).addr();
        Self { room: (start, start + ROOM_BYTES), heap: Heap::new(room), blocks: Vec::new(), fills: 0 }
    }

    fn is_in_room(&self, block: &Block) -> bool {
        let start = block.memory.addr();
        self.room.0 <= start && start + block.layout.size() <= self.room.1
    }

    fn allocate(&mut self, size: usize, align: usize, zeroed: bool) -> &Block {
        let layout = Layout::from_size_align(size, align).unwrap();
        // SAFETY: the size isn't zero.
        let memory = unsafe { if zeroed { self.heap.alloc_zeroed(layout) } else { self.heap.alloc(layout) } };
        assert!(!memory.is_null());
        if zeroed {
            assert!(is_full_of(0, memory, size), "{size} bytes were to be zero");
        }
        self.fills = self.fills.wrapping_add(1);
        let block = Block { memory, layout, fill: self.fills };
        self.take(block)
    }

    fn resize(&mut self, at: usize, size: usize) -> &Block {
        let Block { memory, layout, fill } = self.give_up(at);
        // SAFETY: the block came from this heap with this layout, and the size isn't zero.
        let moved = unsafe { self.heap.realloc(memory, layout, size) };
        assert!(!moved.is_null());
        let kept = layout.size().min(size);
        assert!(is_full_of(fill, moved, kept), "{kept} bytes were to be kept");
        let layout = Layout::from_size_align(size, layout.align()).unwrap();
        self.take(Block { memory: moved, layout, fill })
    }

    fn free(&mut self, at: usize) {
        let Block { memory, layout, .. } = self.give_up(at);
        // SAFETY: the block came from this heap with this layout.
        unsafe { self.heap.dealloc(memory, layout) };
    }

    fn take(&mut self, block: Block) -> &Block {
        let (start, end) = (block.memory.addr(), block.memory.addr() + block.layout.size());
        assert_eq!(start % block.layout.align(), 0);
        for other in &self.blocks {
            let other = (other.memory.addr(), other.memory.addr() + other.layout.size());
            assert!(end <= other.0 || other.1 <= start, "{start}..{end} is in use: {other:?}");
        }
        // SAFETY: the heap has just given it out with this size.
        unsafe { block.memory.write_bytes(block.fill, block.layout.size()) };
        self.blocks.push(block);
        &self.blocks[self.blocks.len() - 1]
    }

    /// Takes a block out of the model; it must hold what was written.
    fn give_up(&mut self, at: usize) -> Block {
        let block = self.blocks.swap_remove(at);
        assert!(is_full_of(block.fill, block.memory, block.layout.size()), "somebody wrote into a block");
        block
    }
}

fn is_full_of(fill: u8, memory: *const u8, size: usize) -> bool {
    // SAFETY: asked only for blocks in use, which are as long and which only these tests write.
    let bytes = unsafe { std::slice::from_raw_parts(memory, size) };
    bytes == vec![fill; size]
}

/// Numbers that look random and are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }
}

#[test]
fn what_is_in_use_is_never_given_out_again_nor_changed() {
    for seed in 0..20 {
        let (mut bench, mut numbers) = (Bench::new(), Numbers(seed));
        for _ in 0..1000 {
            // Mostly small, sometimes more than the room has.
            let bound = [64, 1024, 40_000, 2 * ROOM_BYTES][numbers.below(16).saturating_sub(12)];
            let size = 1 + numbers.below(bound);
            let count = bench.blocks.len();
            match numbers.below(if count > 60 { 16 } else { 10 }) {
                0..=4 => drop(bench.allocate(size, 1 << numbers.below(9), numbers.below(4) == 0).memory),
                5 | 6 if count > 0 => drop(bench.resize(numbers.below(count), size).memory),
                _ if count > 0 => bench.free(numbers.below(count)),
                _ => {}
            }
        }
        while !bench.blocks.is_empty() {
            bench.free(0);
        }
    }
}

#[test]
fn a_small_call_stays_in_the_room_and_a_large_one_goes_on_outside() {
    let mut bench = Bench::new();
    for _ in 0..100 {
        let block = bench.allocate(4096, 8, false).memory;
        let block = bench.blocks.iter().find(|held| held.memory == block).unwrap();
        assert!(bench.is_in_room(block));
    }
    bench.allocate(ROOM_BYTES, 8, true);
    assert!(!bench.is_in_room(&bench.blocks[100]));
    let last = bench.allocate(4096, 8, false).memory;
    let last = bench.blocks.iter().find(|held| held.memory == last).unwrap();
    assert!(bench.is_in_room(last), "what is left of the room is still used");
}

#[test]
fn a_first_request_that_the_room_is_too_small_for_leaves_it_to_the_next() {
    let mut bench = Bench::new();
    bench.allocate(2 * ROOM_BYTES, 8, false);
    assert!(!bench.is_in_room(&bench.blocks[0]));
    // More than the first answer left over.
    bench.allocate(ROOM_BYTES / 2, 8, true);
    assert!(bench.is_in_room(&bench.blocks[1]));
}

#[test]
fn what_was_given_back_is_used_again() {
    let mut bench = Bench::new();
    for _ in 0..10_000 {
        bench.allocate(ROOM_BYTES / 4, 16, false);
        assert!(bench.is_in_room(&bench.blocks[0]));
        bench.free(0);
    }
}
