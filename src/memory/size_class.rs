//! The sizes that slots have. Each size is a [`SizeClass`].
//!
//! There are four classes for each doubling of the size, so a slot is at most a quarter larger than its block. A class is a
//! number of units. The unit is a page for small classes and a huge page for large ones: 1, 2, 3 … 8 units, then 10, 12, 14,
//! 16, then 20, 24, 28, 32 and so on.

use super::pages::HUGE_PAGE_BYTES;

/// The unit of small classes. If the pages of a system are larger, `Slab::map` rounds up.
const PAGE_BYTES: usize = 4096;

/// No system maps more.
const MAX_BYTES: usize = 1 << 47;

/// From 8 MiB on every class is huge: rounding up to huge pages adds at most a quarter. Below, most classes are small.
const SMALL_CLASS_COUNT: usize = index_of((8 << 20) / PAGE_BYTES) + 1;

/// The number of all classes.
pub const CLASS_COUNT: usize = SMALL_CLASS_COUNT + index_of(MAX_BYTES / HUGE_PAGE_BYTES) + 1;

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SizeClass {
    /// Less than [`CLASS_COUNT`].
    pub index: usize,
    /// The bytes of a slot.
    pub capacity: usize,
    /// Whether a slot is a whole number of huge pages.
    pub is_huge: bool,
}

impl SizeClass {
    /// The class for `len` bytes. `None` if `len` is 0 or more than a system can map.
    ///
    /// Nobody touches the bytes of a slot past its block, so they are only address space. The exception is the last huge page,
    /// which is memory as a whole. So a class is huge only if rounding to huge pages adds at most a quarter.
    pub fn of(len: usize) -> Option<SizeClass> {
        if len == 0 || len > MAX_BYTES {
            return None;
        }
        let is_huge = len.next_multiple_of(HUGE_PAGE_BYTES) - len <= len / 4;
        let (unit, first) = if is_huge { (HUGE_PAGE_BYTES, SMALL_CLASS_COUNT) } else { (PAGE_BYTES, 0) };
        let units = round_up(len.div_ceil(unit));
        Some(SizeClass { index: first + index_of(units), capacity: units * unit, is_huge })
    }
}

/// The lowest number of units, not less than `units`, that is a class.
const fn round_up(units: usize) -> usize {
    units.next_multiple_of(step(units))
}

/// The distance between the classes around `units`.
const fn step(units: usize) -> usize {
    if units <= 4 {
        1
    } else {
        1 << ((units - 1).ilog2() - 2)
    }
}

/// The number of classes below the class of `units`.
const fn index_of(units: usize) -> usize {
    let step = step(units);
    units.div_ceil(step) - 1 + 4 * step.ilog2() as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIB: usize = 1 << 10;
    const MIB: usize = 1 << 20;

    fn capacity(len: usize) -> usize {
        SizeClass::of(len).unwrap().capacity
    }

    fn is_huge(len: usize) -> bool {
        SizeClass::of(len).unwrap().is_huge
    }

    #[test]
    fn there_is_none_for_zero_bytes_and_for_more_than_a_system_maps() {
        assert_eq!(SizeClass::of(0), None);
        assert_eq!(SizeClass::of(MAX_BYTES + 1), None);
        assert_eq!(SizeClass::of(usize::MAX), None);
    }

    #[test]
    fn there_are_four_for_each_doubling() {
        assert_eq!([1, 4096, 4097, 16 * KIB].map(capacity), [4096, 4096, 8192, 16 * KIB]);
        let kibibytes = [128, 129, 160, 161, 200, 225, 256, 257].map(|kib| capacity(kib * KIB) / KIB);
        assert_eq!(kibibytes, [128, 160, 160, 192, 224, 256, 256, 320]);
        let mebibytes = [16, 17, 18, 64, 65, 513].map(|mib| capacity(mib * MIB) / MIB);
        assert_eq!(mebibytes, [16, 20, 20, 64, 80, 640]);
    }

    #[test]
    fn is_huge_where_that_adds_at_most_a_quarter() {
        for len in [2 * MIB, 2 * MIB - 4096, 4 * MIB - 5, 6 * MIB, 8 * MIB, 8 * MIB + 1, 64 * MIB + 1, 1 << 40] {
            assert!(is_huge(len), "{len}");
        }
        for len in [1, 128 * KIB, MIB, 2 * MIB + 1, 3 * MIB, 4 * MIB + 1] {
            assert!(!is_huge(len), "{len}");
        }
    }

    #[test]
    fn each_capacity_has_one_class_and_the_index_grows_with_it() {
        for unit in [PAGE_BYTES, HUGE_PAGE_BYTES] {
            let mut last: Option<SizeClass> = None;
            for units in (1..10_000).chain((14..26).map(|bits| 1 << bits)) {
                let Some(class) = SizeClass::of(units * unit) else { continue };
                assert!(class.index < CLASS_COUNT);
                assert!(class.capacity >= units * unit && class.capacity - units * unit <= units * unit / 4);
                if let Some(last) = last.filter(|last| last.is_huge == class.is_huge) {
                    assert!(class.index >= last.index);
                    assert_eq!(class.index == last.index, class.capacity == last.capacity, "{class:?} {last:?}");
                }
                last = Some(class);
            }
        }
    }
}
