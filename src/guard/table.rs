//! All guarded blocks, alive and in quarantine, where a signal handler finds them: it may wait for no lock and ask for no
//! memory. An entry is written by whoever owns it; `lists` says who does.

use std::ptr;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU64, AtomicUsize};

use super::texts::Text;
use super::{Event, Pages, MOST_ALIVE, MOST_QUARANTINED};

/// Beyond the limit of the quarantine there may be, for a moment, one a thread; nobody starts so many that it matters.
pub const ENTRIES: usize = MOST_ALIVE + 2 * MOST_QUARANTINED;

/// 1.5 MiB of zeros, of which a process without guard touches none.
pub static TABLE: [Entry; ENTRIES] = [const { Entry::new() }; ENTRIES];

static LATEST_NUMBER: AtomicU64 = AtomicU64::new(0);

pub struct Entry {
    /// Where its pages start; 0 where there is no block. Written last when one begins, first when it ends.
    whole: AtomicUsize,
    whole_len: AtomicUsize,
    start: AtomicUsize,
    len: AtomicUsize,
    /// Counts the guarded blocks of this process, from 1 on.
    number: AtomicU64,
    is_given_back: AtomicBool,
    made: AtomicPtr<Text>,
    disposed: AtomicPtr<Text>,
}

impl Entry {
    const fn new() -> Entry {
        Entry {
            whole: AtomicUsize::new(0),
            whole_len: AtomicUsize::new(0),
            start: AtomicUsize::new(0),
            len: AtomicUsize::new(0),
            number: AtomicU64::new(0),
            is_given_back: AtomicBool::new(false),
            made: AtomicPtr::new(ptr::null_mut()),
            disposed: AtomicPtr::new(ptr::null_mut()),
        }
    }

    pub fn begin(&self, pages: Pages) {
        self.whole_len.store(pages.whole_len, Relaxed);
        self.start.store(pages.start.as_ptr() as usize, Relaxed);
        self.len.store(pages.len, Relaxed);
        self.number.store(LATEST_NUMBER.fetch_add(1, Relaxed) + 1, Relaxed);
        self.is_given_back.store(false, Relaxed);
        self.made.store(ptr::null_mut(), Relaxed);
        self.disposed.store(ptr::null_mut(), Relaxed);
        self.whole.store(pages.whole.as_ptr() as usize, Release);
    }

    pub fn give_back(&self) {
        self.is_given_back.store(true, Release);
    }

    pub fn end(&self) {
        self.whole.store(0, Release);
    }

    pub fn note(&self, event: Event, text: &'static Text) {
        let place = match event {
            Event::Made => &self.made,
            Event::Disposed => &self.disposed,
        };
        place.store(ptr::from_ref(text).cast_mut(), Release);
    }

    /// What the entry says, where it has a block.
    pub fn read(&self) -> Option<Found> {
        let whole = self.whole.load(Acquire);
        let found = Found {
            whole,
            whole_len: self.whole_len.load(Relaxed),
            start: self.start.load(Relaxed),
            len: self.len.load(Relaxed),
            number: self.number.load(Relaxed),
            is_given_back: self.is_given_back.load(Acquire),
            made: text_of(&self.made),
            disposed: text_of(&self.disposed),
        };
        (whole != 0).then_some(found)
    }
}

fn text_of(place: &AtomicPtr<Text>) -> Option<&'static Text> {
    // SAFETY: `note` alone writes it, a text that lives for ever.
    unsafe { place.load(Acquire).as_ref() }
}

/// A copy of an entry.
pub struct Found {
    pub whole: usize,
    pub whole_len: usize,
    pub start: usize,
    pub len: usize,
    pub number: u64,
    pub is_given_back: bool,
    pub made: Option<&'static Text>,
    pub disposed: Option<&'static Text>,
}

/// The block in whose pages `address` lies. Takes no lock and no memory.
pub fn find(address: usize) -> Option<Found> {
    let found = |entry: &Entry| entry.read().filter(|found| address.wrapping_sub(found.whole) < found.whole_len);
    TABLE.iter().find_map(found)
}
