//! The [`Heap`]: all slabs, by size class, and their free slots.
//!
//! All threads share the heap, under one lock. So nothing here maps, unmaps or purges memory, which may take milliseconds.
//! The callers in `memory.rs` and `purge.rs` do that without the lock. The most that the heap asks for itself is a few bytes
//! for a list.

use std::collections::VecDeque;
use std::mem;
use std::time::Instant;

use super::pages::CAN_PURGE;
use super::size_class::{SizeClass, CLASS_COUNT};
use super::slab::{Slab, Slot};

/// All size classes. A model of loom has only the first, because its stacks are small.
const CLASSES: usize = if cfg!(all(test, loom)) { 1 } else { CLASS_COUNT };

pub struct Heap {
    classes: [Class; CLASSES],
    /// The sum of the capacities of all dirty slots.
    dirty_bytes: usize,
    /// Whether the purge thread waits for a dirty slot, and nobody has woken it yet.
    pub is_purge_thread_waiting: bool,
}

/// A dirty slot in the list of its class.
pub struct Dirty {
    slab: u32,
    index: u32,
    since: Instant,
}

/// All slabs of one size class.
struct Class {
    /// A slab keeps its index. `None` stands for a slab that is unmapped.
    slabs: Vec<Option<Slab>>,
    /// The indices of `None` in `slabs`. The capacity is at least `slabs.len()`, so that giving a slot back allocates nothing.
    vacant: Vec<u32>,
    /// The bytes of a slot. 0 before the class has its first slab.
    capacity: usize,
    /// The number of slots of all slabs, free or not.
    slots: usize,
    /// The oldest comes first. `take` takes the latest, because that is the likeliest to be in the processor's cache. The
    /// capacity is at least `slots`, so that giving a slot back allocates nothing.
    dirty: VecDeque<Dirty>,
    /// No slab with a lower index has a clean slot.
    first_clean: usize,
}

impl Heap {
    pub const fn new() -> Heap {
        Heap { classes: [const { Class::new() }; CLASSES], dirty_bytes: 0, is_purge_thread_waiting: false }
    }

    pub fn dirty_bytes(&self) -> usize {
        self.dirty_bytes
    }

    /// A free slot of the class: a dirty one if there is one, otherwise a clean one.
    pub fn take(&mut self, class: usize) -> Option<Slot> {
        self.take_dirty(class).or_else(|| self.take_clean(class))
    }

    /// A free slot of any class that has at least `len` bytes. A larger slot wastes no memory, only address space.
    pub fn take_any(&mut self, len: usize) -> Option<Slot> {
        (0..CLASSES).find_map(|class| if self.classes[class].capacity < len { None } else { self.take(class) })
    }

    fn take_dirty(&mut self, class: usize) -> Option<Slot> {
        let dirty = self.classes[class].dirty.pop_back()?;
        self.slot_of(class, dirty)
    }

    fn take_clean(&mut self, class_index: usize) -> Option<Slot> {
        let class = &mut self.classes[class_index];
        let has_clean = |slab: &Option<Slab>| slab.as_ref().is_some_and(Slab::has_clean);
        let rest = class.slabs.get(class.first_clean..)?;
        class.first_clean += rest.iter().position(has_clean).unwrap_or(rest.len());
        let slab = class.slabs.get_mut(class.first_clean)?.as_mut()?;
        let index = slab.take_clean()?;
        Some(taken(Slot::of(slab, class_index, class.first_clean as u32, index, false)))
    }

    /// A dirty slot that came back at `latest` or before. It is the oldest of its class.
    pub fn take_oldest(&mut self, latest: Instant) -> Option<Slot> {
        let has_old = |class: &Class| class.dirty.front().is_some_and(|dirty| dirty.since <= latest);
        let class = self.classes.iter().position(has_old)?;
        let dirty = self.classes[class].dirty.pop_front()?;
        self.slot_of(class, dirty)
    }

    /// The slot of an entry that has just been taken off the list of its class.
    fn slot_of(&mut self, class: usize, dirty: Dirty) -> Option<Slot> {
        let slab = self.classes[class].slabs[dirty.slab as usize].as_ref()?;
        self.dirty_bytes -= slab.capacity();
        Some(taken(Slot::of(slab, class, dirty.slab, dirty.index, true)))
    }

    /// Lets a slot wait for the next block.
    pub fn put_dirty(&mut self, slot: Slot) {
        given_back(&slot);
        self.dirty_bytes += slot.capacity();
        let dirty = Dirty { slab: slot.slab, index: slot.index, since: Instant::now() };
        self.classes[slot.class].dirty.push_back(dirty);
    }

    /// Gives a clean slot back. If all slots of its slab are clean now, it returns the slab, which the caller unmaps.
    ///
    /// The slot may also be dirty if its slab has no other slot: that slab is unmapped in any case.
    pub fn put_clean(&mut self, slot: Slot) -> Option<Slab> {
        given_back(&slot);
        let (class, slab_index) = (&mut self.classes[slot.class], slot.slab as usize);
        let slab = class.slabs[slab_index].as_mut()?;
        slab.put_clean(slot.index);
        if slab.is_free() {
            class.slots -= slab.slots();
            class.vacant.push(slot.slab);
            return class.slabs[slab_index].take();
        }
        class.first_clean = class.first_clean.min(slab_index);
        None
    }

    /// Whether the slab of the slot has no other slot.
    pub fn is_only_slot(&self, slot: &Slot) -> bool {
        self.classes[slot.class].slabs[slot.slab as usize].as_ref().is_some_and(|slab| slab.slots() == 1)
    }

    /// The number of slots that the next slab of the class should have: a quarter of the slots of the class, and at least 1.
    ///
    /// So at most a quarter is address space that nobody has asked for. 1,000 slots take 24 slabs, 8,000 take 33. If the
    /// system cannot purge, a slab has one slot, because then only unmapping returns its memory.
    pub fn next_slab_slots(&self, class: SizeClass) -> usize {
        if CAN_PURGE {
            (self.classes[class.index].slots / 4).max(1)
        } else {
            1
        }
    }

    /// The capacity of a new list of dirty slots for the class, after it gets `more` slots. 0 if the list that it has will do.
    /// It is twice what is needed, so that a new list is seldom needed.
    pub fn needed_list_capacity(&self, class: SizeClass, more: usize) -> usize {
        let class = &self.classes[class.index];
        let needed = class.slots + more;
        if class.dirty.capacity() < needed {
            2 * needed
        } else {
            0
        }
    }

    /// Adds a slab to its class, and takes the first slot of the slab. Returns the slab if a list has no room for it.
    ///
    /// `list` is an empty list of the capacity that `needed_list_capacity` has asked for. Afterwards it may be the old list.
    pub fn add(&mut self, class: SizeClass, mut slab: Slab, list: &mut VecDeque<Dirty>) -> Result<Slot, Slab> {
        let class_index = class.index;
        let class = &mut self.classes[class_index];
        if !class.reserve(slab.slots(), list) {
            return Err(slab);
        }
        let Some(index) = slab.take_clean() else { return Err(slab) };
        let slab_index = class.vacant.pop().unwrap_or_else(|| {
            class.slabs.push(None);
            class.slabs.len() as u32 - 1
        });
        let slot = taken(Slot::of(&slab, class_index, slab_index, index, false));
        class.capacity = slab.capacity();
        class.slots += slab.slots();
        if slab.has_clean() {
            class.first_clean = class.first_clean.min(slab_index as usize);
        }
        class.slabs[slab_index as usize] = Some(slab);
        Ok(slot)
    }
}

impl Class {
    const fn new() -> Class {
        Class { slabs: Vec::new(), vacant: Vec::new(), capacity: 0, slots: 0, dirty: VecDeque::new(), first_clean: 0 }
    }

    /// Makes room in all lists for one more slab of `more` slots. False if there is no memory for that.
    ///
    /// If the list of dirty slots is too short, `list` takes its place. The old list is then in `list`, so that the caller
    /// drops it without the lock.
    fn reserve(&mut self, more: usize, list: &mut VecDeque<Dirty>) -> bool {
        let needed = self.slots + more;
        if self.dirty.capacity() < needed && list.capacity() >= needed {
            list.extend(self.dirty.drain(..));
            mem::swap(&mut self.dirty, list);
        }
        let more_vacant = self.slabs.len() + 1 - self.vacant.len();
        self.dirty.capacity() >= needed
            && self.slabs.try_reserve(1).is_ok()
            && self.vacant.try_reserve(more_vacant).is_ok()
    }
}

/// In tests, notes that the slot is in use.
fn taken(slot: Slot) -> Slot {
    #[cfg(test)]
    crate::testing::ledger::taken(slot.start().as_ptr(), slot.capacity());
    slot
}

/// In tests, notes that the slot is free.
fn given_back(slot: &Slot) {
    let _ = slot;
    #[cfg(test)]
    crate::testing::ledger::given_back(slot.start().as_ptr(), slot.capacity());
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::memory::alone;

    /// Adds a slab of one slot, as on systems that cannot purge.
    fn add(heap: &mut Heap) -> Slot {
        let class = SizeClass::of(4096).unwrap();
        let mut list = VecDeque::with_capacity(heap.needed_list_capacity(class, 1));
        heap.add(class, Slab::map(class, 1).unwrap(), &mut list).unwrap_or_else(|_| panic!("no memory"))
    }

    #[test]
    fn places_of_unmapped_slabs_are_used_again_and_unmapping_needs_no_memory() {
        let _alone = alone();
        let mut heap = Heap::new();
        let class = SizeClass::of(4096).unwrap().index;
        for _ in 0..3 {
            let mut slots: Vec<_> = (0..100).map(|_| add(&mut heap)).collect();
            slots.sort_unstable_by_key(|slot| slot.slab);
            assert!(slots.iter().map(|slot| slot.slab).eq(0..100));
            assert!(heap.take(class).is_none());
            let capacity = heap.classes[class].vacant.capacity();
            for slot in slots {
                assert!(heap.put_clean(slot).is_some());
            }
            assert_eq!(heap.classes[class].vacant.capacity(), capacity);
        }
    }

    /// `take` searches from `first_clean` on.
    #[test]
    fn the_search_for_clean_slots_passes_over_slabs_of_one_slot_once() {
        let _alone = alone();
        let mut heap = Heap::new();
        let class = SizeClass::of(4096).unwrap().index;
        let mut slots: Vec<_> = (0..100).map(|_| add(&mut heap)).collect();
        assert!(heap.take(class).is_none());
        assert_eq!(heap.classes[class].first_clean, 100);
        drop(heap.put_clean(slots.swap_remove(0)));
        slots.push(add(&mut heap));
        assert_eq!(heap.classes[class].first_clean, 100);
        for slot in slots {
            drop(heap.put_clean(slot));
        }
    }
}
