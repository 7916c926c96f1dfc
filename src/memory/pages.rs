//! Asks the operating system to map, purge and advise pages.
//!
//! There is one file for each system, with the same functions. `CAN_PURGE` and `HAS_HUGE` say what the system can do.

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

/// The size of a huge page on x86-64, and on ARM64 with small pages of 4 KiB. On other systems it is only a size to round to.
pub const HUGE_PAGE_BYTES: usize = 2 << 20;

/// One call of the system purges at most this much, because another thread that maps memory may wait until the call ends.
/// 1 MiB takes 40 us in small pages, and up to 0.4 ms if other programs use both cores; then 16 MiB in one call took 6 ms. In
/// huge pages 1 MiB takes 3 us (Linux 6.18, EPYC).
const PURGE_STEP_BYTES: usize = 4 << 20;

/// Returns whole pages to the system. True if the system has taken all of them, and they read as 0 from now on. Otherwise the
/// bytes may be anything.
///
/// # Safety
/// The `len` bytes at `start` must be whole pages of private anonymous memory. Nobody may use them meanwhile.
pub unsafe fn purge(start: NonNull<u8>, len: usize) -> bool {
    (0..len).step_by(PURGE_STEP_BYTES).all(|offset| {
        let step = PURGE_STEP_BYTES.min(len - offset);
        // SAFETY: the step is a part of the caller's pages. It is whole pages, because `PURGE_STEP_BYTES` and `len` are.
        unsafe { system::purge(start.as_ptr().wrapping_add(offset), step) }
    })
}

/// The whole pages of `page_bytes` within the `len` bytes at `start`: the offset of the first page, and the bytes of all
/// pages. `None` if there is none.
pub fn whole_pages(start: usize, len: usize, page_bytes: usize) -> Option<(usize, usize)> {
    let first = start.checked_next_multiple_of(page_bytes)?;
    let end = start.checked_add(len)? / page_bytes * page_bytes;
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
