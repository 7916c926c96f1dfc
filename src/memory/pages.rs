//! What is asked of the system about pages: one file a system.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
use linux as system;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;
#[cfg(windows)]
use windows as system;
#[cfg(not(any(target_os = "linux", windows)))]
mod other;
#[cfg(not(any(target_os = "linux", windows)))]
use other as system;

pub use system::{advise_huge, can_map, map, size, Map, CAN_PURGE, HAS_HUGE};

use std::ptr::NonNull;

/// In bytes, as x86-64 and ARM64 have it. Elsewhere it is no more than a size to round to.
pub const HUGE_PAGE: usize = 2 << 20;

/// In bytes: whoever maps memory on another thread may wait for the end of one call. In small pages a MiB takes 40 us, and up
/// to 0.4 ms where others have both cores (Linux 6.18, EPYC): 16 MiB at once took 6 ms then. In huge pages it takes 3 us.
const PURGED_AT_ONCE: usize = 4 << 20;

/// Gives whole pages back to the system. True where it has taken them all and they read as zeros from now on; otherwise
/// nobody knows what is in them.
///
/// # Safety
/// The `len` bytes at `start` must be whole pages of private anonymous memory, and nobody may use them meanwhile.
pub unsafe fn purge(start: NonNull<u8>, len: usize) -> bool {
    (0..len).step_by(PURGED_AT_ONCE).all(|offset| {
        let step = PURGED_AT_ONCE.min(len - offset);
        // SAFETY: the caller's obligation, for a part of these pages: a step is whole pages, too.
        unsafe { system::purge(start.as_ptr().wrapping_add(offset), step) }
    })
}

/// The whole pages of `page` bytes within the `len` bytes at `start`: the offset of the first, and the bytes of all.
pub fn whole_pages(start: usize, len: usize, page: usize) -> Option<(usize, usize)> {
    let first = start.checked_next_multiple_of(page)?;
    let end = start.checked_add(len)? / page * page;
    (first < end).then(|| (first - start, end - first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_pages_lie_within() {
        assert_eq!(whole_pages(0, 4096, 4096), Some((0, 4096)));
        assert_eq!(whole_pages(1, 4096, 4096), None);
        assert_eq!(whole_pages(1, 8191, 4096), Some((4095, 4096)));
        assert_eq!(whole_pages(4096, 8191, 4096), Some((0, 4096)));
        assert_eq!(whole_pages(100, 0, 4096), None);
        assert_eq!(whole_pages(usize::MAX - 10, 5, 4096), None);
        assert_eq!(whole_pages(4096, usize::MAX, 4096), None);
    }
}
