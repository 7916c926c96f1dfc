//! The [`Heap`]: all slabs, by size class, and which slots of them are free. Nothing here asks the system for anything but
//! a few bytes for a list: it is used under a lock.

use std::collections::VecDeque;
use std::mem;
use std::time::Instant;

use super::pages::CAN_PURGE;
use super::size_class::{SizeClass, COUNT};
use super::slab::{Slab, Slot};

/// All that there are; a model has the first alone, for its stacks are small.
const CLASSES: usize = if cfg!(all(test, loom)) { 1 } else { COUNT };

pub struct Heap {
    classes: [Class; CLASSES],
    /// The sum of the capacities of all dirty slots that wait.
    dirty_bytes: usize,
    /// Whether the purge thread waits for something to do, and nobody has woken it yet.
    pub purger_waits: bool,
}

/// A free slot that a block has used.
pub struct Dirty {
    slab: u32,
    index: u32,
    since: Instant,
}

/// All slabs of one size class.
struct Class {
    /// A slab keeps its number. `None` is one that is unmapped.
    slabs: Vec<Option<Slab>>,
    /// Of all slabs.
    slots: usize,
    /// The oldest comes first. The latest is taken first: it is likeliest to be in the cache. Has room for all slots, so that
    /// to give one back needs no memory.
    dirty: VecDeque<Dirty>,
    /// No slab below this number has a clean slot.
    first_clean: usize,
}

impl Heap {
    pub const fn new() -> Heap {
        Heap { classes: [const { Class::new() }; CLASSES], dirty_bytes: 0, purger_waits: false }
    }

    pub fn dirty_bytes(&self) -> usize {
        self.dirty_bytes
    }

    /// A free slot of the class: a dirty one, else a clean one.
    pub fn take(&mut self, class: usize) -> Option<Slot> {
        self.take_dirty(class).or_else(|| self.take_clean(class))
    }

    /// A free slot of at least so many bytes, of whatever class.
    pub fn take_any(&mut self, len: usize) -> Option<Slot> {
        (0..CLASSES).find_map(|class| if self.classes[class].capacity()? < len { None } else { self.take(class) })
    }

    fn take_dirty(&mut self, class: usize) -> Option<Slot> {
        let dirty = self.classes[class].dirty.pop_back()?;
        self.slot_of(class, dirty)
    }

    fn take_clean(&mut self, number: usize) -> Option<Slot> {
        let class = &mut self.classes[number];
        let with_clean = |slab: &Option<Slab>| slab.as_ref().is_some_and(Slab::has_clean);
        let rest = class.slabs.get(class.first_clean..)?;
        class.first_clean += rest.iter().position(with_clean).unwrap_or(rest.len());
        let slab = class.slabs.get_mut(class.first_clean)?.as_mut()?;
        let index = slab.take_clean()?;
        Some(lent(Slot::of(slab, number, class.first_clean as u32, index, false)))
    }

    /// The slot that has waited the longest of its class, if since `latest` at the latest.
    pub fn take_oldest(&mut self, latest: Instant) -> Option<Slot> {
        let is_old = |class: &Class| class.dirty.front().is_some_and(|dirty| dirty.since <= latest);
        let class = self.classes.iter().position(is_old)?;
        let dirty = self.classes[class].dirty.pop_front()?;
        self.slot_of(class, dirty)
    }

    /// Of one that has just been taken from the list.
    fn slot_of(&mut self, class: usize, dirty: Dirty) -> Option<Slot> {
        let slab = self.classes[class].slabs[dirty.slab as usize].as_ref()?;
        self.dirty_bytes -= slab.capacity();
        Some(lent(Slot::of(slab, class, dirty.slab, dirty.index, true)))
    }

    /// Has the slot wait for a next use.
    pub fn put_dirty(&mut self, slot: Slot) {
        returned(&slot);
        self.dirty_bytes += slot.capacity();
        let dirty = Dirty { slab: slot.slab, index: slot.index, since: Instant::now() };
        self.classes[slot.class].dirty.push_back(dirty);
    }

    /// Takes a slot of zeros; or a dirty one that is its slab's only one. Returns the slab to be unmapped where no other slot
    /// of it is in use.
    pub fn put_clean(&mut self, slot: Slot) -> Option<Slab> {
        returned(&slot);
        let (class, number) = (&mut self.classes[slot.class], slot.slab as usize);
        let slab = class.slabs[number].as_mut()?;
        slab.put_clean(slot.index);
        if slab.is_free() {
            class.slots -= slab.slots();
            return class.slabs[number].take();
        }
        class.first_clean = class.first_clean.min(number);
        None
    }

    /// Whether the slot is the only one that its slab has.
    pub fn is_alone(&self, slot: &Slot) -> bool {
        self.classes[slot.class].slabs[slot.slab as usize].as_ref().is_some_and(|slab| slab.slots() == 1)
    }

    /// How many slots the next slab of the class is to have: a quarter of those that there are, and one at least. So no more
    /// than a quarter is address space that nobody has asked for, and 1,000 slots are 24 slabs, 8,000 are 33.
    pub fn next_slots(&self, class: SizeClass) -> usize {
        if CAN_PURGE {
            (self.classes[class.number].slots / 4).max(1)
        } else {
            1
        }
    }

    /// How many entries the list of dirty slots needs once the class has so many more; 0 where it has the room. Twice as many
    /// as it needs now, so that it is seldom asked for.
    pub fn needed_room(&self, class: SizeClass, more: usize) -> usize {
        let class = &self.classes[class.number];
        let needed = class.slots + more;
        if class.dirty.capacity() < needed {
            2 * needed
        } else {
            0
        }
    }

    /// Adds a slab, and takes its first slot. Gives the slab back where a list lacks room for it.
    pub fn add(&mut self, class: SizeClass, mut slab: Slab, list: &mut VecDeque<Dirty>) -> Result<Slot, Slab> {
        let number = class.number;
        let class = &mut self.classes[number];
        if !class.make_room(slab.slots(), list) {
            return Err(slab);
        }
        let Some(index) = slab.take_clean() else { return Err(slab) };
        let vacant = class.slabs.iter().position(Option::is_none).unwrap_or(class.slabs.len());
        let slot = lent(Slot::of(&slab, number, vacant as u32, index, false));
        class.slots += slab.slots();
        class.first_clean = class.first_clean.min(vacant);
        if vacant == class.slabs.len() {
            class.slabs.push(Some(slab));
        } else {
            class.slabs[vacant] = Some(slab);
        }
        Ok(slot)
    }
}

impl Class {
    const fn new() -> Class {
        Class { slabs: Vec::new(), slots: 0, dirty: VecDeque::new(), first_clean: 0 }
    }

    /// Of its slots, in bytes; `None` where it has no slab.
    fn capacity(&self) -> Option<usize> {
        self.slabs.iter().flatten().next().map(Slab::capacity)
    }

    /// Makes room in all lists for `more` slots; `list`, if larger, takes the place of that of the dirty ones, and the old one
    /// is left there, to be dropped without the lock. False where there is no room.
    fn make_room(&mut self, more: usize, list: &mut VecDeque<Dirty>) -> bool {
        let needed = self.slots + more;
        if self.dirty.capacity() < needed && list.capacity() >= needed {
            list.extend(self.dirty.drain(..));
            mem::swap(&mut self.dirty, list);
        }
        self.dirty.capacity() >= needed && self.slabs.try_reserve(1).is_ok()
    }
}

/// Writes down in tests that the slot has an owner.
fn lent(slot: Slot) -> Slot {
    #[cfg(test)]
    crate::testing::ledger::lent(slot.start().as_ptr(), slot.capacity());
    slot
}

/// The same of one that has none any more.
fn returned(_slot: &Slot) {
    #[cfg(test)]
    crate::testing::ledger::returned(_slot.start().as_ptr(), _slot.capacity());
}
