//! The allocator of blocks. [`take`] returns a slot, [`put`] gives it back; `block.rs` calls both.
//!
//! The allocator maps memory in *slabs* ([`slab`]). A slab is one mapping, cut into *slots* of one capacity
//! ([`size_class`]). A slot has the bytes of one block. The [`Heap`] lists all slabs and their free slots.
//!
//! A slot that comes back is *dirty*: it holds what its block has written. It waits for the next block of about its size. If
//! it has waited for a second, the purge thread ([`purge`]) returns its pages to the system. Then the slot is *clean*: its
//! bytes read as 0 and have no pages. If all slots of a slab are clean, the slab is unmapped.
//!
//! Using dirty slots again is what makes blocks fast. To allocate, fill and release 64 MiB takes 3.9 ms here. It takes 31 ms
//! with `Buffer.alloc`, which has a page fault for every page each time (Node 20, EPYC, 2 cores). mimalloc took 4.0 ms, but
//! it returned memory only when it was called again: after 15 of 16 blocks of 128 KiB in 1 GiB had been freed, all of the
//! GiB was still resident.

mod heap;
mod mapping;
pub mod pages;
mod purge;
mod size_class;
mod slab;

use std::collections::VecDeque;
use std::sync::PoisonError;

use crate::sync::{shared, Condvar, Mutex, MutexGuard};
use heap::Heap;
use mapping::Mapping;
pub use mapping::{can_map, HEADROOM_BYTES};
pub use purge::purge_all;
use size_class::SizeClass;
use slab::Slab;
pub use slab::Slot;

/// The sum of the capacities of all dirty slots. A slot beyond it goes back to the system at once.
const MAX_DIRTY_BYTES: usize = 1 << 30;

shared! {
    static HEAP: Mutex<Heap> = Mutex::new(Heap::new());

    /// Wakes the purge thread when a dirty slot arrives.
    static DIRTY_ARRIVED: Condvar = Condvar::new();
}

fn heap() -> MutexGuard<'static, Heap> {
    // A poisoned lock is used all the same. The code under it panics only if its own lists are wrong.
    HEAP.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A slot of at least `len` bytes. `None` if the system has no memory, or if `len` is 0.
pub fn take(len: usize) -> Option<Slot> {
    let class = SizeClass::of(len)?;
    let free_slot = heap().take(class.index);
    free_slot.or_else(|| take_new(class, len))
}

/// A slot of a new slab. If the system has no memory for one, a free slot of a larger class.
fn take_new(class: SizeClass, len: usize) -> Option<Slot> {
    let slot = grow(class).or_else(|| {
        // The dirty slots may hold just the memory that the system lacks.
        purge_all();
        grow(class)
    });
    // The thread is started here, not in `put`: now there is memory for it, because the new mapping has left the headroom.
    purge::ensure_thread();
    slot.or_else(|| heap().take_any(len))
}

/// Maps a slab, and returns one of its slots.
fn grow(class: SizeClass) -> Option<Slot> {
    let slots = heap().next_slab_slots(class);
    let slab = Slab::map(class, slots)?;
    let capacity = heap().needed_list_capacity(class, slab.slots());
    let mut list = VecDeque::new();
    list.try_reserve_exact(capacity).ok()?;
    // `added` and `list` are dropped after the lock is released: dropping a slab or a list takes time.
    let added = heap().add(class, slab, &mut list);
    added.ok()
}

/// Whether the system has `len` bytes and the headroom. If it has not, this purges all dirty slots and asks again.
pub fn make_room(len: usize) -> bool {
    let fits = || Mapping::new(len, 1).is_some();
    fits() || {
        purge_all();
        fits()
    }
}

/// Gives a slot back. It waits for the next block, or goes back to the system at once if it may not wait.
pub fn put(slot: Slot) {
    let refused = if purge::ensure_thread() { keep_dirty(slot) } else { Err(slot) };
    if let Err(slot) = refused {
        purge::return_to_system(slot);
    }
}

/// Lets the slot wait. Returns the slot if too many bytes wait already.
fn keep_dirty(slot: Slot) -> Result<(), Slot> {
    let mut heap = heap();
    if heap.dirty_bytes() + slot.capacity() > MAX_DIRTY_BYTES {
        return Err(slot);
    }
    heap.put_dirty(slot);
    purge::wake_thread(heap);
    Ok(())
}

/// The bytes of all dirty slots, which wait for the next block.
pub fn dirty_bytes() -> usize {
    heap().dirty_bytes()
}

/// Gives the calling test all memory, the counters and the ledger until it drops the result, because tests run in threads.
/// No slot is dirty at first.
#[cfg(test)]
pub fn alone() -> std::sync::MutexGuard<'static, ()> {
    static TURN: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let guard = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    purge_all();
    guard
}

#[cfg(all(test, loom))]
mod models;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{holds_only, ledger};
    use std::time::{Duration, Instant};

    fn taken(len: usize) -> Slot {
        take(len).unwrap_or_else(|| panic!("no memory for {len} bytes"))
    }

    fn many(len: usize, count: usize) -> Vec<Slot> {
        (0..count).map(|_| taken(len)).collect()
    }

    fn put_all(slots: Vec<Slot>) {
        slots.into_iter().for_each(put);
    }

    /// Waits until `condition` holds. False if it does not within two seconds.
    fn holds_soon(condition: impl Fn() -> bool) -> bool {
        let start = Instant::now();
        while !condition() {
            if start.elapsed() > Duration::from_secs(2) {
                return false;
            }
            crate::sync::sleep(Duration::from_millis(10));
        }
        true
    }

    /// Repeats `action` until it has taken less time than a slot waits. On a busy machine the purge thread may come in between.
    fn before_the_purge_thread<T>(action: impl Fn() -> T) -> T {
        loop {
            let start = Instant::now();
            let result = action();
            if start.elapsed() < purge::MIN_IDLE {
                return result;
            }
        }
    }

    #[test]
    fn takes_the_latest_of_a_class_and_none_of_another_class() {
        let _alone = alone();
        let (first, latest, other) = (taken(100_000), taken(100_000), taken(50_000));
        let (start, start_of_other) = (latest.start(), other.start());
        put(first);
        put(latest);
        put(other);
        let slot = taken(99_000);
        assert_eq!(slot.start(), start);
        assert!(slot.is_dirty());
        let another = taken(200_000);
        assert!(another.start() != start_of_other && !another.is_dirty());
        put(slot);
        put(another);
    }

    #[test]
    fn ten_thousand_slots_take_few_mappings_in_whatever_order_they_come_back() {
        let _alone = alone();
        let before = ledger::mappings();
        let slots = many(128 << 10, 10_000);
        assert!(ledger::mappings() - before <= 50, "{}", ledger::mappings() - before);
        let (kept, back): (Vec<_>, Vec<_>) = slots.into_iter().enumerate().partition(|(index, _)| index % 2 == 0);
        let most = ledger::mappings();
        back.into_iter().for_each(|(_, slot)| put(slot));
        purge_all();
        assert!(ledger::mappings() <= most, "a free slot costs a mapping");
        let again = many(128 << 10, 5000);
        assert!(ledger::mappings() <= most, "the free slots are not used again");
        put_all(again);
        kept.into_iter().for_each(|(_, slot)| put(slot));
        purge_all();
        assert!(holds_soon(|| ledger::mappings() <= before), "the purge thread may have the last slot of a slab");
    }

    #[test]
    fn what_is_purged_beside_a_slot_in_use_is_clean() {
        let _alone = alone();
        for len in [4096, 128 << 10, 2 << 20, 18 << 20] {
            let mut slots = many(len, 20);
            let mut back = slots.swap_remove(18);
            back.bytes().fill(0xff);
            put(back);
            purge_all();
            let mut slot = taken(len);
            assert!(holds_only(slot.bytes(), 0));
            assert_eq!(slot.is_dirty(), !pages::CAN_PURGE);
            put(slot);
            put_all(slots);
        }
    }

    /// mlock stands for mlockall here: MADV_DONTNEED fails for both.
    #[cfg(target_os = "linux")]
    #[test]
    fn what_the_system_cannot_purge_is_clean_all_the_same_and_its_slab_is_unmapped() {
        let _alone = alone();
        let before = ledger::mappings();
        let mut slots = many(4096, 20);
        let mut locked = slots.swap_remove(18);
        locked.bytes().fill(0xff);
        // SAFETY: mlock changes no byte, and the slot is mapped.
        assert_eq!(unsafe { libc::mlock(locked.start().as_ptr().cast(), locked.capacity()) }, 0);
        let start = locked.start();
        put(locked);
        purge_all();
        assert_eq!(dirty_bytes(), 0);
        let mut slot = taken(4096);
        assert_eq!(slot.start(), start);
        assert!(!slot.is_dirty() && holds_only(slot.bytes(), 0));
        put(slot);
        put_all(slots);
        purge_all();
        assert!(holds_soon(|| ledger::mappings() <= before), "the purge thread may have the last slot of the slab");
    }

    #[test]
    fn counts_what_waits() {
        let _alone = alone();
        let (seen, expected) = before_the_purge_thread(|| {
            purge_all();
            let at_first = dirty_bytes();
            let (first, second) = (taken(100_000), taken(2 << 20));
            let taken_bytes = dirty_bytes();
            let capacities = [first.capacity(), second.capacity()];
            put(first);
            let one = dirty_bytes();
            put(second);
            ([at_first, taken_bytes, one, dirty_bytes()], [0, 0, capacities[0], capacities[0] + capacities[1]])
        });
        assert_eq!(seen, expected);
        put(taken(2 << 20));
        purge_all();
        assert_eq!(dirty_bytes(), 0);
    }

    #[test]
    fn what_is_beyond_the_limit_goes_back_at_once() {
        let _alone = alone();
        let slot = taken(MAX_DIRTY_BYTES + 1);
        let start = slot.start();
        put(slot);
        assert!(!ledger::holds(start.as_ptr()));
        let (large, small) = (taken(MAX_DIRTY_BYTES), taken(1));
        let start = small.start();
        put(large);
        put(small);
        assert!(!ledger::holds(start.as_ptr()));
    }

    #[test]
    fn what_waits_too_long_goes_back_within_two_seconds_and_again_later() {
        let _alone = alone();
        for _ in 0..2 {
            let mut slot = taken(4 << 20);
            let start = slot.start();
            slot.bytes().fill(1);
            put(slot);
            assert!(ledger::holds(start.as_ptr()), "it waits for the next block");
            assert!(holds_soon(|| !ledger::holds(start.as_ptr())), "it was not returned");
        }
    }

    #[test]
    fn what_is_used_again_and_again_stays() {
        let _alone = alone();
        let (idle, busy) = (taken(1 << 20), taken(2 << 20));
        let (idle_start, busy_start) = (idle.start(), busy.start());
        put(idle);
        put(busy);
        assert!(holds_soon(|| {
            put(taken(2 << 20));
            !ledger::holds(idle_start.as_ptr())
        }));
        let slot = taken(2 << 20);
        assert_eq!(slot.start(), busy_start);
        put(slot);
    }
}
