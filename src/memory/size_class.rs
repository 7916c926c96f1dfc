//! The sizes that slots have: a [`SizeClass`] for each.

use super::pages::HUGE_PAGE;

/// In bytes: the unit of small sizes. Where pages are larger, a slab rounds up.
const PAGE: usize = 4096;

/// In bytes: no system maps more.
const LARGEST: usize = 1 << 47;

/// From 8 MiB on what rounding to huge pages adds is never more than a quarter. Below that many sizes are small.
const SMALL_CLASSES: usize = number_of((8 << 20) / PAGE) + 1;

/// The number of classes.
pub const COUNT: usize = SMALL_CLASSES + number_of(LARGEST / HUGE_PAGE) + 1;

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SizeClass {
    /// Less than [`COUNT`].
    pub number: usize,
    /// Of a slot, in bytes.
    pub capacity: usize,
    /// Whether a slot is whole huge pages.
    pub is_huge: bool,
}

impl SizeClass {
    /// The class for `len` bytes: `None` for none, and for more than there can be.
    ///
    /// Each doubling has four, so a slot is at most a quarter larger than its block. What is beyond the block is not
    /// touched and takes address space alone; but for the last huge page, hence huge pages only where they round by no more
    /// than that quarter.
    pub fn of(len: usize) -> Option<SizeClass> {
        if len == 0 || len > LARGEST {
            return None;
        }
        let is_huge = len.next_multiple_of(HUGE_PAGE) - len <= len / 4;
        let (unit, first) = if is_huge { (HUGE_PAGE, SMALL_CLASSES) } else { (PAGE, 0) };
        let units = rounded(len.div_ceil(unit));
        Some(SizeClass { number: first + number_of(units), capacity: units * unit, is_huge })
    }
}

/// The next number that has a class: all up to 8, then 10, 12, 14, 16, 20, 24, 28, 32 and so on.
const fn rounded(units: usize) -> usize {
    units.next_multiple_of(step(units))
}

/// Between the classes around `units`.
const fn step(units: usize) -> usize {
    if units <= 4 {
        1
    } else {
        1 << ((units - 1).ilog2() - 2)
    }
}

/// Counts the classes below that of `units`.
const fn number_of(units: usize) -> usize {
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
    fn none_for_nothing_and_for_more_than_there_can_be() {
        assert_eq!(SizeClass::of(0), None);
        assert_eq!(SizeClass::of(LARGEST + 1), None);
        assert_eq!(SizeClass::of(usize::MAX), None);
    }

    #[test]
    fn four_a_doubling() {
        assert_eq!([1, 4096, 4097, 16 * KIB].map(capacity), [4096, 4096, 8192, 16 * KIB]);
        let kibibytes = [128, 129, 160, 161, 200, 225, 256, 257].map(|kib| capacity(kib * KIB) / KIB);
        assert_eq!(kibibytes, [128, 160, 160, 192, 224, 256, 256, 320]);
        let mebibytes = [16, 17, 18, 64, 65, 513].map(|mib| capacity(mib * MIB) / MIB);
        assert_eq!(mebibytes, [16, 20, 20, 64, 80, 640]);
    }

    #[test]
    fn huge_pages_where_they_add_no_more_than_a_quarter() {
        for len in [2 * MIB, 2 * MIB - 4096, 4 * MIB - 5, 6 * MIB, 8 * MIB, 8 * MIB + 1, 64 * MIB + 1, 1 << 40] {
            assert!(is_huge(len), "{len}");
        }
        for len in [1, 128 * KIB, MIB, 2 * MIB + 1, 3 * MIB, 4 * MIB + 1] {
            assert!(!is_huge(len), "{len}");
        }
    }

    #[test]
    fn each_capacity_is_its_own_class_and_numbers_go_with_capacities() {
        for unit in [PAGE, HUGE_PAGE] {
            let mut last: Option<SizeClass> = None;
            for units in (1..10_000).chain((14..26).map(|bits| 1 << bits)) {
                let Some(class) = SizeClass::of(units * unit) else { continue };
                assert!(class.number < COUNT);
                assert!(class.capacity >= units * unit && class.capacity - units * unit <= units * unit / 4);
                if let Some(last) = last.filter(|last| last.is_huge == class.is_huge) {
                    assert!(class.number >= last.number);
                    assert_eq!(class.number == last.number, class.capacity == last.capacity, "{class:?} {last:?}");
                }
                last = Some(class);
            }
        }
    }
}
