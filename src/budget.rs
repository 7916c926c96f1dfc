//! Limits how much is lent in one turn of the event loop. `lend` asks here before it lends.
//!
//! Node runs the finalizer of an external ArrayBuffer in a later turn of the event loop, even if the collector has taken
//! the ArrayBuffer before (nodejs/node#26667). So a synchronous loop that drops its objects would grow without bound. When
//! the budget is spent, the rest of the turn uses engine memory, which V8 frees during the collection itself.
//!
//! Each thread has a budget of its own, because each thread that runs JavaScript has its own event loop.

use std::cell::Cell;

use crate::guard;

/// The bytes that are lent in one turn and have not come back. With 256 MiB, a loop that drops objects of 256 MiB peaks
/// near the same loop with `Buffer`. It also is 16 frames of 16 MiB a turn.
const MAX_BYTES_PER_TURN: usize = 256 << 20;

/// The same limit with the guard on. It is higher because whoever looks for a bug wants every block guarded.
const MAX_GUARDED_BYTES_PER_TURN: usize = 4 << 30;

/// The loans that begin in one turn. Node keeps about 320 bytes for each until its finalizer has run, even if the block is
/// disposed. So a loop of alloc and dispose leaves at most 40 MiB behind.
const MAX_LOANS_PER_TURN: usize = 128 << 10;

thread_local! {
    /// The bytes that were lent in this turn and have not come back.
    static BYTES: Cell<usize> = const { Cell::new(0) };
    /// The loans that began in this turn.
    static LOANS: Cell<usize> = const { Cell::new(0) };
}

/// Whether `byte_length` more bytes may be lent in this turn. The first block of a turn may have any size.
pub fn allows(byte_length: usize) -> bool {
    let max_bytes = if guard::is_on() { MAX_GUARDED_BYTES_PER_TURN } else { MAX_BYTES_PER_TURN };
    let bytes = BYTES.get();
    let fits = bytes == 0 || bytes.saturating_add(byte_length) <= max_bytes;
    fits && LOANS.get() < MAX_LOANS_PER_TURN
}

/// Counts a new loan.
pub fn lent(byte_length: usize) {
    BYTES.set(BYTES.get().saturating_add(byte_length));
    LOANS.set(LOANS.get() + 1);
}

/// Counts bytes that have come back. The subtraction saturates because the block may have been lent in an earlier turn.
pub fn returned(byte_length: usize) {
    BYTES.set(BYTES.get().saturating_sub(byte_length));
}

/// Starts the budget of a new turn.
pub fn reset() {
    BYTES.set(0);
    LOANS.set(0);
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;

    /// Runs `steps` on a new thread, which has lent nothing yet.
    fn in_a_new_turn(steps: impl FnOnce() + Send) {
        thread::scope(|scope| scope.spawn(steps).join().unwrap());
    }

    #[test]
    fn the_first_block_of_a_turn_may_be_of_any_size() {
        in_a_new_turn(|| {
            assert!(allows(usize::MAX));
            lent(1);
            assert!(!allows(usize::MAX));
        });
    }

    #[test]
    fn allows_up_to_its_bytes_a_turn() {
        in_a_new_turn(|| {
            lent(MAX_BYTES_PER_TURN - 10);
            assert!(allows(10));
            assert!(!allows(11));
            lent(10);
            assert!(!allows(1));
        });
    }

    #[test]
    fn what_has_come_back_may_be_lent_again() {
        in_a_new_turn(|| {
            lent(MAX_BYTES_PER_TURN);
            assert!(!allows(1000));
            returned(1000);
            assert!(allows(1000));
            assert!(!allows(1001));
        });
    }

    #[test]
    fn starts_afresh_when_the_loop_turns() {
        in_a_new_turn(|| {
            lent(MAX_BYTES_PER_TURN);
            reset();
            assert!(allows(MAX_BYTES_PER_TURN));
            lent(1);
            assert!(!allows(MAX_BYTES_PER_TURN));
        });
    }

    #[test]
    fn a_block_of_an_earlier_turn_that_comes_back_gives_no_credit() {
        in_a_new_turn(|| {
            lent(1000);
            reset();
            returned(1000);
            lent(1);
            assert!(!allows(MAX_BYTES_PER_TURN));
        });
    }

    #[test]
    fn allows_so_many_loans_a_turn_whether_they_come_back_or_not() {
        in_a_new_turn(|| {
            for _ in 0..MAX_LOANS_PER_TURN {
                assert!(allows(1));
                lent(1);
                returned(1);
            }
            assert!(!allows(1));
            reset();
            assert!(allows(1));
        });
    }

    #[test]
    fn each_thread_has_its_own() {
        in_a_new_turn(|| {
            lent(MAX_BYTES_PER_TURN);
            assert!(!allows(1));
            in_a_new_turn(|| assert!(allows(1)));
            assert!(!allows(1));
        });
    }

    #[test]
    fn no_number_of_bytes_overflows() {
        in_a_new_turn(|| {
            lent(usize::MAX);
            lent(usize::MAX);
            assert!(!allows(usize::MAX));
            returned(usize::MAX);
            assert!(allows(usize::MAX));
        });
    }
}
