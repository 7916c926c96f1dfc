//! Decides whether the engine may allocate although the system has no room left, as under `ulimit -v`.
//!
//! The engine's malloc keeps most of the address space that the engine frees. An example: 433 MiB were allocated in pieces of
//! 100 kB, and three in four were disposed. If only free address space of the system counted, not one piece could be
//! allocated again. Nothing tells how much malloc keeps, so this module remembers how much the engine once held.

use std::cell::Cell;

use crate::memory::{can_map, HEADROOM_BYTES};

/// The address space that must be left when the engine uses memory again. If malloc keeps no piece that is large enough, it
/// takes a new one from the system, down to this limit.
///
/// The limit is half of [`HEADROOM_BYTES`]. When new memory begins to be refused, a little less than the headroom is left. A
/// limit of the whole headroom would then refuse everything.
const MIN_HEADROOM_BYTES: usize = HEADROOM_BYTES / 2;

thread_local! {
    /// The most bytes that the engine held outside its heap, of all calls of `note_held`.
    static MAX_HELD_BYTES: Cell<i64> = const { Cell::new(0) };
}

/// Notes how many bytes the engine holds outside its heap now.
pub fn note_held(held_bytes: i64) {
    MAX_HELD_BYTES.set(MAX_HELD_BYTES.get().max(held_bytes));
}

/// Whether the engine has freed at least `len` bytes, which its malloc may have kept. `held_bytes` is what the engine holds
/// outside its heap now.
pub fn may_reuse(len: usize, held_bytes: i64) -> bool {
    held_bytes.saturating_add_unsigned(len as u64) <= MAX_HELD_BYTES.get() && can_map(MIN_HEADROOM_BYTES)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;

    #[test]
    fn as_much_as_was_freed() {
        note_held(1000);
        assert!(!may_reuse(1, 1000));
        assert!(may_reuse(100, 900));
        assert!(!may_reuse(101, 900));
        assert!(!may_reuse(usize::MAX, 0));
        note_held(2000);
        assert!(may_reuse(1000, 1000));
    }

    #[test]
    fn each_thread_has_its_own_maximum() {
        note_held(1000);
        thread::scope(|scope| scope.spawn(|| assert!(!may_reuse(1, 0))).join().unwrap());
    }
}
