//! Maps anonymous memory on POSIX systems.

use memmap2::{MmapOptions, MmapRaw};

/// Private memory. Its bytes are 0 at first. It is unmapped when dropped.
///
/// memmap2 ignores an error of munmap. There is only one case: the kernel has merged this mapping with its neighbours, and
/// splitting them would make one mapping too many. A process has at most as many of our mappings as slabs, a few thousand, so
/// this is rare. By then all pages of the slab have been purged, so only address space is lost.
pub type Map = MmapRaw;

pub fn map(len: usize) -> Option<Map> {
    MmapOptions::new().len(len).map_anon().ok().map(Map::from)
}

/// Whether so many bytes could be mapped. It maps them and unmaps them again, untouched, which takes 1.5 us.
pub fn can_map(len: usize) -> bool {
    map(len).is_some()
}
