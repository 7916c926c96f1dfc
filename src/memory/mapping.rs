//! A [`Mapping`]: memory that the system has mapped for us, unmapped exactly once, when it is dropped.

use std::ptr::NonNull;

use super::pages;
#[cfg(feature = "faults")]
use crate::testing::faults::{refuses, Request};

/// In bytes of address space. A process that fills its last megabytes with data is ended by V8, which needs some itself to
/// collect garbage (`Committing semi space failed`, under `ulimit -v`). With this much left, what is thrown can be caught.
pub const HEADROOM: usize = 128 << 20;

/// Whether the system has so much memory, or address space, for the process.
pub fn can_map(len: usize) -> bool {
    #[cfg(feature = "faults")]
    if refuses(Request::Mapping) {
        return false;
    }
    pages::can_map(len)
}

/// Anonymous private memory: zeros at first.
pub struct Mapping {
    map: pages::Map,
    /// Of the first byte to be used, aligned as asked for.
    offset: usize,
    /// In bytes, from there.
    len: usize,
}

impl Mapping {
    /// Maps `len` bytes that start at a multiple of `alignment`, or returns `None` where that does not leave the headroom,
    /// or `len` is zero.
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
        if !can_map(HEADROOM) {
            return None;
        }
        let offset = if slack == 0 { 0 } else { map.as_mut_ptr().align_offset(alignment) };
        let mapping = Mapping { map, offset, len };
        #[cfg(test)]
        crate::testing::ledger::mapped(mapping.map.as_mut_ptr(), mapping.map.len());
        Some(mapping)
    }

    /// Asks for huge pages. For the whole mapping, which has one set of flags so and stays one.
    pub fn advise_huge(&self) {
        pages::advise_huge(self.map.as_mut_ptr(), self.map.len());
    }

    /// What is `offset` bytes from the start, which must lie within the mapping. Valid for reads and writes of the bytes from
    /// there to the end for as long as the mapping lives.
    pub fn at(&self, offset: usize) -> NonNull<u8> {
        assert!(offset < self.len, "beyond the mapping");
        let start = NonNull::new(self.map.as_mut_ptr()).expect("nothing is mapped at address 0");
        // SAFETY: `self.offset + offset` lies within the mapping: `new` maps `self.offset + len` bytes, and see above.
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
    use crate::memory::{alone, pages::HUGE_PAGE};
    use crate::testing::ledger;

    const LENGTHS: [usize; 8] = [1, 4095, 4096, 4097, 128 << 10, HUGE_PAGE - 1, HUGE_PAGE, 3 * HUGE_PAGE + 5];

    #[test]
    fn none_of_more_than_the_system_can_map() {
        for len in [usize::MAX, usize::MAX - HUGE_PAGE, isize::MAX as usize, 1 << 60] {
            for alignment in [1, HUGE_PAGE] {
                assert!(Mapping::new(len, alignment).is_none(), "{len}");
            }
        }
        assert!(Mapping::new(0, 1).is_none());
    }

    #[test]
    fn holds_zeros_and_can_be_written_to_its_last_byte() {
        let _alone = alone();
        for len in LENGTHS {
            for alignment in [4096, HUGE_PAGE] {
                let mapping = Mapping::new(len, alignment).unwrap();
                assert_eq!(mapping.at(0).as_ptr() as usize % alignment, 0);
                // SAFETY: the mapping lives, and nobody else has it.
                let bytes = unsafe { std::slice::from_raw_parts_mut(mapping.at(0).as_ptr(), len) };
                assert!(bytes.iter().all(|byte| *byte == 0), "{len}");
                bytes.fill(0xff);
                assert_eq!(bytes[len - 1], 0xff);
            }
        }
    }

    #[test]
    #[should_panic(expected = "beyond the mapping")]
    fn gives_no_pointer_beyond_itself() {
        let _alone = alone();
        let mapping = Mapping::new(4096, 1).unwrap();
        mapping.at(4096);
    }

    #[test]
    fn is_unmapped_once_when_dropped() {
        let _alone = alone();
        for len in LENGTHS {
            let before = ledger::mappings();
            let mapping = Mapping::new(len, 1).unwrap();
            let last = mapping.at(len - 1).as_ptr();
            assert_eq!(ledger::mappings(), before + 1);
            assert!(ledger::holds(last), "{len}");
            drop(mapping);
            assert_eq!(ledger::mappings(), before);
            assert!(!ledger::holds(last), "{len}");
        }
    }
}
