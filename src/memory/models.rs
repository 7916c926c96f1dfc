//! Models of what threads do at the same time. `tools/check-memory.sh loom` runs each in every order that the threads can take.
//!
//! If a wake-up is lost, a thread waits for ever. loom reports that as a deadlock.

use std::sync::Mutex as StdMutex;

use loom::sync::{Arc, Mutex};
use loom::thread::{spawn, JoinHandle};

use super::*;
use crate::block::{live_blocks, live_bytes, Block, Fill};
use crate::loans::Loans;
use crate::testing::ledger;

const BLOCK_BYTES: usize = 4096;

/// The models run one after the other, because they share the ledger.
static ONE_AT_A_TIME: StdMutex<()> = StdMutex::new(());

/// Runs `steps` in every order. Checks after each that nothing is left mapped or counted.
fn in_every_order(steps: impl Fn() + Send + Sync + 'static) {
    let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let before = ledger::mappings();
    let mut model = loom::model::Builder::new();
    // Most faults need one or two interruptions. With up to three, all models take 20 s; without a bound they take hours.
    model.preemption_bound = Some(model.preemption_bound.unwrap_or(3));
    model.check(move || {
        steps();
        assert_eq!((live_blocks(), live_bytes()), (0, 0));
        purge_all();
        assert_eq!(dirty_bytes(), 0);
        assert_eq!(ledger::mappings(), before);
    });
}

fn join(threads: impl IntoIterator<Item = JoinHandle<()>>) {
    for thread in threads {
        thread.join().unwrap();
    }
}

fn block() -> Block {
    Block::new(BLOCK_BYTES, Fill::Raw).unwrap()
}

/// Writes to a block, lets the other threads run, and checks that the block is unchanged.
fn use_a_block(mark: u8) {
    let block = block();
    // SAFETY: a block is valid for writes while it lives, and this one is `BLOCK_BYTES` long.
    unsafe { block.start().write_bytes(mark, BLOCK_BYTES) };
    assert_ne!(live_blocks(), 0); // at this atomic load the other threads may run
    assert!(ledger::holds(block.start()), "unmapped while it is live");
    // SAFETY: the block still lives, and its last byte is at `BLOCK_BYTES - 1`.
    assert_eq!(unsafe { block.start().add(BLOCK_BYTES - 1).read() }, mark, "taken twice");
}

/// Does what the purge thread does, until `is_done`.
fn run_purger_until(is_done: impl Fn() -> bool) {
    while !is_done() {
        purge::wait_and_purge();
    }
}

#[test]
fn a_slot_is_taken_once_and_never_purged_meanwhile() {
    in_every_order(|| {
        drop(block());
        let users = [1, 2].map(|mark| spawn(move || use_a_block(mark)));
        let purger = spawn(purge::wait_and_purge);
        join(users);
        join([purger]);
    });
}

#[test]
fn what_two_threads_give_back_is_purged() {
    in_every_order(|| {
        let before = ledger::mappings();
        let blocks = [block(), block()];
        let mapped = ledger::mappings();
        assert!(mapped > before);
        let givers = blocks.map(|block| spawn(move || drop(block)));
        let purger = spawn(move || run_purger_until(|| ledger::mappings() <= mapped - 2));
        join(givers);
        join([purger]);
    });
}

/// Another slot of the slab is in use, so the slab stays mapped. The slot is zeros when it is taken again.
#[test]
fn a_slot_that_is_purged_beside_one_in_use_is_zeros() {
    in_every_order(|| {
        let held: Vec<_> = (0..9).map(|_| block()).collect(); // the ninth slab has two slots
        let mut last = take(BLOCK_BYTES).unwrap();
        last.bytes().fill(1);
        put(last);
        let purger = spawn(purge::wait_and_purge);
        let mut slot = take(BLOCK_BYTES).unwrap();
        assert!(slot.is_dirty() || slot.bytes().iter().all(|byte| *byte == 0));
        put(slot);
        join([purger]);
        drop(held);
    });
}

#[test]
fn a_slot_that_comes_back_during_purge_all_is_kept_or_purged() {
    in_every_order(|| {
        drop(block());
        let purger = spawn(purge_all);
        let user = spawn(|| use_a_block(1));
        join([purger, user]);
    });
}

/// Bun and Deno run a finalizer on any thread. It may run at the same time as dispose, if the engine drops a backing store
/// while it is being detached.
#[test]
fn a_block_that_is_disposed_and_finalized_is_freed_once() {
    in_every_order(|| {
        let loans = Arc::new(Mutex::new(Loans::new()));
        let first = block();
        let Ok(loan) = loans.lock().unwrap().begin(first) else { panic!("no memory") };
        let finalizer = {
            let loans = loans.clone();
            spawn(move || {
                let block = loans.lock().unwrap().end(loan);
                drop(block);
            })
        };
        let taken = loans.lock().unwrap().take_back(loan);
        drop(taken);
        // The next loan may have the same memory. The late finalizer must not end it.
        let Ok(next) = loans.lock().unwrap().begin(block()) else { panic!("no memory") };
        join([finalizer]);
        assert_eq!(live_blocks(), 1);
        assert!(loans.lock().unwrap().end(next).is_some());
    });
}

/// Shows that a model can fail: `put_dirty` without `wake_thread` loses the wake-up.
#[test]
#[should_panic(expected = "deadlock")]
fn a_wake_up_that_is_lost_is_found() {
    in_every_order(|| {
        let slot = take(BLOCK_BYTES).unwrap();
        let giver = spawn(move || heap().put_dirty(slot));
        let purger = spawn(purge::wait_and_purge);
        join([giver, purger]);
    });
}
