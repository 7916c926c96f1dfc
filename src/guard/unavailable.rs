//! Systems that `SMALLOC_GUARD=1` knows no way on: Windows. There the package refuses to load with it.

use std::ptr::NonNull;

pub fn page_size() -> usize {
    4096
}

pub fn reserve(_: usize) -> Option<NonNull<u8>> {
    None
}

/// # Safety
/// None is needed: it does nothing.
pub unsafe fn allow(_: NonNull<u8>, _: usize) -> bool {
    false
}

/// # Safety
/// None is needed: it does nothing.
pub unsafe fn forbid(_: NonNull<u8>, _: usize) -> bool {
    false
}

/// # Safety
/// None is needed: it does nothing.
pub unsafe fn unmap(_: NonNull<u8>, _: usize) {}

pub fn write_error(_: &[u8]) {}

pub fn watch_faults() {}
