//! Windows and other systems that have no guard. With `SMALLOC_GUARD=1` the package refuses to load there, so no function of
//! this file is called.

use std::ptr::NonNull;

pub fn page_size() -> usize {
    4096
}

pub fn reserve(_: usize) -> Option<NonNull<u8>> {
    None
}

/// # Safety
/// Nothing is needed, because it does nothing.
pub unsafe fn allow_access(_: NonNull<u8>, _: usize) -> bool {
    false
}

/// # Safety
/// Nothing is needed, because it does nothing.
pub unsafe fn forbid_access(_: NonNull<u8>, _: usize) -> bool {
    false
}

/// # Safety
/// Nothing is needed, because it does nothing.
pub unsafe fn unmap(_: NonNull<u8>, _: usize) {}

pub fn write_error(_: &[u8]) {}

pub fn watch_faults() {}
