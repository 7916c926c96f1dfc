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

/// Whether `byte_length` more bytes may be lent this turn. The first block of a turn may be of any size.
pub fn allows(byte_length: usize) -> bool {
    let bytes = BYTES.get();
    let fits = bytes == 0 || bytes.saturating_add(byte_length) <= BYTES_A_TURN;
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
