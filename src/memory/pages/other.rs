//! Systems on which no call gives pages back for sure and leaves zeros in them. macOS keeps counting what is
//! MADV_FREE_REUSABLE as dirty in part, and leaves the bytes. There a slab has one slot, and is unmapped.

pub use super::unix::{can_map, map, Map};

/// Whether pages can be given back without being unmapped.
pub const CAN_PURGE: bool = false;

/// Whether a mapping may have huge pages.
pub const HAS_HUGE: bool = false;

/// What a mapping's parts are rounded to, in bytes: the largest page there is.
pub fn size() -> usize {
    16 << 10
}

pub fn advise_huge(_: *mut u8, _: usize) -> bool {
    false
}

/// # Safety
/// That of `pages::purge`; does nothing.
pub unsafe fn purge(_: *mut u8, _: usize) -> bool {
    false
}
