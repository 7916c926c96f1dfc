//! `SMALLOC_GUARD=1`: each block has pages of its own, and misuse of it ends the process with a message.
//!
//! ```text
//! no access | canaries | the block | up to 7 canaries | no access
//!           ^ a page                                  ^ a page
//! ```
//!
//! What is given back may not be touched any more: a thread that does gets SIGSEGV, or an access violation on Windows; a system
//! call fails, with EFAULT on Linux. Its addresses wait in a quarantine until [`MOST_QUARANTINED`] others have been given back,
//! or [`MOST_QUARANTINED_BYTES`]; until then nobody else has them. Canaries are looked at when the block is given back. A
//! sanitizer sees none of this, for it does not know what part of a mapping is in use, nor what the engine's compiled code does.
//!
//! Where the limits leave no room a block is not guarded: see `lend` in `lib.rs`.

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

use std::ptr::NonNull;
use std::sync::LazyLock;

use crate::memory::{can_map, HEADROOM};
use lists::{lists, Lists};
pub use message::tell_once_unguarded;
use table::TABLE;

/// Blocks alive at a time. Each splits a mapping of no access in three: two mappings more, of 65,530 that a process may have
/// (vm.max_map_count). So the host keeps half of them.
const MOST_ALIVE: usize = 16 << 10;

/// What is in quarantine costs no memory and no mapping: it has no access, as the pages around it.
const MOST_QUARANTINED: usize = 4096;

/// In bytes of address space, of 128 TiB.
const MOST_QUARANTINED_BYTES: usize = 16 << 30;

/// In bytes: that of the largest element. A block ends at a page where its length is a multiple of it.
const ALIGNMENT: usize = 8;

/// No byte that a program is likely to write there, nor zero.
const CANARY: u8 = 0xc9;

static IS_ON: LazyLock<bool> = LazyLock::new(|| std::env::var_os("SMALLOC_GUARD").is_some_and(|value| value == "1"));

/// For the whole life of the process.
pub fn is_on() -> bool {
    *IS_ON
}

/// The right to the bytes of one guarded block; given back when dropped.
pub struct Guarded {
    /// Its place in the table.
    entry: u32,
    pages: Pages,
}

/// Where a block lies in pages of its own.
#[derive(Clone, Copy)]
struct Pages {
    /// The first page that may not be touched.
    whole: NonNull<u8>,
    /// In bytes, with the pages at both ends.
    whole_len: usize,
    /// The first byte of the block.
    start: NonNull<u8>,
    /// Of the block, in bytes.
    len: usize,
}

// SAFETY: nothing else in Rust points to the block's bytes; its pages may be given back on any thread.
unsafe impl Send for Pages {}

impl Guarded {
    /// `None` where the limits or the system leave no room, or `len` is zero.
    pub fn new(len: usize) -> Option<Guarded> {
        if len == 0 {
            return None;
        }
        system::watch_faults();
        let entry = lists().take_entry()?;
        let Some(pages) = Pages::map(len) else {
            let mut lists = lists();
            lists.ended();
            lists.put_entry(entry);
            return None;
        };
        TABLE[entry as usize].begin(pages);
        Some(Guarded { entry, pages })
    }

    /// Valid for reads and writes of the block's bytes for as long as this lives.
    pub fn start(&self) -> NonNull<u8> {
        self.pages.start
    }

    /// Notes where the block was made or disposed: lines of text.
    pub fn note(&self, event: Event, place: &[u8]) {
        if let Some(text) = texts::interned(place) {
            TABLE[self.entry as usize].note(event, text);
        }
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        let entry = &TABLE[self.entry as usize];
        if let Some(distance) = self.pages.damage() {
            message::end_for_damage(entry, distance);
        }
        entry.give_back();
        lists().ended();
        // SAFETY: the pages are this block's alone, and it is given back.
        let forbidden = unsafe { system::forbid(self.pages.whole, self.pages.whole_len) };
        if !forbidden {
            // One mapping too many. To unmap it needs none.
            unmap(self.entry, self.pages);
            return;
        }
        lists().quarantine(self.entry, self.pages);
        unmap_each(Lists::pop_excess);
    }
}

/// Ends the quarantine of a block. The table forgets it first: others may have its addresses next.
fn unmap(entry: u32, pages: Pages) {
    TABLE[entry as usize].end();
    // SAFETY: these pages are in no list any more, and the block in them has been given back.
    unsafe { system::unmap(pages.whole, pages.whole_len) };
    lists().put_entry(entry);
}

/// What `pop` returns, until it returns nothing. Not in a `while let`, which would hold the lock all the time.
fn unmap_each(pop: fn(&mut Lists) -> Option<(u32, Pages)>) {
    std::iter::from_fn(|| pop(&mut lists())).for_each(|(entry, pages)| unmap(entry, pages));
}

impl Pages {
    fn map(len: usize) -> Option<Pages> {
        let mapped = Pages::try_map(len).or_else(|| {
            // Address space or mappings that wait there may be just what the system lacks.
            unmap_each(Lists::pop_oldest);
            Pages::try_map(len)
        })?;
        for canary in mapped.canaries() {
            // SAFETY: canaries lie in pages that may be written and that nobody else has yet.
            unsafe { canary.write(CANARY) };
        }
        Some(mapped)
    }

    fn try_map(len: usize) -> Option<Pages> {
        let page = system::page_size();
        let used = len.checked_next_multiple_of(page)?;
        let whole_len = used.checked_add(2 * page)?;
        let whole = system::reserve(whole_len)?;
        let first = at(whole, page);
        // SAFETY: these pages lie in what has just been reserved.
        if !can_map(HEADROOM) || !unsafe { system::allow(first, used) } {
            // SAFETY: nobody else has these pages.
            unsafe { system::unmap(whole, whole_len) };
            return None;
        }
        let start = at(first, (used - len) / ALIGNMENT * ALIGNMENT);
        Some(Pages { whole, whole_len, start, len })
    }

    /// The bytes of the pages that may be touched which are not the block's.
    fn canaries(&self) -> impl Iterator<Item = *mut u8> {
        let page = system::page_size();
        let (before, after) = (self.offset() - page, self.whole_len - page);
        let whole = self.whole.as_ptr();
        (page..page + before).chain(self.offset() + self.len..after).map(move |offset| whole.wrapping_add(offset))
    }

    fn offset(&self) -> usize {
        self.start.as_ptr() as usize - self.whole.as_ptr() as usize
    }

    /// How far from the start of the block a canary has been overwritten, in bytes.
    fn damage(&self) -> Option<isize> {
        // SAFETY: canaries lie in pages that may be read.
        let is_damaged = |canary: &*mut u8| unsafe { canary.read() } != CANARY;
        let canary = self.canaries().find(is_damaged)?;
        Some((canary as isize).wrapping_sub(self.start.as_ptr() as isize))
    }
}

/// `offset` bytes from `start`, which must lie in the same mapping.
fn at(start: NonNull<u8>, offset: usize) -> NonNull<u8> {
    NonNull::new(start.as_ptr().wrapping_add(offset)).expect("nothing is mapped at address 0")
}

/// What a message can say the place of.
#[derive(Clone, Copy)]
pub enum Event {
    Made,
    Disposed,
}

#[cfg(test)]
mod tests;
