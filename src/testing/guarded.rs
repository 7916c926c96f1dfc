//! Stands for memmap2 in `memory::mapping` where the feature `guarded` is on: mappings whose misuse is seen. Each block has
//! one, and none is used again. A sanitizer sees none
//! of it, for it does not know what part of a mapping is in use, nor what the engine's compiled code does.
//!
//! The pages around a mapping may not be touched, and no page of it once it is dropped: whoever does ends the process with
//! SIGSEGV. What is left of the last page holds canaries. `tools/check-memory.sh` runs the suite with this.

use std::collections::VecDeque;
use std::io;
use std::ops::Range;
use std::ptr;
use std::sync::{Mutex, PoisonError};

use memmap2::{MmapOptions, MmapRaw};

/// Dropped mappings that keep their addresses, so that the next one does not take them.
const QUARANTINED: usize = 4096;

/// Neither zero nor a byte with which the tests fill blocks.
const CANARY: u8 = 0xc9;

static QUARANTINE: Mutex<VecDeque<MmapRaw>> = Mutex::new(VecDeque::new());

fn page_size() -> usize {
    // SAFETY: sysconf takes no pointer.
    let size = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
    usize::try_from(size).expect("a page has a size")
}

/// Maps `len` bytes with a page more at each end.
pub fn map(len: usize) -> Option<Map> {
    let page = page_size();
    let whole = MmapOptions::new().len(len.checked_add(2 * page)?).map_anon().ok()?;
    Some(Map { whole: Some(whole.into()), start: page, len, canaries: None })
}

/// Lets nothing but the bytes in `used` of `map` be touched from now on. They start on a page.
pub fn guard(mut map: Map, used: Range<usize>) -> Map {
    let page = page_size();
    let (start, end) = (map.start + used.start, map.start + used.end);
    let last_page_ends = end.next_multiple_of(page);
    let whole = map.whole();
    // SAFETY: the bytes from `end` on lie in `whole`, which nobody else has yet.
    unsafe { whole.as_mut_ptr().add(end).write_bytes(CANARY, last_page_ends - end) };
    let end_of_whole = whole.len().next_multiple_of(page);
    forbid(whole, 0..start);
    forbid(whole, last_page_ends..end_of_whole);
    map.canaries = Some(end..last_page_ends);
    map
}

pub struct Map {
    /// Taken only by `drop`.
    whole: Option<MmapRaw>,
    /// Where in `whole` the owner's bytes start, and how many they are.
    start: usize,
    len: usize,
    /// Where in `whole`, once it is guarded.
    canaries: Option<Range<usize>>,
}

impl Map {
    pub fn as_mut_ptr(&self) -> *mut u8 {
        self.whole().as_mut_ptr().wrapping_add(self.start)
    }

    /// In bytes.
    pub fn len(&self) -> usize {
        self.len
    }

    fn whole(&self) -> &MmapRaw {
        self.whole.as_ref().expect("only drop takes it")
    }
}

impl Drop for Map {
    fn drop(&mut self) {
        let Some(whole) = self.whole.take() else { return };
        let Some(canaries) = self.canaries.take() else { return };
        for offset in canaries {
            // SAFETY: canaries lie in `whole`, in a page that may be read.
            let byte = unsafe { whole.as_mut_ptr().add(offset).read() };
            assert_eq!(byte, CANARY, "written to past the end of a block");
        }
        let pages = whole.len().next_multiple_of(page_size());
        forbid(&whole, 0..pages);
        let mut quarantine = QUARANTINE.lock().unwrap_or_else(PoisonError::into_inner);
        quarantine.push_back(whole);
        let oldest = (quarantine.len() > QUARANTINED).then(|| quarantine.pop_front());
        drop(quarantine);
        drop(oldest);
    }
}

/// Gives the memory of these pages back and keeps their addresses, where nothing may be read or written any more.
fn forbid(map: &MmapRaw, pages: Range<usize>) {
    if pages.is_empty() {
        return;
    }
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_FIXED | libc::MAP_NORESERVE;
    let start = map.as_mut_ptr().wrapping_add(pages.start);
    // SAFETY: the pages are those of `map`, which unmaps them all the same when it is dropped.
    let mapped = unsafe { libc::mmap(start.cast(), pages.len(), libc::PROT_NONE, flags, -1, 0) };
    assert!(ptr::eq(mapped, start.cast()), "{}", io::Error::last_os_error());
}
