//! Anonymous memory of POSIX systems.

use memmap2::{MmapOptions, MmapRaw};

/// Private, zeros at first, unmapped when dropped.
///
/// memmap2 ignores it where munmap fails. It does so only where a hole would be one mapping too many: the kernel may have
/// merged this one with its neighbours. There are no more of them than slabs, a few thousand, and all pages of a slab have
/// been purged by then: what would stay is address space.
pub type Map = MmapRaw;

pub fn map(len: usize) -> Option<Map> {
    MmapOptions::new().len(len).map_anon().ok().map(Map::from)
}

/// Whether so many bytes could be mapped. To see takes 1.5 us: a mapping that is never touched.
pub fn can_map(len: usize) -> bool {
    map(len).is_some()
}
