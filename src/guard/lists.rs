//! Which entries of the table are free, and the quarantine.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::table::ENTRIES;
use super::{Pages, MOST_ALIVE, MOST_QUARANTINED, MOST_QUARANTINED_BYTES};

pub struct Lists {
    alive: usize,
    /// Entries that have been in use, and are not.
    free: Vec<u32>,
    /// Entries from here on have never been.
    unused: u32,
    /// The oldest comes first.
    quarantine: VecDeque<(u32, Pages)>,
    /// Of address space, in the quarantine.
    quarantined_bytes: usize,
}

static LISTS: Mutex<Lists> =
    Mutex::new(Lists { alive: 0, free: Vec::new(), unused: 0, quarantine: VecDeque::new(), quarantined_bytes: 0 });

pub fn lists() -> MutexGuard<'static, Lists> {
    LISTS.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Lists {
    /// `None` where too many are alive, or there is no memory for the lists. What this reserves is all that the way back needs.
    pub fn take_entry(&mut self) -> Option<u32> {
        if self.alive == MOST_ALIVE || (self.free.is_empty() && self.unused as usize == ENTRIES) {
            return None;
        }
        self.quarantine.try_reserve(MOST_QUARANTINED + 1 - self.quarantine.len().min(MOST_QUARANTINED)).ok()?;
        self.free.try_reserve(self.unused as usize + 1 - self.free.len()).ok()?;
        let entry = self.free.pop().unwrap_or_else(|| {
            self.unused += 1;
            self.unused - 1
        });
        self.alive += 1;
        Some(entry)
    }

    /// The entry of a block whose pages are unmapped.
    pub fn put_entry(&mut self, entry: u32) {
        self.free.push(entry);
    }

    /// One that `take_entry` has counted is alive no more.
    pub fn ended(&mut self) {
        self.alive -= 1;
    }

    pub fn quarantine(&mut self, entry: u32, pages: Pages) {
        self.quarantined_bytes += pages.whole_len;
        self.quarantine.push_back((entry, pages));
    }

    /// The oldest, where there are too many. The latest stays, whatever its size.
    pub fn pop_excess(&mut self) -> Option<(u32, Pages)> {
        let is_full = self.quarantine.len() > MOST_QUARANTINED || self.quarantined_bytes > MOST_QUARANTINED_BYTES;
        if is_full && self.quarantine.len() > 1 {
            self.pop_oldest()
        } else {
            None
        }
    }

    pub fn pop_oldest(&mut self) -> Option<(u32, Pages)> {
        let (entry, pages) = self.quarantine.pop_front()?;
        self.quarantined_bytes -= pages.whole_len;
        Some((entry, pages))
    }
}
