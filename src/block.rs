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
    static LENT_BLOCKS: AtomicUsize = AtomicUsize::new(0);
    static LENT_BYTES: AtomicUsize = AtomicUsize::new(0);
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
        LENT_BLOCKS.fetch_add(1, Relaxed);
        LENT_BYTES.fetch_add(len, Relaxed);
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
        LENT_BLOCKS.fetch_sub(1, Relaxed);
        LENT_BYTES.fetch_sub(self.len, Relaxed);
        if let Some(Memory::Slot(slot)) = self.memory.take() {
            memory::put(slot);
        }
    }
}

/// The number of blocks alive in this process, on all threads.
pub fn lent_blocks() -> usize {
    LENT_BLOCKS.load(Relaxed)
}

/// The bytes of the blocks alive in this process, on all threads.
pub fn lent_bytes() -> usize {
    LENT_BYTES.load(Relaxed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::ledger;
    use proptest::collection::vec;
    use proptest::prelude::*;
    use std::thread;

    #[test]
    fn there_is_none_of_zero_bytes() {
        assert!(Block::new(0, Fill::Zeroed).is_none());
        assert!(Block::new(0, Fill::Raw).is_none());
    }

    const SIZE_CLASSES: [usize; 14] = [
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

    /// The bytes as the engine sees them.
    fn bytes(block: &mut Block) -> &mut [u8] {
        // SAFETY: `start` is valid for `len` bytes while the block lives, and the slice borrows the block mutably.
        unsafe { std::slice::from_raw_parts_mut(block.start(), block.len()) }
    }

    fn holds_only(block: &mut Block, byte: u8) -> bool {
        bytes(block).iter().all(|b| *b == byte)
    }

    fn overlap(a: &Block, b: &Block) -> bool {
        (a.start() as usize) < b.start() as usize + b.len() && (b.start() as usize) < a.start() as usize + a.len()
    }

    #[test]
    fn starts_at_a_page() {
        let _alone = memory::alone();
        for len in SIZE_CLASSES {
            for state in ["fresh", "recycled"] {
                assert_eq!(block(len, Fill::Raw).start() as usize % Block::ALIGNMENT_BYTES, 0, "{len} bytes, {state}");
            }
        }
    }

    #[test]
    fn none_of_more_than_there_can_be() {
        let _alone = memory::alone();
        for len in [usize::MAX, isize::MAX as usize, 1 << 60] {
            for fill in [Fill::Zeroed, Fill::Raw] {
                assert!(Block::new(len, fill).is_none(), "{len}");
            }
        }
        assert_eq!((lent_blocks(), lent_bytes()), (0, 0));
    }

    #[test]
    fn zeroed_means_zeroed_fresh_or_recycled() {
        let _alone = memory::alone();
        for len in SIZE_CLASSES {
            let mut fresh = block(len, Fill::Zeroed);
            assert!(holds_only(&mut fresh, 0), "{len} fresh");
            bytes(&mut fresh).fill(0xff);
            let start = fresh.start();
            drop(fresh);
            let mut recycled = block(len, Fill::Zeroed);
            assert_eq!(recycled.start(), start, "{len} is not recycled");
            assert!(holds_only(&mut recycled, 0), "{len} recycled");
        }
    }

    #[test]
    fn zeroed_means_zeroed_after_smaller_and_larger_blocks_of_the_same_memory() {
        let _alone = memory::alone();
        for len in SIZE_CLASSES.into_iter().filter(|len| *len > 64) {
            for shorter in [len, len - len / 6, len, len - len / 8, len] {
                let mut block = block(shorter, Fill::Zeroed);
                assert!(holds_only(&mut block, 0), "{shorter} of {len}");
                bytes(&mut block).fill(0xff);
            }
        }
    }

    #[test]
    fn raw_is_zeros_when_fresh_and_what_this_process_left_when_recycled() {
        let _alone = memory::alone();
        for len in SIZE_CLASSES {
            let mut fresh = block(len, Fill::Raw);
            assert!(holds_only(&mut fresh, 0), "{len} fresh");
            bytes(&mut fresh).fill(0xab);
            drop(fresh);
            assert!(holds_only(&mut block(len, Fill::Raw), 0xab), "{len} recycled");
            memory::purge_all();
        }
    }

    #[test]
    fn counts_itself_while_it_lives() {
        let _alone = memory::alone();
        let first = block(1000, Fill::Zeroed);
        let second = block(2 << 20, Fill::Raw);
        assert_eq!((lent_blocks(), lent_bytes()), (2, 1000 + (2 << 20)));
        drop(first);
        assert_eq!((lent_blocks(), lent_bytes()), (1, 2 << 20));
        drop(second);
        assert_eq!((lent_blocks(), lent_bytes()), (0, 0));
    }

    #[test]
    fn gives_its_memory_back_once() {
        let _alone = memory::alone();
        let before = ledger::mappings();
        for len in SIZE_CLASSES {
            let last = block(len, Fill::Raw);
            assert_eq!(ledger::mappings(), before + 1, "{len}");
            drop(last);
            memory::purge_all();
            assert_eq!(ledger::mappings(), before, "{len}");
        }
    }

    #[test]
    fn its_memory_serves_the_next_block_at_once() {
        let _alone = memory::alone();
        let before = ledger::mappings();
        for _ in 0..10_000 {
            let mut block = block(128 << 10, Fill::Raw);
            bytes(&mut block)[0] = 1;
        }
        assert_eq!(ledger::mappings(), before + 1);
    }

    #[test]
    fn threads_take_and_give_back_at_the_same_time() {
        let _alone = memory::alone();
        let before = ledger::mappings();
        thread::scope(|scope| {
            for mark in 1..=4 {
                scope.spawn(move || take_and_give_back(mark));
            }
        });
        assert_eq!((lent_blocks(), lent_bytes()), (0, 0));
        memory::purge_all();
        assert_eq!(ledger::mappings(), before);
    }

    #[test]
    fn threads_take_and_give_back_while_another_purges() {
        let _alone = memory::alone();
        let before = ledger::mappings();
        let running = AtomicUsize::new(3);
        thread::scope(|scope| {
            for mark in 1..=3 {
                let running = &running;
                scope.spawn(move || {
                    take_and_give_back(mark);
                    running.fetch_sub(1, Relaxed);
                });
            }
            while running.load(Relaxed) > 0 {
                memory::purge_all();
                thread::yield_now();
            }
        });
        assert_eq!((lent_blocks(), lent_bytes()), (0, 0));
        memory::purge_all();
        assert_eq!(ledger::mappings(), before);
    }

    /// Keeps up to eight blocks filled with `mark`, and checks that no other thread writes to them.
    fn take_and_give_back(mark: u8) {
        let mut alive: Vec<Block> = Vec::new();
        for round in 0..400 {
            let len = SIZE_CLASSES[(round * 5 + usize::from(mark)) % 8];
            let mut fresh = block(len, Fill::Zeroed);
            assert!(holds_only(&mut fresh, 0));
            bytes(&mut fresh).fill(mark);
            alive.push(fresh);
            if alive.len() == 8 {
                let mut old = alive.swap_remove(round * 3 % 8);
                assert!(holds_only(&mut old, mark));
            }
        }
    }

    #[derive(Clone, Debug)]
    enum Step {
        Take(usize, Fill),
        GiveBack(usize),
        Clear,
    }

    fn length() -> impl Strategy<Value = usize> {
        prop_oneof![
            4 => 1usize..10_000,
            4 => 100_000usize..200_000,
            1 => (2usize << 20) - 100..(2 << 20) + 100,
            1 => 1usize..3 << 20,
        ]
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            6 => (length(), any::<bool>()).prop_map(|(len, zeroed)| {
                Step::Take(len, if zeroed { Fill::Zeroed } else { Fill::Raw })
            }),
            5 => any::<usize>().prop_map(Step::GiveBack),
            1 => Just(Step::Clear),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// The model is a list of the live blocks, each with the byte that fills it.
        #[test]
        fn any_sequence_of_blocks_keeps_them_apart_and_counted(steps in vec(step(), 1..40)) {
            let _alone = memory::alone();
            let before = ledger::mappings();
            let mut alive: Vec<(Block, u8)> = Vec::new();
            for (step, mark) in steps.into_iter().zip(1u8..) {
                match step {
                    Step::Take(len, fill) => {
                        let mut fresh = block(len, fill);
                        prop_assert_eq!(fresh.len(), len);
                        prop_assert!(!alive.iter().any(|(other, _)| overlap(&fresh, other)));
                        prop_assert!(fill == Fill::Raw || holds_only(&mut fresh, 0));
                        bytes(&mut fresh).fill(mark);
                        alive.push((fresh, mark));
                    }
                    Step::GiveBack(which) if !alive.is_empty() => {
                        let (mut block, mark) = alive.swap_remove(which % alive.len());
                        prop_assert!(holds_only(&mut block, mark));
                    }
                    Step::GiveBack(_) => {}
                    Step::Clear => memory::purge_all(),
                }
                prop_assert_eq!(lent_blocks(), alive.len());
                prop_assert_eq!(lent_bytes(), alive.iter().map(|(block, _)| block.len()).sum::<usize>());
            }
            for (block, mark) in &mut alive {
                prop_assert!(holds_only(block, *mark));
            }
            drop(alive);
            memory::purge_all();
            prop_assert_eq!(ledger::mappings(), before);
        }
    }
}
