//! The ledger: a list of all mappings and of all slots in use, which checks the allocator in the Rust tests.
//!
//! It panics if a mapping or a slot is given back that was not taken, or twice, or with another length.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Pieces of memory that do not overlap: the length of each, by its address.
struct Ledger(Mutex<BTreeMap<usize, usize>>);

static MAPPINGS: Ledger = Ledger(Mutex::new(BTreeMap::new()));
static SLOTS: Ledger = Ledger(Mutex::new(BTreeMap::new()));

impl Ledger {
    fn pieces(&self) -> MutexGuard<'_, BTreeMap<usize, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, start: *const u8, len: usize) {
        let mut pieces = self.pieces();
        let overlaps = pieces.range(..start as usize + len).next_back().is_some_and(|(s, l)| s + l > start as usize);
        assert!(!overlaps, "{start:?}: {len} bytes overlap another piece");
        pieces.insert(start as usize, len);
    }

    fn remove(&self, start: *const u8, len: usize) {
        let found = self.pieces().remove(&(start as usize));
        assert_eq!(found, Some(len), "{start:?} was taken with {found:?} bytes and given back with {len}");
    }

    /// Whether a piece contains the byte at `start`.
    fn holds(&self, start: *const u8) -> bool {
        self.pieces().range(..=start as usize).next_back().is_some_and(|(s, l)| s + l > start as usize)
    }

    /// Whether a piece contains any of these bytes.
    fn overlaps(&self, start: *const u8, len: usize) -> bool {
        self.holds(start) || self.pieces().range(start as usize..start as usize + len).next().is_some()
    }
}

pub fn mapped(start: *const u8, len: usize) {
    MAPPINGS.add(start, len);
}

pub fn unmapped(start: *const u8, len: usize) {
    assert!(!SLOTS.overlaps(start, len), "{start:?}: unmapped while a slot of it is in use");
    MAPPINGS.remove(start, len);
}

/// Notes that a slot is in use.
pub fn taken(start: *const u8, len: usize) {
    assert!(
        MAPPINGS.holds(start) && MAPPINGS.holds(start.wrapping_add(len - 1)),
        "{start:?}: a slot that is not mapped"
    );
    SLOTS.add(start, len);
}

/// Notes that a slot is free.
pub fn given_back(start: *const u8, len: usize) {
    SLOTS.remove(start, len);
}

/// The number of mappings.
pub fn mappings() -> usize {
    MAPPINGS.pieces().len()
}

/// Whether the byte at `start` lies in a mapping.
pub fn holds(start: *const u8) -> bool {
    MAPPINGS.holds(start)
}

mod tests {
    use super::*;
    use std::panic::catch_unwind;

    /// An address at which no system maps anything.
    const START: *const u8 = std::ptr::without_provenance(16);

    const NEXT: *const u8 = START.wrapping_add(100);
    const OVERLAPPING: *const u8 = START.wrapping_add(99);

    /// Whether `step` panics after `before`, which must not.
    fn panics_after(before: fn(&Ledger), step: fn(&Ledger)) -> bool {
        let ledger = Ledger(Mutex::new(BTreeMap::new()));
        before(&ledger);
        catch_unwind(|| step(&ledger)).is_err()
    }

    #[test]
    fn panics_on_what_was_not_taken_or_twice_or_with_another_length_and_on_overlaps() {
        let nothing = |_: &Ledger| {};
        let take = |ledger: &Ledger| ledger.add(START, 100);
        let give_back = |ledger: &Ledger| ledger.remove(START, 100);
        let take_and_give_back = |ledger: &Ledger| {
            ledger.add(START, 100);
            ledger.remove(START, 100);
        };
        assert!(!panics_after(take, give_back));
        assert!(panics_after(nothing, give_back));
        assert!(panics_after(take_and_give_back, give_back));
        assert!(panics_after(take, |ledger| ledger.remove(START, 99)));
        assert!(!panics_after(take, |ledger| ledger.add(NEXT, 100)));
        assert!(panics_after(take, |ledger| ledger.add(OVERLAPPING, 100)));
        assert!(panics_after(|ledger| ledger.add(OVERLAPPING, 100), take));
    }

    #[test]
    fn panics_on_a_slot_where_nothing_is_mapped_and_on_a_mapping_that_goes_with_a_slot_in_use() {
        let start = START.wrapping_add(1000);
        assert!(catch_unwind(|| taken(start, 100)).is_err());
        mapped(start, 100);
        assert!(catch_unwind(|| taken(start, 101)).is_err());
        taken(start.wrapping_add(50), 50);
        assert!(catch_unwind(|| unmapped(start, 100)).is_err());
        given_back(start.wrapping_add(50), 50);
        unmapped(start, 100);
    }
}
