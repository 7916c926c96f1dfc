//! Windows.

use std::mem::MaybeUninit;
use std::ptr::{self, NonNull};

use windows_sys::Win32::System::Memory::{
    VirtualAlloc, VirtualFree, MEM_COMMIT, MEM_RELEASE, MEM_RESERVE, PAGE_READWRITE,
};
use windows_sys::Win32::System::SystemInformation::{GlobalMemoryStatusEx, MEMORYSTATUSEX};

/// What is decommitted has to be committed anew, which may fail; what is discarded or reset holds anything. So pages go back
/// with their slab, which has one slot.
pub const CAN_PURGE: bool = false;

/// Large pages take a privilege that users do not have.
pub const HAS_HUGE: bool = false;

/// Of a page, in bytes: the same on x64 and ARM64.
pub fn size() -> usize {
    4 << 10
}

/// Memory of our own: private, zeros at first, released when dropped. memmap2 has it in sections, which it makes executable,
/// and which a policy against dynamic code may refuse.
pub struct Map {
    start: NonNull<u8>,
    len: usize,
}

/// All of it is committed: the system has promised memory or space in its page file for each byte.
pub fn map(len: usize) -> Option<Map> {
    // SAFETY: the system chooses the address.
    let start = unsafe { VirtualAlloc(ptr::null(), len, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE) };
    NonNull::new(start.cast()).map(|start| Map { start, len })
}

/// Whether so many bytes could be mapped. To commit them would take them from other processes for a moment, so the system is
/// asked how many there are; where it has too few, it may still enlarge its page file for one who tries.
pub fn can_map(len: usize) -> bool {
    committable().is_some_and(|bytes| bytes >= len as u64) || map(len).is_some()
}

/// In bytes: what this process may commit.
fn committable() -> Option<u64> {
    let mut status = MaybeUninit::<MEMORYSTATUSEX>::zeroed();
    // SAFETY: zeros are numbers; the system wants the structure's size in its first field, and fills in the others.
    unsafe {
        (*status.as_mut_ptr()).dwLength = size_of::<MEMORYSTATUSEX>() as u32;
        (GlobalMemoryStatusEx(status.as_mut_ptr()) != 0).then(|| status.assume_init().ullAvailPageFile)
    }
}

impl Map {
    pub fn as_mut_ptr(&self) -> *mut u8 {
        self.start.as_ptr()
    }

    /// In bytes.
    pub(crate) fn len(&self) -> usize {
        self.len
    }
}

impl Drop for Map {
    fn drop(&mut self) {
        // SAFETY: `map` has reserved it, and nobody else releases it. The size 0 means all of it.
        unsafe { VirtualFree(self.start.as_ptr().cast(), 0, MEM_RELEASE) };
    }
}

pub fn advise_huge(_: *mut u8, _: usize) -> bool {
    false
}

/// # Safety
/// That of `pages::purge`; does nothing.
pub unsafe fn purge(_: *mut u8, _: usize) -> bool {
    false
}
