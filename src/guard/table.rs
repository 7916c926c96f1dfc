//! The table of all guarded blocks, live and in the quarantine.
//!
//! A signal handler searches it, so it needs no lock and no memory. Only the owner of an entry writes to it: the thread that
//! has taken the entry from `lists` and not given it back.

use std::ptr;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU64, AtomicUsize};

use super::texts::Text;
use super::{Event, Pages, MAX_LIVE_BLOCKS, MAX_QUARANTINED_BLOCKS};

/// Room for two quarantines: a block that a thread is freeing or unmapping is for a moment neither live nor in the quarantine,
/// and keeps its entry.
pub const ENTRY_COUNT: usize = MAX_LIVE_BLOCKS + 2 * MAX_QUARANTINED_BLOCKS;

/// 1.5 MiB of zeros. A process without the guard touches none of it.
pub static TABLE: [Entry; ENTRY_COUNT] = [const { Entry::new() }; ENTRY_COUNT];

static LATEST_NUMBER: AtomicU64 = AtomicU64::new(0);

pub struct Entry {
    /// The address of the block's mapping, or 0 if the entry has no block. `set` writes it last, after all other fields.
    mapping_start: AtomicUsize,
    mapping_len: AtomicUsize,
    start: AtomicUsize,
    len: AtomicUsize,
    /// The number of the block. The first guarded block of a process has number 1.
    number: AtomicU64,
    is_freed: AtomicBool,
    made: AtomicPtr<Text>,
    disposed: AtomicPtr<Text>,
}

impl Entry {
    const fn new() -> Entry {
        Entry {
            mapping_start: AtomicUsize::new(0),
            mapping_len: AtomicUsize::new(0),
            start: AtomicUsize::new(0),
            len: AtomicUsize::new(0),
            number: AtomicU64::new(0),
            is_freed: AtomicBool::new(false),
            made: AtomicPtr::new(ptr::null_mut()),
            disposed: AtomicPtr::new(ptr::null_mut()),
        }
    }

    /// Describes a new block.
    pub fn set(&self, pages: Pages) {
        self.mapping_len.store(pages.mapping_len, Relaxed);
        self.start.store(pages.start.as_ptr() as usize, Relaxed);
        self.len.store(pages.len, Relaxed);
        self.number.store(LATEST_NUMBER.fetch_add(1, Relaxed) + 1, Relaxed);
        self.is_freed.store(false, Relaxed);
        self.made.store(ptr::null_mut(), Relaxed);
        self.disposed.store(ptr::null_mut(), Relaxed);
        self.mapping_start.store(pages.mapping_start.as_ptr() as usize, Release);
    }

    pub fn mark_freed(&self) {
        self.is_freed.store(true, Release);
    }

    /// Forgets the block.
    pub fn clear(&self) {
        self.mapping_start.store(0, Release);
    }

    pub fn note_place(&self, event: Event, text: &'static Text) {
        let place = match event {
            Event::Made => &self.made,
            Event::Disposed => &self.disposed,
        };
        place.store(ptr::from_ref(text).cast_mut(), Release);
    }

    /// A copy of the entry. `None` if it has no block.
    pub fn read(&self) -> Option<Snapshot> {
        let mapping_start = self.mapping_start.load(Acquire);
        let block = Snapshot {
            mapping_start,
            mapping_len: self.mapping_len.load(Relaxed),
            start: self.start.load(Relaxed),
            len: self.len.load(Relaxed),
            number: self.number.load(Relaxed),
            is_freed: self.is_freed.load(Acquire),
            made: text_of(&self.made),
            disposed: text_of(&self.disposed),
        };
        (mapping_start != 0).then_some(block)
    }
}

fn text_of(place: &AtomicPtr<Text>) -> Option<&'static Text> {
    // SAFETY: the pointer is null or a `&'static Text`: only `set` and `note_place` write it.
    unsafe { place.load(Acquire).as_ref() }
}

/// A copy of an entry.
pub struct Snapshot {
    pub mapping_start: usize,
    pub mapping_len: usize,
    pub start: usize,
    pub len: usize,
    pub number: u64,
    pub is_freed: bool,
    pub made: Option<&'static Text>,
    pub disposed: Option<&'static Text>,
}

/// The block whose mapping contains `address`. Takes no lock and no memory.
pub fn find(address: usize) -> Option<Snapshot> {
    let contains = |block: &Snapshot| address.wrapping_sub(block.mapping_start) < block.mapping_len;
    TABLE.iter().find_map(|entry| entry.read().filter(contains))
}
