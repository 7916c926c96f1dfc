//! macOS and other systems that have no call which surely takes pages back and leaves zeros.
//!
//! MADV_FREE_REUSABLE of macOS leaves the bytes as they are, and macOS still counts a part of them as dirty. So a slab has
//! one slot here, and its memory goes back when the slab is unmapped.

pub use super::unix::{can_map, map, Map};

/// Whether the system can purge pages: take them back, and keep their addresses mapped.
pub const CAN_PURGE: bool = false;

/// Whether a mapping may have huge pages.
pub const HAS_HUGE: bool = false;

/// The bytes to which the parts of a mapping are rounded up: the largest page of these systems.
pub fn size() -> usize {
    16 << 10
}

pub fn advise_huge(_: *mut u8, _: usize) -> bool {
    false
}

/// # Safety
/// Nothing is needed, because it does nothing. It is unsafe as on the other systems.
pub unsafe fn purge(_: *mut u8, _: usize) -> bool {
    false
}
