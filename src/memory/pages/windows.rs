//! Windows: memory of VirtualAlloc, which is not purged.

use std::mem::MaybeUninit;
use std::ptr::{self, NonNull};

use windows_sys::Win32::System::Memory::{
    VirtualAlloc, VirtualFree, MEM_COMMIT, MEM_RELEASE, MEM_RESERVE, PAGE_READWRITE,
};
use windows_sys::Win32::System::SystemInformation::{GlobalMemoryStatusEx, MEMORYSTATUSEX};

/// Whether the system can purge pages. It cannot: decommitted pages must be committed again, which may fail, and discarded or
/// reset pages may hold anything. So a slab has one slot here, and its memory goes back when the slab is unmapped.
pub const CAN_PURGE: bool = false;

/// Whether a mapping may have huge pages. They need a privilege that users do not have.
pub const HAS_HUGE: bool = false;

/// The bytes of a page, the same on x64 and ARM64.
pub fn size() -> usize {
    4 << 10
}

/// Private memory. Its bytes are 0 at first. It is released when dropped.
///
/// memmap2 is not used here: it makes executable sections, which a policy against dynamic code may refuse.
pub struct Map {
    start: NonNull<u8>,
    len: usize,
}

/// Maps and commits `len` bytes: the system promises memory, or space in its page file, for each byte.
pub fn map(len: usize) -> Option<Map> {
    // SAFETY: with a null address the system chooses one that nobody uses.
    let start = unsafe { VirtualAlloc(ptr::null(), len, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE) };
    NonNull::new(start.cast()).map(|start| Map { start, len })
}

/// Whether so many bytes could be mapped.
///
/// Committing them would take them from other processes for a moment, so this asks how many bytes the system has. If it has
/// too few, this tries to map them all the same, because the system may then enlarge its page file.
pub fn can_map(len: usize) -> bool {
    committable().is_some_and(|bytes| bytes >= len as u64) || map(len).is_some()
}

/// The bytes that this process may commit.
fn committable() -> Option<u64> {
    let mut status = MaybeUninit::<MEMORYSTATUSEX>::zeroed();
    // SAFETY: the structure has only numbers, for which zeros are valid. Its first field has its size, as the system asks.
    unsafe {
        (*status.as_mut_ptr()).dwLength = size_of::<MEMORYSTATUSEX>() as u32;
        (GlobalMemoryStatusEx(status.as_mut_ptr()) != 0).then(|| status.assume_init().ullAvailPageFile)
    }
}

impl Map {
    pub fn as_mut_ptr(&self) -> *mut u8 {
        self.start.as_ptr()
    }

    /// The number of bytes.
    pub(crate) fn len(&self) -> usize {
        self.len
    }
}

impl Drop for Map {
    fn drop(&mut self) {
        // SAFETY: `map` has reserved this memory, and only this `drop` releases it. The size 0 means all of it.
        unsafe { VirtualFree(self.start.as_ptr().cast(), 0, MEM_RELEASE) };
    }
}

pub fn advise_huge(_: *mut u8, _: usize) -> bool {
    false
}

/// # Safety
/// Nothing is needed, because it does nothing. It is unsafe as on the other systems.
pub unsafe fn purge(_: *mut u8, _: usize) -> bool {
    false
}
