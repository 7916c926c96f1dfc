//! A [`Mapping`]: memory that the system has mapped for us. It is unmapped exactly once, when it is dropped.
//!
//! A new mapping is refused if it would not leave the headroom ([`HEADROOM_BYTES`]) to the engine.

use std::ptr::NonNull;

use super::pages;
#[cfg(feature = "faults")]
use crate::testing::faults::{refuses, Request};

/// The address space that every mapping leaves to the engine. V8 needs some to collect garbage. If it gets none, it ends the
/// process (`Committing semi space failed`, under `ulimit -v`). With this much left, a program can catch the RangeError.
pub const HEADROOM_BYTES: usize = 128 << 20;

/// Whether the system could map `len` bytes now. Nothing stays mapped.
pub fn can_map(len: usize) -> bool {
    #[cfg(feature = "faults")]
    if refuses(Request::Mapping) {
        return false;
    }
    pages::can_map(len)
}

/// Private anonymous memory. Its bytes are 0 at first.
pub struct Mapping {
    map: pages::Map,
    /// Where the aligned bytes start in `map`.
    offset: usize,
    /// The number of bytes from there on. `offset + len` is at most the length of `map`.
    len: usize,
}

impl Mapping {
    /// Maps `len` bytes that start at a multiple of `alignment`. `None` if that does not leave the headroom, or if `len` is 0.
    pub fn new(len: usize, alignment: usize) -> Option<Mapping> {
        if len == 0 {
            return None;
        }
        #[cfg(feature = "faults")]
        if refuses(Request::Mapping) {
            return None;
        }
        let slack = if alignment > pages::size() { alignment } else { 0 };
        let map = pages::map(len.checked_add(slack)?)?;
        if !can_map(HEADROOM_BYTES) {
            return None;
        }
        let offset = if slack == 0 { 0 } else { map.as_mut_ptr().align_offset(alignment) };
        let mapping = Mapping { map, offset, len };
        #[cfg(test)]
        crate::testing::ledger::mapped(mapping.map.as_mut_ptr(), mapping.map.len());
        Some(mapping)
    }

    /// Asks for huge pages, for the whole mapping. Advice for a part would split the mapping in two.
    pub fn advise_huge(&self) {
        pages::advise_huge(self.map.as_mut_ptr(), self.map.len());
    }

    /// A pointer to the byte at `offset`. It is valid for reads and writes from there to the end of the mapping, while the
    /// mapping lives.
    ///
    /// # Panics
    /// If `offset` is not less than the length.
    pub fn at(&self, offset: usize) -> NonNull<u8> {
        assert!(offset < self.len, "beyond the mapping");
        let start = NonNull::new(self.map.as_mut_ptr()).expect("nothing is mapped at address 0");
        // SAFETY: `offset < self.len` is asserted above, and `new` has mapped at least `self.offset + self.len` bytes.
        unsafe { start.add(self.offset + offset) }
    }
}

#[cfg(test)]
impl Drop for Mapping {
    fn drop(&mut self) {
        crate::testing::ledger::unmapped(self.map.as_mut_ptr(), self.map.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::{alone, pages::HUGE_PAGE_BYTES};
    use crate::testing::{holds_only, ledger};

    const LENGTHS: [usize; 8] =
        [1, 4095, 4096, 4097, 128 << 10, HUGE_PAGE_BYTES - 1, HUGE_PAGE_BYTES, 3 * HUGE_PAGE_BYTES + 5];

    #[test]
    fn none_of_more_than_the_system_can_map() {
        for len in [usize::MAX, usize::MAX - HUGE_PAGE_BYTES, isize::MAX as usize, 1 << 60] {
            for alignment in [1, HUGE_PAGE_BYTES] {
                assert!(Mapping::new(len, alignment).is_none(), "{len}");
            }
        }
        assert!(Mapping::new(0, 1).is_none());
    }

    #[test]
    fn holds_zeros_can_be_written_to_its_last_byte_and_is_unmapped_once_when_dropped() {
        let _alone = alone();
        for (len, alignment) in LENGTHS.into_iter().flat_map(|len| [(len, 4096), (len, HUGE_PAGE_BYTES)]) {
            let before = ledger::mappings();
            let mapping = Mapping::new(len, alignment).unwrap();
            let (start, last) = (mapping.at(0).as_ptr(), mapping.at(len - 1).as_ptr());
            assert_eq!(start as usize % alignment, 0);
            // SAFETY: a mapping is valid for `len` bytes while it lives, and nothing else points to this one.
            let bytes = unsafe { std::slice::from_raw_parts_mut(start, len) };
            assert!(holds_only(bytes, 0), "{len}");
            bytes.fill(0xff);
            assert_eq!(ledger::mappings(), before + 1);
            assert!(ledger::holds(last), "{len}");
            drop(mapping);
            assert_eq!(ledger::mappings(), before);
            assert!(!ledger::holds(last), "{len}");
        }
    }

    #[test]
    #[should_panic(expected = "beyond the mapping")]
    fn gives_no_pointer_beyond_itself() {
        let _alone = alone();
        let mapping = Mapping::new(4096, 1).unwrap();
        mapping.at(4096);
    }
}
