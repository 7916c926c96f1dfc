//! The free entries of the table, the number of live blocks, and the quarantine. All threads share them, under one lock.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::table::ENTRY_COUNT;
use super::{Pages, MAX_LIVE_BLOCKS, MAX_QUARANTINED_BLOCKS, MAX_QUARANTINED_BYTES};

pub struct Lists {
    live_blocks: usize,
    /// The entries that have been in use and are free again.
    free: Vec<u32>,
    /// The lowest entry that has never been in use. All entries above it are unused, too.
    first_unused: u32,
    /// The freed blocks, each with its entry. The oldest comes first.
    quarantine: VecDeque<(u32, Pages)>,
    /// The address space in the quarantine.
    quarantined_bytes: usize,
}

static LISTS: Mutex<Lists> = Mutex::new(Lists::new());

pub fn lists() -> MutexGuard<'static, Lists> {
    LISTS.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Lists {
    const fn new() -> Lists {
        Lists { live_blocks: 0, free: Vec::new(), first_unused: 0, quarantine: VecDeque::new(), quarantined_bytes: 0 }
    }

    /// A free entry, for a new block, which counts as live from now on. `None` if there are too many live blocks, or if there
    /// is no memory for the lists. It reserves what the block needs when it is freed, so that freeing allocates nothing.
    pub fn take_entry(&mut self) -> Option<u32> {
        if self.live_blocks == MAX_LIVE_BLOCKS || (self.free.is_empty() && self.first_unused as usize == ENTRY_COUNT) {
            return None;
        }
        self.quarantine.try_reserve(MAX_QUARANTINED_BLOCKS - self.quarantine.len()).ok()?;
        self.free.try_reserve(self.first_unused as usize + 1 - self.free.len()).ok()?;
        let entry = self.free.pop().unwrap_or_else(|| {
            self.first_unused += 1;
            self.first_unused - 1
        });
        self.live_blocks += 1;
        Some(entry)
    }

    /// Gives back the entry of a block whose pages are unmapped.
    pub fn put_entry(&mut self, entry: u32) {
        self.free.push(entry);
    }

    /// A block that `take_entry` has counted is no longer live.
    pub fn count_freed(&mut self) {
        self.live_blocks -= 1;
    }

    /// Puts a freed block into the quarantine. If that has no place for one more block, this returns the oldest, which the
    /// caller unmaps.
    pub fn quarantine(&mut self, entry: u32, pages: Pages) -> Option<(u32, Pages)> {
        let oldest = if self.quarantine.len() == MAX_QUARANTINED_BLOCKS { self.pop_oldest() } else { None };
        self.quarantined_bytes += pages.mapping_len;
        self.quarantine.push_back((entry, pages));
        oldest
    }

    /// Takes the oldest block out of the quarantine, if that has too many bytes. The latest always stays, even if it is too
    /// large.
    pub fn pop_excess(&mut self) -> Option<(u32, Pages)> {
        if self.quarantined_bytes > MAX_QUARANTINED_BYTES && self.quarantine.len() > 1 {
            self.pop_oldest()
        } else {
            None
        }
    }

    pub fn quarantined_bytes(&self) -> usize {
        self.quarantined_bytes
    }

    /// Takes the oldest block out of the quarantine.
    pub fn pop_oldest(&mut self) -> Option<(u32, Pages)> {
        let (entry, pages) = self.quarantine.pop_front()?;
        self.quarantined_bytes -= pages.mapping_len;
        Some((entry, pages))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ptr::NonNull;

    #[test]
    fn freeing_needs_no_memory_even_if_many_threads_free_at_the_same_time() {
        let start = NonNull::dangling();
        let pages = Pages { mapping_start: start, mapping_len: 4096, start, len: 1 };
        let mut lists = Lists::new();
        let entry = lists.take_entry().unwrap();
        let capacity = lists.quarantine.capacity();
        for _ in 0..=capacity {
            lists.quarantine(entry, pages);
        }
        assert_eq!(lists.quarantine.capacity(), capacity);
    }
}
