//! Stands for memmap2 in `region` where the feature `guarded` is on: mappings whose misuse is seen. A sanitizer sees none
//! of it, for it does not know what part of a mapping is in use, nor what the engine's compiled code does.
//!
//! The pages around a region may not be touched, and no page of it once it is dropped: whoever does ends the process with
//! SIGSEGV. What is left of the last page holds canaries. `scripts/check-memory.sh` runs the suite with this.

use std::collections::VecDeque;
use std::io;
use std::ops::{Deref, DerefMut, Range};
use std::ptr;
use std::sync::{Mutex, PoisonError};

/// Dropped regions that keep their addresses, so that the next one does not take them.
const QUARANTINED: usize = 4096;

/// Neither zero nor a byte with which the tests fill blocks.
const CANARY: u8 = 0xc9;

static QUARANTINE: Mutex<VecDeque<memmap2::MmapMut>> = Mutex::new(VecDeque::new());

fn page_size() -> usize {
    // SAFETY: sysconf takes no pointer.
    let size = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
    usize::try_from(size).expect("a page has a size")
}

pub struct MmapOptions {
    len: usize,
}

impl MmapOptions {
    pub fn new() -> MmapOptions {
        MmapOptions { len: 0 }
    }

    pub fn len(self, len: usize) -> MmapOptions {
        MmapOptions { len }
    }

    pub fn map_anon(self) -> io::Result<MmapMut> {
        let page = page_size();
        let with_guards = self.len.checked_add(2 * page).ok_or(io::ErrorKind::OutOfMemory)?;
        let whole = memmap2::MmapOptions::new().len(with_guards).map_anon()?;
        Ok(MmapMut { whole: Some(whole), bytes: page..page + self.len, canaries: None })
    }
}

pub struct MmapMut {
    /// With a page more at each end. Taken only by `drop`.
    whole: Option<memmap2::MmapMut>,
    /// What the owner sees of `whole`.
    bytes: Range<usize>,
    /// Where in `whole`, once it is guarded.
    canaries: Option<Range<usize>>,
}

impl MmapMut {
    /// Lets nothing but the bytes in `used` be touched from now on. They start on a page.
    pub fn guard(mut self, used: Range<usize>) -> MmapMut {
        let page = page_size();
        let (start, end) = (self.bytes.start + used.start, self.bytes.start + used.end);
        let last_page_ends = end.next_multiple_of(page);
        self.whole_mut()[end..last_page_ends].fill(CANARY);
        self.canaries = Some(end..last_page_ends);
        let end_of_whole = self.whole().len().next_multiple_of(page);
        forbid(self.whole_mut(), 0..start);
        forbid(self.whole_mut(), last_page_ends..end_of_whole);
        self
    }

    pub fn advise_range(&self, advice: memmap2::Advice, start: usize, len: usize) -> io::Result<()> {
        self.whole().advise_range(advice, self.bytes.start + start, len)
    }

    fn whole(&self) -> &memmap2::MmapMut {
        self.whole.as_ref().expect("only drop takes it")
    }

    fn whole_mut(&mut self) -> &mut memmap2::MmapMut {
        self.whole.as_mut().expect("only drop takes it")
    }
}

impl Deref for MmapMut {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.whole()[self.bytes.clone()]
    }
}

impl DerefMut for MmapMut {
    fn deref_mut(&mut self) -> &mut [u8] {
        let bytes = self.bytes.clone();
        &mut self.whole_mut()[bytes]
    }
}

impl Drop for MmapMut {
    fn drop(&mut self) {
        let Some(mut whole) = self.whole.take() else { return };
        let Some(canaries) = self.canaries.take() else { return };
        assert!(whole[canaries].iter().all(|byte| *byte == CANARY), "written to past the end of a region");
        let pages = whole.len().next_multiple_of(page_size());
        forbid(&mut whole, 0..pages);
        let mut quarantine = QUARANTINE.lock().unwrap_or_else(PoisonError::into_inner);
        quarantine.push_back(whole);
        let oldest = (quarantine.len() > QUARANTINED).then(|| quarantine.pop_front());
        drop(quarantine);
        drop(oldest);
    }
}

/// Gives the memory of these pages back and keeps their addresses, where nothing may be read or written any more.
fn forbid(map: &mut memmap2::MmapMut, pages: Range<usize>) {
    if pages.is_empty() {
        return;
    }
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_FIXED | libc::MAP_NORESERVE;
    let start = map.as_mut_ptr().wrapping_add(pages.start);
    // SAFETY: the pages are those of `map`, which unmaps them all the same when it is dropped.
    let mapped = unsafe { libc::mmap(start.cast(), pages.len(), libc::PROT_NONE, flags, -1, 0) };
    assert!(ptr::eq(mapped, start.cast()), "{}", io::Error::last_os_error());
}
