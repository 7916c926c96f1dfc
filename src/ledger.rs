//! What the tests hold against the allocator: every mapping written down, and a panic when one is given back that was
//! not taken, with another length, or twice.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::shelf;

static LEDGER: Mutex<BTreeMap<usize, usize>> = Mutex::new(BTreeMap::new());
static TURN: Mutex<()> = Mutex::new(());

fn ledger() -> MutexGuard<'static, BTreeMap<usize, usize>> {
    LEDGER.lock().unwrap_or_else(PoisonError::into_inner)
}

pub fn mapped(start: *const u8, len: usize) {
    let mut ledger = ledger();
    let overlaps = ledger.range(..start as usize + len).next_back().is_some_and(|(s, l)| s + l > start as usize);
    assert!(!overlaps, "{start:?}: {len} bytes mapped over a live mapping");
    ledger.insert(start as usize, len);
}

pub fn unmapped(start: *const u8, len: usize) {
    let found = ledger().remove(&(start as usize));
    assert_eq!(found, Some(len), "{start:?} was mapped with {found:?} bytes and unmapped with {len}");
}

/// Mappings alive.
pub fn mappings() -> usize {
    ledger().len()
}

/// Whether the byte at `start` lies in a live mapping.
pub fn holds(start: *const u8) -> bool {
    ledger().range(..=start as usize).next_back().is_some_and(|(s, l)| s + l > start as usize)
}

/// Has the shelf, the counters and this ledger to itself until the guard is dropped: tests run in threads. The shelf is
/// empty then.
pub fn alone() -> MutexGuard<'static, ()> {
    let guard = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    shelf::clear();
    guard
}

mod tests {
    use super::*;
    use std::panic::catch_unwind;

    /// No system maps anything here.
    const START: *const u8 = std::ptr::without_provenance(16);

    fn panics(entries: fn()) -> bool {
        let _alone = alone();
        let result = catch_unwind(entries);
        ledger().retain(|start, _| *start > 4096);
        result.is_err()
    }

    #[test]
    fn panics_on_a_double_free() {
        assert!(!panics(|| {
            mapped(START, 100);
            unmapped(START, 100);
        }));
        assert!(panics(|| {
            mapped(START, 100);
            unmapped(START, 100);
            unmapped(START, 100);
        }));
    }

    #[test]
    fn panics_when_what_was_never_mapped_is_unmapped() {
        assert!(panics(|| unmapped(START, 100)));
    }

    #[test]
    fn panics_when_the_length_is_another() {
        assert!(panics(|| {
            mapped(START, 100);
            unmapped(START, 99);
        }));
    }

    #[test]
    fn panics_when_two_mappings_overlap() {
        assert!(!panics(|| {
            mapped(START, 100);
            mapped(START.wrapping_add(100), 100);
        }));
        assert!(panics(|| {
            mapped(START, 100);
            mapped(START.wrapping_add(99), 100);
        }));
        assert!(panics(|| {
            mapped(START.wrapping_add(99), 100);
            mapped(START, 100);
        }));
    }
}
