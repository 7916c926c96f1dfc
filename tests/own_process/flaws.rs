//! Flaws on purpose. `tools/check-memory.sh` runs each under a memory checker, which must report it.
//!
//! Without them, a checker that is set up wrongly would find nothing, and the code would look correct. `cargo test` runs none
//! of them.

use std::hint::black_box;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread;

use smalloc::block::Block;

#[test]
#[ignore = "a flaw on purpose"]
fn reads_memory_that_is_freed() {
    let freed = black_box(Box::into_raw(Box::new(1u8)));
    // SAFETY: the pointer comes from `Box::into_raw`, and nothing else frees it.
    drop(unsafe { Box::from_raw(freed) });
    // SAFETY: none. This is the flaw.
    black_box(unsafe { freed.read_volatile() });
}

#[test]
#[ignore = "a flaw on purpose"]
fn writes_past_the_end_of_memory() {
    let mut bytes = black_box(vec![0u8; 24]);
    // SAFETY: none. This is the flaw.
    unsafe { bytes.as_mut_ptr().add(24).write_volatile(1) };
}

#[test]
#[ignore = "a flaw on purpose"]
fn leaks() {
    // The thread ends, so no stack points to the bytes any more.
    thread::spawn(|| black_box(vec![1u8; 12_345]).leak().len()).join().unwrap();
}

#[test]
#[ignore = "a flaw on purpose"]
fn writes_from_two_threads_without_a_lock() {
    struct Shared(*mut u64);
    // SAFETY: none. This is the flaw.
    unsafe impl Sync for Shared {}
    impl Shared {
        /// Writes before and after the other thread does. A lock would put one write after the other, so it uses none.
        fn write(&self, mine: &AtomicBool, others: &AtomicBool) {
            // SAFETY: the box lives. But the other thread writes at the same time. This is the flaw.
            let write_once = || unsafe { self.0.write_volatile(1) };
            write_once();
            mine.store(true, Relaxed);
            while !others.load(Relaxed) {
                thread::yield_now();
            }
            write_once();
        }
    }
    let shared = Shared(Box::into_raw(Box::new(0)));
    let (first, second) = (AtomicBool::new(false), AtomicBool::new(false));
    thread::scope(|scope| {
        scope.spawn(|| shared.write(&first, &second));
        scope.spawn(|| shared.write(&second, &first));
    });
    // SAFETY: the pointer comes from `Box::into_raw`, and nothing else frees it.
    drop(unsafe { Box::from_raw(shared.0) });
}

#[test]
#[ignore = "a flaw on purpose"]
fn writes_to_a_block_that_is_given_back() {
    let block = Block::guarded(1 << 20).unwrap();
    let start = block.start();
    drop(block);
    // SAFETY: none. This is the flaw.
    unsafe { start.write_volatile(1) };
}

#[test]
#[ignore = "a flaw on purpose"]
fn writes_before_a_block() {
    let block = Block::guarded(2 << 20).unwrap();
    // SAFETY: none. This is the flaw.
    unsafe { block.start().sub(1).write_volatile(1) };
}

#[test]
#[ignore = "a flaw on purpose"]
fn writes_past_the_end_of_a_block() {
    let block = Block::guarded(2 << 20).unwrap();
    // SAFETY: none. This is the flaw.
    unsafe { block.start().add(block.len()).write_volatile(1) };
}

#[test]
#[ignore = "a flaw on purpose"]
fn writes_past_the_end_of_a_block_into_its_last_page() {
    let block = Block::guarded((1 << 20) + 1).unwrap();
    // SAFETY: none. This is the flaw.
    unsafe { block.start().add(block.len()).write_volatile(1) };
}
