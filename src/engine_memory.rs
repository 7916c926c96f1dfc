//! What the engine may have of its own memory where address space runs out, under `ulimit -v`.
//!
//! Of what it lets go its malloc keeps the address space, mostly: of 433 MiB in pieces of 100 kB, three in four disposed, none
//! could be allocated again where only the system was asked. Nobody can see what malloc keeps without asking it.

use std::cell::Cell;

use crate::memory::{can_map, HEADROOM};

/// In bytes of address space, for the engine. Where malloc has nothing in one piece it takes more of the system: up to here.
/// New memory is given only as long as [`HEADROOM`] is left. When that ends, a few pages less are left: were all of it asked
/// for here, too, nothing that malloc keeps would ever be given out.
const LEAST_HEADROOM: usize = HEADROOM / 2;

thread_local! {
    /// In bytes, outside the engine's heap: the most that was held whenever it was looked at.
    static MOST_HELD: Cell<i64> = const { Cell::new(0) };
}

/// Notes what the engine holds outside its heap, in bytes.
pub fn seen(held: i64) {
    MOST_HELD.set(MOST_HELD.get().max(held));
}

/// Whether the engine, which holds `held` bytes outside its heap, holds so much less than it once did that malloc may have
/// `len` bytes for it.
pub fn may_reuse(len: usize, held: i64) -> bool {
    seen(held);
    held.saturating_add_unsigned(len as u64) <= MOST_HELD.get() && can_map(LEAST_HEADROOM)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;

    #[test]
    fn as_much_as_has_been_let_go() {
        assert!(!may_reuse(1, 1000));
        assert!(may_reuse(100, 900));
        assert!(!may_reuse(101, 900));
        assert!(!may_reuse(usize::MAX, 0));
        seen(2000);
        assert!(may_reuse(1000, 1000));
    }

    #[test]
    fn each_thread_has_its_own() {
        seen(1000);
        thread::scope(|scope| scope.spawn(|| assert!(!may_reuse(1, 0))).join().unwrap());
    }
}
