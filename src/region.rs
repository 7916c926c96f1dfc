//! A [`Region`]: memory that the system has mapped for us, unmapped exactly once, when it is dropped.

use memmap2::{MmapMut, MmapOptions};

const HUGE_PAGE: usize = 2 << 20;

/// Anonymous private memory. It starts on a huge page where it is long enough to hold one.
pub struct Region {
    map: MmapMut,
    /// Where the usable bytes start within `map`; `start + capacity <= map.len()`.
    start: usize,
    capacity: usize,
    /// Whether a block has had these bytes; until then they are zeros.
    used: bool,
}

impl Region {
    /// Maps `capacity` bytes of zeros, or returns `None` where the system has no memory or `capacity` is zero.
    pub fn map(capacity: usize) -> Option<Region> {
        let slack = if capacity >= HUGE_PAGE { HUGE_PAGE } else { 0 };
        let map = MmapOptions::new().len(capacity.checked_add(slack)?).map_anon().ok()?;
        let start = if slack == 0 { 0 } else { map.as_ptr().align_offset(HUGE_PAGE) };
        let region = Region { map, start, capacity, used: false };
        region.ask_for_huge_pages();
        #[cfg(test)]
        crate::ledger::mapped(region.map.as_ptr(), region.map.len());
        Some(region)
    }

    /// One page fault for 2 MiB instead of 512: the first touch of 64 MiB takes a quarter of the time. Only whole huge
    /// pages are asked for: a tail in a huge page would hold up to 2 MiB more than its block.
    #[cfg(target_os = "linux")]
    fn ask_for_huge_pages(&self) {
        let whole = self.capacity / HUGE_PAGE * HUGE_PAGE;
        if whole > 0 {
            // A kernel without transparent huge pages refuses. Small pages hold the same bytes.
            let _ = self.map.advise_range(memmap2::Advice::HugePage, self.start, whole);
        }
    }

    #[cfg(not(target_os = "linux"))]
    fn ask_for_huge_pages(&self) {}

    /// In bytes.
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    pub fn bytes(&mut self) -> &mut [u8] {
        &mut self.map[self.start..self.start + self.capacity]
    }

    pub fn is_used(&self) -> bool {
        self.used
    }

    pub fn mark_used(&mut self) {
        self.used = true;
    }
}

#[cfg(test)]
impl Drop for Region {
    fn drop(&mut self) {
        crate::ledger::unmapped(self.map.as_ptr(), self.map.len());
    }
}
