//! `SMALLOC_GUARD=1`: each block has pages of its own, and misuse of a block ends the process with a message.
//!
//! ```text
//! no access | canaries | the block | up to 7 canaries | no access
//!           ^ start of a page                         ^ start of a page
//! ```
//!
//! The guard finds three kinds of misuse:
//!
//! - **A read or write just outside of the block** touches a page without access. The thread gets SIGSEGV, on Windows an access
//!   violation. A system call fails, on Linux with EFAULT.
//! - **A write between the block and such a page** changes a canary. The canaries are checked when the block is freed.
//! - **A read or write after the block is freed** also touches a page without access. The addresses stay in a quarantine,
//!   where nobody else gets them, until [`MAX_QUARANTINED_BLOCKS`] other blocks or [`MAX_QUARANTINED_BYTES`] have followed.
//!
//! A sanitizer finds none of these. It does not know which part of a mapping is in use, and it does not see what the compiled
//! code of the engine does.
//!
//! If a limit leaves no room, a block is not guarded: see `lend_guarded` in `lib.rs`.
//!
//! The parts: [`mod@lists`] holds the limits and the quarantine, [`table`] describes each block for the handler of faults,
//! [`texts`] keeps the places, [`message`] prints, and `unix.rs` and `windows.rs` talk to the system.

mod lists;
mod message;
mod table;
mod texts;
#[cfg(unix)]
mod unix;
#[cfg(unix)]
use unix as system;
#[cfg(windows)]
mod windows;
#[cfg(windows)]
use windows as system;

use std::iter;
use std::ptr::NonNull;
use std::sync::LazyLock;

use crate::memory::{can_map, pages, HEADROOM_BYTES};
use lists::lists;
pub use message::warn_once_unguarded;
use table::TABLE;

/// The guarded blocks that are alive at a time. Each splits a mapping without access in three, so it costs two mappings. A
/// process may have 65,530 (vm.max_map_count). So the host keeps half of them.
const MAX_LIVE_BLOCKS: usize = 16 << 10;

/// The freed blocks in the quarantine. They cost no memory and no mapping: they have no access, like the pages around them.
const MAX_QUARANTINED_BLOCKS: usize = 4096;

/// The address space in the quarantine. A process has 128 TiB.
const MAX_QUARANTINED_BYTES: usize = 16 << 30;

/// The alignment of the largest element. A block ends at the end of a page if its length is a multiple of this.
const ALIGNMENT_BYTES: usize = 8;

/// A byte that a program is unlikely to write by mistake, and not 0.
const CANARY: u8 = 0xc9;

static IS_ON: LazyLock<bool> = LazyLock::new(|| std::env::var_os("SMALLOC_GUARD").is_some_and(|value| value == "1"));

/// Whether blocks are guarded. The answer never changes.
pub fn is_on() -> bool {
    *IS_ON
}

/// The right to use the bytes of one guarded block. Dropping it frees the block.
pub struct GuardedBlock {
    /// The index of its entry in the table.
    entry: u32,
    pages: Pages,
}

/// The pages of one guarded block. It is only a description: dropping it does nothing.
#[derive(Clone, Copy)]
struct Pages {
    /// The start of the mapping, with the page without access.
    mapping_start: NonNull<u8>,
    /// The bytes of the mapping, with the pages without access at both ends.
    mapping_len: usize,
    /// The first byte of the block.
    start: NonNull<u8>,
    /// The bytes of the block.
    len: usize,
}

// SAFETY: a mapping belongs to no thread. Only the one owner of a guarded block, or the quarantine, uses its pages.
unsafe impl Send for Pages {}

impl GuardedBlock {
    /// A block of zeros. `None` if a limit or the system leaves no room, or if `len` is 0.
    pub fn new(len: usize) -> Option<GuardedBlock> {
        if len == 0 {
            return None;
        }
        system::watch_faults();
        let entry = lists().take_entry()?;
        let Some(pages) = Pages::map(len) else {
            let mut lists = lists();
            lists.count_freed();
            lists.put_entry(entry);
            return None;
        };
        TABLE[entry as usize].set(pages);
        Some(GuardedBlock { entry, pages })
    }

    /// The first byte of the block. Valid for reads and writes of the block's length while this lives.
    pub fn start(&self) -> NonNull<u8> {
        self.pages.start
    }

    /// Notes where the block was made or disposed. `place` is lines of text.
    pub fn note_place(&self, event: Event, place: &[u8]) {
        if let Some(text) = texts::intern(place) {
            TABLE[self.entry as usize].note_place(event, text);
        }
    }
}

impl Drop for GuardedBlock {
    fn drop(&mut self) {
        let entry = &TABLE[self.entry as usize];
        if let Some(distance) = self.pages.overwritten_canary() {
            message::abort_for_canary(entry, distance);
        }
        entry.mark_freed();
        lists().count_freed();
        // SAFETY: these are all pages of the mapping that `Pages::map` has made. Only this block used them, and it is dropped.
        let is_forbidden = unsafe { system::forbid_access(self.pages.mapping_start, self.pages.mapping_len) };
        if !is_forbidden {
            // The process has too many mappings for the change. Unmapping needs no new one.
            unmap(self.entry, self.pages);
            return;
        }
        let oldest = lists().quarantine(self.entry, self.pages);
        let excess = iter::from_fn(|| lists().pop_excess());
        oldest.into_iter().chain(excess).for_each(|(entry, pages)| unmap(entry, pages));
    }
}

/// Unmaps the pages of a freed block. The table forgets the block first, because others may get its addresses next.
fn unmap(entry: u32, pages: Pages) {
    TABLE[entry as usize].clear();
    // SAFETY: these are all pages of the mapping that `Pages::map` has made. Their block is dropped, and the callers have
    // taken them off the quarantine, or not put them there. So nobody else uses or unmaps them.
    unsafe { system::unmap(pages.mapping_start, pages.mapping_len) };
    lists().put_entry(entry);
}

impl Pages {
    fn map(len: usize) -> Option<Pages> {
        let mapped = Pages::try_map(len).or_else(|| Pages::map_instead_of_quarantined(len))?;
        for canary in mapped.canaries() {
            // SAFETY: the canaries lie in the pages for which `try_map` has allowed access. Nobody else has these pages yet.
            unsafe { canary.write(CANARY) };
        }
        Some(mapped)
    }

    /// Unmaps the blocks in the quarantine, the oldest first, until the system can map `len` bytes. The quarantine holds
    /// nothing but addresses, so a longer block than all of them together leaves it as it is.
    fn map_instead_of_quarantined(len: usize) -> Option<Pages> {
        if len > lists().quarantined_bytes() {
            return None;
        }
        iter::from_fn(|| lists().pop_oldest()).find_map(|(entry, pages)| {
            unmap(entry, pages);
            Pages::try_map(len)
        })
    }

    fn try_map(len: usize) -> Option<Pages> {
        let page = pages::size();
        let used_len = len.checked_next_multiple_of(page)?;
        let mapping_len = used_len.checked_add(2 * page)?;
        let mapping_start = system::reserve(mapping_len)?;
        let first = at(mapping_start, page);
        // SAFETY: these are whole pages of what `reserve` has just returned: all but the first and the last page.
        if !can_map(HEADROOM_BYTES) || !unsafe { system::allow_access(first, used_len) } {
            // SAFETY: these are all pages of what `reserve` has just returned, and nobody else has them.
            unsafe { system::unmap(mapping_start, mapping_len) };
            return None;
        }
        let start = at(first, (used_len - len) / ALIGNMENT_BYTES * ALIGNMENT_BYTES);
        Some(Pages { mapping_start, mapping_len, start, len })
    }

    /// The bytes with access that are not part of the block.
    fn canaries(&self) -> impl Iterator<Item = *mut u8> {
        let page = pages::size();
        let (block_start, used_end) = (self.offset(), self.mapping_len - page);
        let mapping_start = self.mapping_start.as_ptr();
        let offsets = (page..block_start).chain(block_start + self.len..used_end);
        offsets.map(move |offset| mapping_start.wrapping_add(offset))
    }

    /// The offset of the block in the mapping.
    fn offset(&self) -> usize {
        self.start.as_ptr() as usize - self.mapping_start.as_ptr() as usize
    }

    /// The distance in bytes from the start of the block to the first canary that has been overwritten. `None` if there is
    /// none. The pages must still have access.
    fn overwritten_canary(&self) -> Option<isize> {
        // SAFETY: the canaries lie in the pages for which `try_map` has allowed access. The only caller is `drop`, which
        // forbids access only after this.
        let is_overwritten = |canary: &*mut u8| unsafe { canary.read() } != CANARY;
        let canary = self.canaries().find(is_overwritten)?;
        Some((canary as isize).wrapping_sub(self.start.as_ptr() as isize))
    }
}

/// The address `offset` bytes after `start`, in the same mapping.
fn at(start: NonNull<u8>, offset: usize) -> NonNull<u8> {
    NonNull::new(start.as_ptr().wrapping_add(offset)).expect("nothing is mapped at address 0")
}

/// The two events whose place a message prints.
#[derive(Clone, Copy)]
pub enum Event {
    Made,
    Disposed,
}

#[cfg(test)]
mod tests;
