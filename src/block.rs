//! A [`Block`] owns the bytes of one allocation, outside the engine's heap.
//!
//! `array_buffer.rs` lends blocks to the engine. A block takes its bytes from a slot of [`memory`], which the next block can
//! use again, or from a [`GuardedBlock`], which has pages of its own. Dropping the block gives the bytes back, exactly once.

use std::ptr::NonNull;
use std::sync::atomic::Ordering::Relaxed;

use crate::guard::{Event, GuardedBlock};
use crate::memory::{self, Slot};
use crate::sync::{shared, AtomicUsize};

shared! {
    static LIVE_BLOCKS: AtomicUsize = AtomicUsize::new(0);
    static LIVE_BYTES: AtomicUsize = AtomicUsize::new(0);
}

/// What the bytes of a new block are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fill {
    Zeroed,
    /// Zeros, or what an earlier block of this process has left; never the bytes of another process.
    Raw,
}

/// The owner of the bytes of one allocation.
pub struct Block {
    /// Points into `memory`. Valid for reads and writes of `len` bytes while the block lives.
    start: NonNull<u8>,
    /// In bytes, at least 1.
    len: usize,
    /// `None` only in `drop` and `leak`. While the block lives, Rust uses the bytes through `start` only.
    memory: Option<Memory>,
}

enum Memory {
    Slot(Slot),
    Guarded(GuardedBlock),
}

// SAFETY: `start` points into `memory`, which the block owns, and both kinds of memory are `Send`. Nothing else in Rust
// points to these bytes.
unsafe impl Send for Block {}

impl Block {
    /// A block of `len` bytes. `None` if the system has no memory, or if `len` is 0.
    ///
    /// This function zeroes a dirty slot itself. Another way was tried: a second thread zeroes the memory after dispose, and
    /// two blocks are used in turn (Rust only, EPYC, 2 cores). Let 1 be the time that this function takes to zero and fill.
    /// The other way took 0.87 at 1 MiB, 0.55 at 4 MiB and 0.7 at 64 MiB, but 1.9 to 4 at 16 MiB. And it needs a free core,
    /// on which the thread spins: with the other core at work it took 2 to 50. Non-temporal stores gain 2 to 5 % at 64 MiB,
    /// and lose below.
    pub fn new(len: usize, fill: Fill) -> Option<Block> {
        let mut slot = memory::take(len)?;
        if fill == Fill::Zeroed && slot.is_dirty() {
            slot.bytes()[..len].fill(0);
        }
        Some(Block::of(slot.start(), len, Memory::Slot(slot)))
    }

    /// A block of zeros in pages of its own, so that misuse is found: see [`guard`](crate::guard). `None` if the guard has
    /// no room, or if `len` is 0.
    pub fn guarded(len: usize) -> Option<Block> {
        let guarded = GuardedBlock::new(len)?;
        Some(Block::of(guarded.start(), len, Memory::Guarded(guarded)))
    }

    fn of(start: NonNull<u8>, len: usize, memory: Memory) -> Block {
        LIVE_BLOCKS.fetch_add(1, Relaxed);
        LIVE_BYTES.fetch_add(len, Relaxed);
        Block { start, len, memory: Some(memory) }
    }

    /// Every block that is not guarded starts at a page. Memory of malloc does not, because a header comes first. So dispose
    /// looks for a loan only at a page, which saves 17 of 230 ns.
    pub const ALIGNMENT_BYTES: usize = 4096;

    pub fn start(&self) -> *mut u8 {
        self.start.as_ptr()
    }

    /// The length in bytes.
    #[allow(clippy::len_without_is_empty)] // a block is never empty
    pub fn len(&self) -> usize {
        self.len
    }

    /// Notes where a guarded block was made or disposed. Does nothing if the block is not guarded.
    pub fn note_place(&self, event: Event, place: &[u8]) {
        if let Some(Memory::Guarded(guarded)) = &self.memory {
            guarded.note_place(event, place);
        }
    }

    /// Leaves the bytes valid until the process ends. The block no longer counts as lent.
    pub fn leak(mut self) {
        std::mem::forget(self.memory.take());
    }
}

impl Drop for Block {
    fn drop(&mut self) {
        LIVE_BLOCKS.fetch_sub(1, Relaxed);
        LIVE_BYTES.fetch_sub(self.len, Relaxed);
        if let Some(Memory::Slot(slot)) = self.memory.take() {
            memory::put(slot);
        }
    }
}

/// The number of blocks alive in this process, on all threads.
pub fn live_blocks() -> usize {
    LIVE_BLOCKS.load(Relaxed)
}

/// The bytes of the blocks alive in this process, on all threads.
pub fn live_bytes() -> usize {
    LIVE_BYTES.load(Relaxed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{for_many_seeds, holds_only, ledger};
    use std::thread;

    /// On both sides of what the size classes, the crossover and the huge pages depend on.
    const LENGTHS: [usize; 14] = [
        1,
        100,
        4095,
        4096,
        4097,
        64 << 10,
        128 << 10,
        (128 << 10) + 1,
        1 << 20,
        (2 << 20) - 1,
        2 << 20,
        (2 << 20) + 1,
        (5 << 20) + 7,
        16 << 20,
    ];

    fn block(len: usize, fill: Fill) -> Block {
        Block::new(len, fill).unwrap_or_else(|| panic!("no memory for {len} bytes"))
    }

    impl Block {
        /// The bytes as the engine sees them.
        pub fn bytes(&mut self) -> &mut [u8] {
            // SAFETY: `start` is valid for `len` bytes while the block lives, and the slice borrows the block mutably.
            unsafe { std::slice::from_raw_parts_mut(self.start(), self.len()) }
        }
    }

    fn overlap(a: &Block, b: &Block) -> bool {
        (a.start() as usize) < b.start() as usize + b.len() && (b.start() as usize) < a.start() as usize + a.len()
    }

    #[test]
    fn there_is_none_of_no_bytes_and_of_more_than_there_can_be() {
        let _alone = memory::alone();
        for len in [0, 1 << 47, 1 << 60, isize::MAX as usize, usize::MAX] {
            for fill in [Fill::Zeroed, Fill::Raw] {
                assert!(Block::new(len, fill).is_none(), "{len}");
            }
        }
        assert_eq!((live_blocks(), live_bytes()), (0, 0));
    }

    #[test]
    fn zeroed_means_zeroed_fresh_or_recycled() {
        let _alone = memory::alone();
        for len in LENGTHS {
            let mut fresh = block(len, Fill::Zeroed);
            assert!(holds_only(fresh.bytes(), 0), "{len} fresh");
            fresh.bytes().fill(0xff);
            let start = fresh.start();
            drop(fresh);
            let mut recycled = block(len, Fill::Zeroed);
            assert_eq!(recycled.start(), start, "{len} is not recycled");
            assert!(holds_only(recycled.bytes(), 0), "{len} recycled");
        }
    }

    #[test]
    fn zeroed_means_zeroed_after_smaller_and_larger_blocks_of_the_same_memory() {
        let _alone = memory::alone();
        for len in LENGTHS.into_iter().filter(|len| *len > 64) {
            for shorter in [len, len - len / 6, len, len - len / 8, len] {
                let mut block = block(shorter, Fill::Zeroed);
                assert!(holds_only(block.bytes(), 0), "{shorter} of {len}");
                block.bytes().fill(0xff);
            }
        }
    }

    #[test]
    fn raw_is_zeros_when_fresh_and_what_this_process_left_when_recycled_and_purged_is_gone() {
        let _alone = memory::alone();
        let before = ledger::mappings();
        for len in LENGTHS {
            let mut fresh = block(len, Fill::Raw);
            assert_eq!(fresh.start() as usize % Block::ALIGNMENT_BYTES, 0, "{len}");
            assert!(holds_only(fresh.bytes(), 0), "{len} fresh");
            fresh.bytes().fill(0xab);
            drop(fresh);
            assert!(holds_only(block(len, Fill::Raw).bytes(), 0xab), "{len} recycled");
            assert_eq!(ledger::mappings(), before + 1, "{len}");
            memory::purge_all();
            assert_eq!(ledger::mappings(), before, "{len}");
        }
    }

    #[test]
    fn threads_take_and_give_back_at_the_same_time_and_while_another_purges() {
        let _alone = memory::alone();
        let before = ledger::mappings();
        for another_purges in [false, true] {
            thread::scope(|scope| {
                let threads = [1, 2, 3].map(|mark| scope.spawn(move || take_and_give_back(mark)));
                while another_purges && !threads.iter().all(|thread| thread.is_finished()) {
                    memory::purge_all();
                    thread::yield_now();
                }
            });
            assert_eq!((live_blocks(), live_bytes()), (0, 0));
            memory::purge_all();
            assert_eq!(ledger::mappings(), before);
        }
    }

    /// Keeps up to eight blocks filled with `mark`, and checks that no other thread writes to them.
    fn take_and_give_back(mark: u8) {
        let mut alive: Vec<Block> = Vec::new();
        for round in 0..400 {
            let len = LENGTHS[(round * 5 + usize::from(mark)) % 8];
            let mut fresh = block(len, Fill::Zeroed);
            assert!(holds_only(fresh.bytes(), 0));
            fresh.bytes().fill(mark);
            alive.push(fresh);
            if alive.len() == 8 {
                let mut old = alive.swap_remove(round * 3 % 8);
                assert!(holds_only(old.bytes(), mark));
            }
        }
    }

    fn random_length(random: &mut fastrand::Rng) -> usize {
        match random.u8(..10) {
            0..4 => random.usize(1..10_000),
            4..8 => random.usize(100_000..200_000),
            8 => random.usize((2 << 20) - 100..(2 << 20) + 100),
            _ => random.usize(1..3 << 20),
        }
    }

    /// The model is a list of the live blocks, each with the byte that fills it.
    #[test]
    fn any_sequence_of_blocks_keeps_them_apart_and_counted() {
        let _alone = memory::alone();
        for_many_seeds(|random| {
            let before = ledger::mappings();
            let mut alive: Vec<(Block, u8)> = Vec::new();
            for mark in 1..=random.u8(1..40) {
                match random.u8(..12) {
                    0..6 => {
                        let (len, fill) = (random_length(random), if random.bool() { Fill::Zeroed } else { Fill::Raw });
                        let mut fresh = block(len, fill);
                        assert_eq!(fresh.len(), len);
                        assert!(!alive.iter().any(|(other, _)| overlap(&fresh, other)));
                        assert!(fill == Fill::Raw || holds_only(fresh.bytes(), 0));
                        fresh.bytes().fill(mark);
                        alive.push((fresh, mark));
                    }
                    6..11 if !alive.is_empty() => {
                        let (mut block, mark) = alive.swap_remove(random.usize(..alive.len()));
                        assert!(holds_only(block.bytes(), mark));
                    }
                    6..11 => {}
                    _ => memory::purge_all(),
                }
                assert_eq!(live_blocks(), alive.len());
                assert_eq!(live_bytes(), alive.iter().map(|(block, _)| block.len()).sum::<usize>());
            }
            for (block, mark) in &mut alive {
                assert!(holds_only(block.bytes(), *mark));
            }
            drop(alive);
            memory::purge_all();
            assert_eq!(ledger::mappings(), before);
        });
    }
}
