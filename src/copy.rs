//! Moves bytes between two windows.

/// Copies `len` bytes; the windows may overlap.
///
/// # Safety
/// `source` must be valid for reads and `dest` for writes of `len` bytes.
pub unsafe fn copy(source: *const u8, dest: *mut u8, len: usize) {
    // SAFETY: the caller's obligation, word for word.
    unsafe { std::ptr::copy(source, dest, len) }
}
