//! What the tests hold against the allocator: every mapping written down, and a panic when one is given back that was
//! not taken, with another length, or twice.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

static LEDGER: Mutex<BTreeMap<usize, usize>> = Mutex::new(BTreeMap::new());

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
