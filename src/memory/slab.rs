//! A [`Slab`] is one mapping, cut into [`Slot`]s of one capacity. A slot has the bytes of one block.
//!
//! Slabs keep the number of mappings small. If each block had a mapping of its own, the system would merge neighbours, and
//! each block unmapped between two others would split a mapping in two. A process with 140,000 blocks that disposes every
//! second one then reaches `vm.max_map_count` (65,530), and V8 ends it. Purging a slot splits no mapping.

use std::ptr::NonNull;

use super::mapping::Mapping;
use super::pages::{self, HUGE_PAGE_BYTES};
use super::size_class::SizeClass;

/// A slab is not longer than this, unless one slot is. So 1 TiB in smaller slots takes about a thousand mappings.
const MAX_SLAB_BYTES: usize = 1 << 30;

pub struct Slab {
    mapping: Mapping,
    /// The bytes of a slot, a whole number of pages.
    capacity: usize,
    slots: usize,
    /// The indices of the clean slots. Its capacity is at least `slots`, so that giving a slot back allocates nothing.
    clean: Vec<u32>,
}

impl Slab {
    /// Maps a slab of up to `slots` slots, and of fewer if the system lacks address space. `None` if it lacks that for one
    /// slot.
    pub fn map(class: SizeClass, slots: usize) -> Option<Slab> {
        let capacity = class.capacity.next_multiple_of(pages::size());
        let alignment = if class.is_huge && pages::HAS_HUGE { HUGE_PAGE_BYTES } else { pages::size() };
        let mut slots = slots.clamp(1, (MAX_SLAB_BYTES / capacity).max(1));
        let mapping = loop {
            match Mapping::new(capacity * slots, alignment) {
                Some(mapping) => break mapping,
                None if slots == 1 => return None,
                None => slots /= 2,
            }
        };
        if class.is_huge {
            mapping.advise_huge();
        }
        Slab::cut(mapping, capacity, slots)
    }

    fn cut(mapping: Mapping, capacity: usize, slots: usize) -> Option<Slab> {
        let mut clean = Vec::new();
        clean.try_reserve_exact(slots).ok()?;
        clean.extend((0..slots as u32).rev()); // so that `take_clean` takes the lowest first
        Some(Slab { mapping, capacity, slots, clean })
    }

    pub fn slots(&self) -> usize {
        self.slots
    }

    /// The bytes of a slot.
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    pub fn has_clean(&self) -> bool {
        !self.clean.is_empty()
    }

    /// Whether all slots are clean.
    pub fn is_free(&self) -> bool {
        self.clean.len() == self.slots
    }

    pub fn take_clean(&mut self) -> Option<u32> {
        self.clean.pop()
    }

    pub fn put_clean(&mut self, index: u32) {
        self.clean.push(index);
    }

    /// The address of the first byte of a slot.
    pub fn start_of(&self, index: u32) -> NonNull<u8> {
        self.mapping.at(index as usize * self.capacity)
    }
}

// SAFETY: a slab does not use the bytes of its mapping; only slots do. The system lets any thread unmap it.
unsafe impl Send for Slab {}

/// The right to use the bytes of one slot. At most one `Slot` exists for a slot. `memory::put` gives it back.
pub struct Slot {
    /// The index of its class.
    pub class: usize,
    /// The index of its slab in the class.
    pub slab: u32,
    /// Its own index in the slab.
    pub index: u32,
    /// Valid for reads and writes of `capacity` bytes: a slab is unmapped only when all of its slots have been given back.
    start: NonNull<u8>,
    /// In bytes.
    capacity: usize,
    /// Whether the bytes may be something else than zeros.
    is_dirty: bool,
}

// SAFETY: a slot is the only one that points to its bytes, and the mapping of a slab belongs to no thread.
unsafe impl Send for Slot {}

impl Slot {
    /// The slot `index` of `slab`. The caller must have taken it off the list of free slots.
    pub fn of(slab: &Slab, class: usize, slab_index: u32, index: u32, is_dirty: bool) -> Slot {
        Slot { class, slab: slab_index, index, start: slab.start_of(index), capacity: slab.capacity, is_dirty }
    }

    pub fn bytes(&mut self) -> &mut [u8] {
        // SAFETY: `start` is valid for reads and writes of `capacity` bytes; see the field. The bytes are initialized, because
        // a new mapping is zeros. No other slice of them exists: this one borrows the only `Slot` mutably. (A program that has
        // disposed memory too early may still write to it through Node: "The one danger" in README.md.)
        unsafe { std::slice::from_raw_parts_mut(self.start.as_ptr(), self.capacity) }
    }

    pub fn start(&self) -> NonNull<u8> {
        self.start
    }

    /// The number of bytes.
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    pub fn is_dirty(&self) -> bool {
        self.is_dirty
    }

    /// Returns the pages to the system, so that the bytes read as 0. False if that fails; then the bytes may be anything.
    pub fn purge(&mut self) -> bool {
        // SAFETY: the bytes are whole pages: `Slab::map` aligns the first slot to a page, and rounds the capacity up to pages.
        // They belong to a `Mapping`, which is private and anonymous. Only this slot uses them, and `&mut self` excludes a
        // slice of `bytes`.
        self.is_dirty = !unsafe { pages::purge(self.start, self.capacity) };
        !self.is_dirty
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::alone;
    use crate::testing::ledger;

    fn slab(len: usize, slots: usize) -> Slab {
        Slab::map(SizeClass::of(len).unwrap(), slots).unwrap()
    }

    #[test]
    fn is_one_mapping_with_any_number_of_slots() {
        let _alone = alone();
        let before = ledger::mappings();
        for (len, slots) in [(4096, 1), (128 << 10, 100), (2 << 20, 50), (1 << 30, 1)] {
            let slab = slab(len, slots);
            assert_eq!((slab.slots(), ledger::mappings()), (slots, before + 1));
        }
        assert_eq!(ledger::mappings(), before);
    }

    #[test]
    fn has_as_many_slots_as_fit_a_gibibyte_and_at_least_one() {
        let _alone = alone();
        assert_eq!(slab(1 << 20, usize::MAX).slots(), 1024);
        assert_eq!(slab(2 << 30, usize::MAX).slots(), 1);
        assert_eq!(slab(1 << 20, 0).slots(), 1);
    }

    #[test]
    fn slots_lie_side_by_side_and_large_ones_start_at_a_huge_page() {
        let _alone = alone();
        for (len, alignment) in
            [(4096, 4096), (128 << 10, 4096), (2 << 20, HUGE_PAGE_BYTES), (64 << 20, HUGE_PAGE_BYTES)]
        {
            let mut slab = slab(len, 3);
            let taken: Vec<_> = std::iter::from_fn(|| slab.take_clean()).collect();
            let starts: Vec<_> = taken.into_iter().map(|index| slab.start_of(index).as_ptr() as usize).collect();
            assert_eq!(starts, [0, 1, 2].map(|i| starts[0] + i * slab.capacity()));
            assert!(!pages::HAS_HUGE || starts[0] % alignment == 0);
            assert!(!slab.has_clean() && !slab.is_free());
        }
    }

    #[test]
    fn a_slot_is_zeros_to_its_last_byte_when_new_and_when_purged() {
        let _alone = alone();
        for len in [4096, 128 << 10, 2 << 20, 18 << 20] {
            let mut slab = slab(len, 2);
            let index = slab.take_clean().unwrap();
            let mut slot = Slot::of(&slab, 0, 0, index, false);
            assert!(slot.bytes().iter().all(|byte| *byte == 0));
            slot.bytes().fill(0xff);
            if pages::CAN_PURGE {
                assert!(slot.purge() && !slot.is_dirty());
                assert!(slot.bytes().iter().all(|byte| *byte == 0));
            }
        }
    }
}
