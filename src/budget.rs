//! How much may be lent out before the event loop turns.
//!
//! Node runs the finalizer of an external ArrayBuffer on a later turn of the event loop, whatever the collector has
//! found (nodejs/node#26667). A synchronous loop that drops its objects would therefore grow without bound. Past the
//! budget the rest of the turn is served from engine memory, which V8 frees during garbage collection itself.
//!
//! The state is per thread: each thread that runs JavaScript turns its own event loop.

use std::cell::Cell;

/// Bytes lent since the loop last turned and not come back. 256 MiB keeps the peak of a loop that drops 256 MiB
/// objects near what `Buffer` takes for the same loop, and covers 16 frames of 16 MiB a turn.
const BYTES_A_TURN: usize = 256 << 20;

/// Loans begun since the loop last turned. Each keeps about 320 bytes in Node until its finalizer has run, disposed
/// or not, so this bounds what a loop of alloc and dispose leaves behind at 40 MiB.
const LOANS_A_TURN: usize = 128 << 10;

thread_local! {
    static BYTES: Cell<usize> = const { Cell::new(0) };
    static LOANS: Cell<usize> = const { Cell::new(0) };
}

/// The same where blocks are guarded: who looks for a bug wants all of them guarded, and has memory for it.
const GUARDED_BYTES_A_TURN: usize = 4 << 30;

/// Whether `byte_length` more bytes may be lent this turn. The first block of a turn may be of any size.
pub fn allows(byte_length: usize) -> bool {
    allows_up_to(BYTES_A_TURN, byte_length)
}

pub fn allows_guarded(byte_length: usize) -> bool {
    allows_up_to(GUARDED_BYTES_A_TURN, byte_length)
}

fn allows_up_to(most: usize, byte_length: usize) -> bool {
    let bytes = BYTES.get();
    let fits = bytes == 0 || bytes.saturating_add(byte_length) <= most;
    fits && LOANS.get() < LOANS_A_TURN
}

pub fn lent(byte_length: usize) {
    BYTES.set(BYTES.get().saturating_add(byte_length));
    LOANS.set(LOANS.get() + 1);
}

/// A block of an earlier turn may come back in this one, hence the saturation.
pub fn returned(byte_length: usize) {
    BYTES.set(BYTES.get().saturating_sub(byte_length));
}

pub fn reset() {
    BYTES.set(0);
    LOANS.set(0);
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;

    /// A turn of its own: a thread that has not lent yet.
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
            lent(BYTES_A_TURN - 10);
            assert!(allows(10));
            assert!(!allows(11));
            lent(10);
            assert!(!allows(1));
        });
    }

    #[test]
    fn what_has_come_back_may_be_lent_again() {
        in_a_new_turn(|| {
            lent(BYTES_A_TURN);
            assert!(!allows(1000));
            returned(1000);
            assert!(allows(1000));
            assert!(!allows(1001));
        });
    }

    #[test]
    fn starts_afresh_when_the_loop_turns() {
        in_a_new_turn(|| {
            lent(BYTES_A_TURN);
            reset();
            assert!(allows(BYTES_A_TURN));
            lent(1);
            assert!(!allows(BYTES_A_TURN));
        });
    }

    #[test]
    fn a_block_of_an_earlier_turn_that_comes_back_gives_no_credit() {
        in_a_new_turn(|| {
            lent(1000);
            reset();
            returned(1000);
            lent(1);
            assert!(!allows(BYTES_A_TURN));
        });
    }

    #[test]
    fn allows_so_many_loans_a_turn_whether_they_come_back_or_not() {
        in_a_new_turn(|| {
            for _ in 0..LOANS_A_TURN {
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
            lent(BYTES_A_TURN);
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
