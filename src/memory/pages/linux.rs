//! Linux: `madvise` purges pages and asks for huge ones.

pub use super::unix::{can_map, map, Map};

/// Whether the system can purge pages: take them back, and keep their addresses mapped.
pub const CAN_PURGE: bool = true;

/// Whether a mapping may have huge pages. They must start at a multiple of their size.
pub const HAS_HUGE: bool = true;

/// The bytes of a page.
pub fn size() -> usize {
    // SAFETY: sysconf takes no pointer.
    let size = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
    usize::try_from(size).unwrap_or(64 << 10) // the largest page of any processor
}

/// Asks the system to use huge pages. 2 MiB then have one page fault instead of 512, and the first touch of 64 MiB takes a
/// quarter of the time. False if the system refuses; the memory then has small pages.
pub fn advise_huge(start: *mut u8, len: usize) -> bool {
    // SAFETY: the advice changes no byte. If the address is not mapped, madvise returns an error.
    unsafe { libc::madvise(start.cast(), len, libc::MADV_HUGEPAGE) == 0 }
}

/// Purges pages. Unlike munmap, MADV_DONTNEED splits no mapping. It fails if the pages are locked, as with mlockall.
///
/// # Safety
/// As for `pages::purge`.
pub unsafe fn purge(start: *mut u8, len: usize) -> bool {
    // SAFETY: the call sets these bytes to 0. The caller guarantees that nobody uses them.
    unsafe { libc::madvise(start.cast(), len, libc::MADV_DONTNEED) == 0 }
}

#[cfg(test)]
mod tests {
    use super::super::purge;
    use crate::memory::{alone, mapping::Mapping};
    use crate::testing::holds_only;

    #[test]
    fn what_is_purged_reads_as_zeros_to_its_last_byte() {
        let _alone = alone();
        let len = 40 << 20;
        let mapping = Mapping::new(len, super::size()).unwrap();
        let start = mapping.at(0);
        // SAFETY: a mapping is valid for `len` bytes while it lives, and nothing else points to this one. It starts at a page,
        // and `len` less 4 MiB is whole pages.
        unsafe {
            start.write_bytes(0xff, len);
            assert!(purge(start, len - (4 << 20)));
            let bytes = std::slice::from_raw_parts(start.as_ptr(), len);
            assert!(holds_only(&bytes[..len - (4 << 20)], 0));
            assert!(holds_only(&bytes[len - (4 << 20)..], 0xff));
        }
    }

    #[test]
    fn what_is_not_mapped_cannot_be_purged() {
        // SAFETY: no system maps anything at address 4096, so the call changes no byte.
        assert!(!unsafe { purge(std::ptr::NonNull::without_provenance(4096.try_into().unwrap()), 4096) });
    }
}
