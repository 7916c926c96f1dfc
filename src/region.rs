//! A [`Region`]: memory that the system has mapped for us, unmapped exactly once, when it is dropped.

#[cfg(feature = "guarded")]
use crate::guarded::{MmapMut, MmapOptions};
#[cfg(not(feature = "guarded"))]
use memmap2::{MmapMut, MmapOptions};

#[cfg(feature = "faults")]
use crate::faults::{refuses, Request};

const HUGE_PAGE: usize = 2 << 20;

/// In bytes of address space. A process that fills its last megabytes with data is ended by V8, which needs some itself to
/// collect garbage (`Committing semi space failed`, under `ulimit -v`). With this much left, what is thrown can be caught.
pub const HEADROOM: usize = 128 << 20;

/// Whether the system has so much address space for the process. To see takes 1.5 us: a mapping that is never touched.
pub fn can_map(len: usize) -> bool {
    #[cfg(feature = "faults")]
    if refuses(Request::Mapping) {
        return false;
    }
    MmapOptions::new().len(len).map_anon().is_ok()
}

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
    /// Maps `capacity` bytes of zeros, or returns `None` where that does not leave the headroom, or `capacity` is zero.
    pub fn map(capacity: usize) -> Option<Region> {
        if capacity == 0 {
            return None;
        }
        #[cfg(feature = "faults")]
        if refuses(Request::Mapping) {
            return None;
        }
        let slack = if capacity >= HUGE_PAGE { HUGE_PAGE } else { 0 };
        let map = MmapOptions::new().len(capacity.checked_add(slack)?).map_anon().ok()?;
        if !can_map(HEADROOM) {
            return None;
        }
        let start = if slack == 0 { 0 } else { map.as_ptr().align_offset(HUGE_PAGE) };
        #[cfg(feature = "guarded")]
        let map = map.guard(start..start + capacity);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger;

    const LENGTHS: [usize; 8] = [1, 4095, 4096, 4097, 128 << 10, HUGE_PAGE - 1, HUGE_PAGE, 3 * HUGE_PAGE + 5];

    #[test]
    fn none_of_more_than_the_system_can_map() {
        for capacity in [usize::MAX, usize::MAX - HUGE_PAGE, isize::MAX as usize, 1 << 60] {
            assert!(Region::map(capacity).is_none(), "{capacity}");
        }
    }

    #[test]
    fn holds_zeros_and_can_be_written_to_its_last_byte() {
        let _alone = ledger::alone();
        for capacity in LENGTHS {
            let mut region = Region::map(capacity).unwrap();
            assert_eq!(region.capacity(), capacity);
            assert_eq!(region.bytes().len(), capacity);
            assert!(region.bytes().iter().all(|byte| *byte == 0), "{capacity}");
            region.bytes().fill(0xff);
            assert_eq!(region.bytes()[capacity - 1], 0xff);
        }
    }

    #[test]
    fn starts_on_a_huge_page_where_it_can_hold_one() {
        let _alone = ledger::alone();
        for capacity in [HUGE_PAGE, HUGE_PAGE + 1, 5 * HUGE_PAGE, 64 << 20] {
            let regions: Vec<_> = (0..3).map(|_| Region::map(capacity).unwrap()).collect();
            for mut region in regions {
                assert_eq!(region.bytes().as_ptr() as usize % HUGE_PAGE, 0, "{capacity}");
            }
        }
    }

    #[test]
    fn is_unused_until_marked() {
        let _alone = ledger::alone();
        let mut region = Region::map(4096).unwrap();
        assert!(!region.is_used());
        region.mark_used();
        assert!(region.is_used());
    }

    #[test]
    fn is_unmapped_once_when_dropped() {
        let _alone = ledger::alone();
        for capacity in LENGTHS {
            let before = ledger::mappings();
            let mut region = Region::map(capacity).unwrap();
            let last = &raw const region.bytes()[capacity - 1];
            assert_eq!(ledger::mappings(), before + 1);
            assert!(ledger::holds(last), "{capacity}");
            drop(region);
            assert_eq!(ledger::mappings(), before);
            assert!(!ledger::holds(last), "{capacity}");
        }
    }
}
