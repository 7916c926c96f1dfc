//! A [`Slab`]: one mapping, cut into [`Slot`]s of one capacity. A slot has the bytes of one block.
//!
//! Were each block a mapping of its own, a hole between two would cost one more: with every second of 140,000 blocks
//! disposed a process reaches `vm.max_map_count` (65,530), and V8 ends it. What is purged splits no mapping.

use std::ptr::NonNull;

use super::mapping::Mapping;
use super::pages::{self, HUGE_PAGE};
use super::size_class::SizeClass;

/// In bytes of address space. A TiB in slots of up to this size takes a thousand mappings.
const MOST_BYTES: usize = 1 << 30;

pub struct Slab {
    mapping: Mapping,
    /// Of a slot, in bytes: whole pages.
    capacity: usize,
    slots: usize,
    /// Slots that are free and hold zeros. Has room for all of them, so that to give one back needs no memory.
    clean: Vec<u32>,
}

impl Slab {
    /// A slab of up to `slots` slots, of fewer where the system lacks the address space for so many, or `None` where it
    /// lacks it for one.
    pub fn map(class: SizeClass, slots: usize) -> Option<Slab> {
        let capacity = class.capacity.next_multiple_of(pages::size());
        let alignment = if class.is_huge && pages::HAS_HUGE { HUGE_PAGE } else { pages::size() };
        let mut slots = slots.clamp(1, (MOST_BYTES / capacity).max(1));
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
        clean.extend((0..slots as u32).rev()); // the lowest is taken first
        Some(Slab { mapping, capacity, slots, clean })
    }

    pub fn slots(&self) -> usize {
        self.slots
    }

    /// Of a slot, in bytes.
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    pub fn has_clean(&self) -> bool {
        !self.clean.is_empty()
    }

    /// Whether all slots are free, and clean.
    pub fn is_free(&self) -> bool {
        self.clean.len() == self.slots
    }

    pub fn take_clean(&mut self) -> Option<u32> {
        self.clean.pop()
    }

    pub fn put_clean(&mut self, index: u32) {
        self.clean.push(index);
    }

    /// The first byte of a slot.
    pub fn start_of(&self, index: u32) -> NonNull<u8> {
        self.mapping.at(index as usize * self.capacity)
    }
}

// SAFETY: its mapping's bytes are reached through slots alone, and it may be unmapped on any thread.
unsafe impl Send for Slab {}

/// The right to the bytes of one slot: there is one of it at a time. It is given back with `memory::put`.
pub struct Slot {
    /// The number of its class, of its slab in that, and its own in that.
    pub class: usize,
    pub slab: u32,
    pub index: u32,
    /// Valid for reads and writes of `capacity` bytes: its slab is unmapped only when all slots have been given back.
    start: NonNull<u8>,
    /// In bytes.
    capacity: usize,
    /// Whether it may hold something else than zeros.
    is_dirty: bool,
}

// SAFETY: nothing else points to the slot's bytes.
unsafe impl Send for Slot {}

impl Slot {
    /// The slot `index` of `slab`, which must be free, and is in no list any more.
    pub fn of(slab: &Slab, class: usize, number: u32, index: u32, is_dirty: bool) -> Slot {
        Slot { class, slab: number, index, start: slab.start_of(index), capacity: slab.capacity, is_dirty }
    }

    pub fn bytes(&mut self) -> &mut [u8] {
        // SAFETY: `start` is valid for `capacity` bytes, see there, and the slice borrows the only slot that there is of it.
        unsafe { std::slice::from_raw_parts_mut(self.start.as_ptr(), self.capacity) }
    }

    pub fn start(&self) -> NonNull<u8> {
        self.start
    }

    /// In bytes.
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    pub fn is_dirty(&self) -> bool {
        self.is_dirty
    }

    /// Gives its pages back to the system. False where that fails: then it may hold anything.
    pub fn purge(&mut self) -> bool {
        // SAFETY: the bytes are this slot's alone, see `bytes`; a capacity is whole pages, of an anonymous mapping.
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
    fn is_one_mapping_whatever_the_number_of_its_slots() {
        let _alone = alone();
        let before = ledger::mappings();
        for (len, slots) in [(4096, 1), (128 << 10, 100), (2 << 20, 50), (1 << 30, 1)] {
            let slab = slab(len, slots);
            assert_eq!((slab.slots(), ledger::mappings()), (slots, before + 1));
        }
        assert_eq!(ledger::mappings(), before);
    }

    #[test]
    fn has_no_more_slots_than_fit_a_gibibyte_and_one_at_least() {
        let _alone = alone();
        assert_eq!(slab(1 << 20, usize::MAX).slots(), 1024);
        assert_eq!(slab(2 << 30, usize::MAX).slots(), 1);
        assert_eq!(slab(1 << 20, 0).slots(), 1);
    }

    #[test]
    fn its_slots_lie_side_by_side_the_lowest_first_on_huge_pages_where_they_are_such() {
        let _alone = alone();
        for (len, alignment) in [(4096, 4096), (128 << 10, 4096), (2 << 20, HUGE_PAGE), (64 << 20, HUGE_PAGE)] {
            let mut slab = slab(len, 3);
            let taken: Vec<_> = std::iter::from_fn(|| slab.take_clean()).collect();
            let starts: Vec<_> = taken.into_iter().map(|index| slab.start_of(index).as_ptr() as usize).collect();
            assert_eq!(starts, [0, 1, 2].map(|i| starts[0] + i * slab.capacity()));
            assert!(!pages::HAS_HUGE || starts[0] % alignment == 0);
            assert!(!slab.has_clean() && !slab.is_free());
        }
    }

    #[test]
    fn a_slot_is_zeros_to_its_last_byte_and_so_again_once_purged() {
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
