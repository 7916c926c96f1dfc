//! What threads do at the same time, in every order that they can take: `tools/check-memory.sh loom`. A thread that
//! waits for ever, for a wake-up that was lost, is a deadlock, which loom reports.

use std::sync::Mutex as StdMutex;

use loom::sync::{Arc, Mutex};
use loom::thread::{spawn, JoinHandle};

use super::*;
use crate::block::{lent_blocks, lent_bytes, Block, Fill};
use crate::loans::Loans;
use crate::testing::ledger;

const LEN: usize = 4096;

/// Models share the ledger.
static ONE_AT_A_TIME: StdMutex<()> = StdMutex::new(());

/// Runs `steps` in every order, and sees that nothing is left mapped or counted in any.
fn in_every_order(steps: impl Fn() + Send + Sync + 'static) {
    let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let before = ledger::mappings();
    let mut model = loom::model::Builder::new();
    // Most faults need one or two; with three all models take 20 s, without a bound hours.
    model.preemption_bound = Some(model.preemption_bound.unwrap_or(3));
    model.check(move || {
        steps();
        assert_eq!((lent_blocks(), lent_bytes()), (0, 0));
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
    Block::new(LEN, Fill::Raw).unwrap()
}

/// Writes to a block, and finds it as it was after the others had their chance.
fn use_a_block(mark: u8) {
    let block = block();
    // SAFETY: the block lives, and is `LEN` bytes long.
    unsafe { block.start().write_bytes(mark, LEN) };
    assert_ne!(lent_blocks(), 0); // here the others may run
    assert!(ledger::holds(block.start()), "unmapped while it is lent");
    // SAFETY: as above.
    assert_eq!(unsafe { block.start().add(LEN - 1).read() }, mark, "lent twice");
}

/// Purges until there is no more to do; waits as the purge thread does where it is.
fn purge_until(is_done: impl Fn() -> bool) {
    while !is_done() {
        purge::look_after();
    }
}

#[test]
fn a_slot_is_lent_once_and_never_purged_meanwhile() {
    in_every_order(|| {
        drop(block());
        let users = [1, 2].map(|mark| spawn(move || use_a_block(mark)));
        let purger = spawn(purge::look_after);
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
        let purger = spawn(move || purge_until(|| ledger::mappings() <= mapped - 2));
        join(givers);
        join([purger]);
    });
}

/// A slot of a slab of which another is in use: it is not unmapped, and zeros when it is lent again.
#[test]
fn a_slot_that_is_purged_beside_one_in_use_is_zeros() {
    in_every_order(|| {
        let held: Vec<_> = (0..9).map(|_| block()).collect(); // the ninth slab has two slots
        let mut last = take(LEN).unwrap();
        last.bytes().fill(1);
        put(last);
        let purger = spawn(purge::look_after);
        let mut slot = take(LEN).unwrap();
        assert!(slot.is_dirty() || slot.bytes().iter().all(|byte| *byte == 0));
        put(slot);
        join([purger]);
        drop(held);
    });
}

#[test]
fn a_slot_that_comes_while_all_is_purged_stays_or_goes() {
    in_every_order(|| {
        drop(block());
        let purger = spawn(purge_all);
        let user = spawn(|| use_a_block(1));
        join([purger, user]);
    });
}

/// Bun and Deno run a finalizer on any thread, at the same time as dispose where the engine lets go of a backing store
/// as it is detached.
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
        // The next loan, of the same memory where that is back by now: the late finalizer must leave it alone.
        let Ok(next) = loans.lock().unwrap().begin(block()) else { panic!("no memory") };
        join([finalizer]);
        assert_eq!(lent_blocks(), 1);
        assert!(loans.lock().unwrap().end(next).is_some());
    });
}

/// A model that cannot fail would show nothing.
#[test]
#[should_panic(expected = "deadlock")]
fn a_wake_up_that_is_lost_is_found() {
    in_every_order(|| {
        let slot = take(LEN).unwrap();
        let giver = spawn(move || heap().put_dirty(slot));
        let purger = spawn(purge::look_after);
        join([giver, purger]);
    });
}
