//! Linux.

pub use super::unix::{can_map, map, Map};

/// Whether pages can be given back without being unmapped.
pub const CAN_PURGE: bool = true;

/// Whether a mapping may have huge pages, which must start at a multiple of their size.
pub const HAS_HUGE: bool = true;

/// Of a page, in bytes.
pub fn size() -> usize {
    // SAFETY: sysconf takes no pointer.
    let size = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
    usize::try_from(size).unwrap_or(64 << 10) // the largest that there are
}

/// Has the system use huge pages: one page fault for 2 MiB instead of 512, with which the first touch of 64 MiB takes a
/// quarter of the time. False where it has none; small pages hold the same bytes.
pub fn advise_huge(start: *mut u8, len: usize) -> bool {
    // SAFETY: the advice changes no byte. What is no mapping is answered with a status.
    unsafe { libc::madvise(start.cast(), len, libc::MADV_HUGEPAGE) == 0 }
}

/// # Safety
/// That of `pages::purge`.
pub unsafe fn purge(start: *mut u8, len: usize) -> bool {
    // Unlike munmap it splits no mapping. It fails for pages that are locked, as mlockall has it.
    // SAFETY: nobody uses these bytes, as the caller vouches, so nobody minds that they become zeros.
    unsafe { libc::madvise(start.cast(), len, libc::MADV_DONTNEED) == 0 }
}

#[cfg(test)]
mod tests {
    use super::super::purge;
    use crate::memory::{alone, mapping::Mapping};

    #[test]
    fn what_is_purged_reads_as_zeros_to_its_last_byte() {
        let _alone = alone();
        let len = 40 << 20;
        let mapping = Mapping::new(len, super::size()).unwrap();
        let start = mapping.at(0);
        // SAFETY: the mapping is `len` bytes long, and nobody else has it.
        unsafe {
            start.write_bytes(0xff, len);
            assert!(purge(start, len - (4 << 20)));
            let bytes = std::slice::from_raw_parts(start.as_ptr(), len);
            assert!(bytes[..len - (4 << 20)].iter().all(|byte| *byte == 0));
            assert!(bytes[len - (4 << 20)..].iter().all(|byte| *byte == 0xff));
        }
    }

    #[test]
    fn what_is_not_mapped_cannot_be_purged() {
        // SAFETY: no system maps anything there.
        assert!(!unsafe { purge(std::ptr::NonNull::without_provenance(4096.try_into().unwrap()), 4096) });
    }
}
