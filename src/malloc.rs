//! The C library's malloc, from which the engine has its memory. glibc keeps what is freed below its threshold for mmap,
//! which rises with each larger block that is freed: of 1 GiB in 1 MiB blocks it may keep 700 MiB resident for good.

#[cfg(target_os = "linux")]
use std::{fs::File, hint::black_box, io::Read};

use std::cell::Cell;
use std::sync::atomic::Ordering::Relaxed;

#[cfg(feature = "faults")]
use crate::faults::{refuses, Request};
use crate::region::{self, HEADROOM};
use crate::sync::{shared, AtomicUsize};

/// In bytes. Less is not worth the walk through malloc's lists.
const WORTH_TRIMMING: usize = 32 << 20;

/// In bytes of address space, for the engine. The process grows only as long as [`HEADROOM`] is left, which ends some pages
/// below that. With the same here, hence, nothing that malloc keeps would ever be given out.
const LEAST_HEADROOM: usize = HEADROOM / 2;

/// In bytes: the most that glibc's threshold for mmap rises to. What is larger has a mapping of its own, which goes when it
/// is freed.
const MOST_KEPT: usize = 32 << 20;

shared! {
    /// In bytes, by dispose, since the last trim.
    static FREED: AtomicUsize = AtomicUsize::new(0);
}

pub fn freed(bytes: usize) {
    FREED.fetch_add(bytes, Relaxed);
}

pub fn is_worth_trimming() -> bool {
    FREED.load(Relaxed) >= WORTH_TRIMMING
}

/// Gives what malloc keeps back to the system, unless more has been freed since `freed_before` was returned.
pub fn trim_if_idle(freed_before: usize) -> usize {
    let freed = FREED.load(Relaxed);
    if freed == freed_before && is_worth_trimming() {
        FREED.fetch_sub(freed, Relaxed);
        trim();
    }
    freed
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn trim() {
    // SAFETY: malloc_trim takes no pointer and may be called from any thread.
    unsafe { libc::malloc_trim(0) };
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
fn trim() {}

thread_local! {
    /// In bytes: what the engine held when malloc last had nothing in one piece for it.
    static HELD_AT_REFUSAL: Cell<i64> = const { Cell::new(i64::MAX) };
}

/// Whether malloc has kept `len` bytes in one piece, which the engine can have without more address space. `held`, in
/// bytes, is what the engine holds outside its heap.
///
/// Nobody else can map what malloc keeps: under `ulimit -v`, of 433 MiB in pieces of 100 kB, three in four disposed, none
/// could be allocated again where only the system was asked. To see takes 12 us.
pub fn has_kept(len: usize, held: i64) -> bool {
    // Asked in vain, malloc takes more of the system and keeps that: a program that tries again and again would get it all.
    // Only what has been freed since may be kept.
    let may_be_kept = len <= MOST_KEPT && held.saturating_add_unsigned(len as u64) <= HELD_AT_REFUSAL.get();
    // Where malloc can take no more, it makes an arena besides: 64 MiB of address space for nothing.
    if !may_be_kept || !region::can_map(LEAST_HEADROOM) {
        return false;
    }
    let is_kept = gives_without_mapping(len);
    if !is_kept {
        HELD_AT_REFUSAL.set(held);
    }
    is_kept
}

#[cfg(target_os = "linux")]
fn gives_without_mapping(len: usize) -> bool {
    #[cfg(feature = "faults")]
    if refuses(Request::Allocation) {
        return false;
    }
    let Some(before) = mapped_pages() else { return false };
    // SAFETY: malloc takes any length. The compiler would leave out a pair of malloc and free without the black box.
    let memory = black_box(unsafe { libc::malloc(len) });
    let is_kept = !memory.is_null() && mapped_pages().is_some_and(|after| after <= before);
    // SAFETY: `memory` is malloc's, or null, and not used again.
    unsafe { libc::free(memory) };
    is_kept
}

#[cfg(not(target_os = "linux"))]
fn gives_without_mapping(_: usize) -> bool {
    false
}

/// Of address space, in this process: the first number of statm (proc(5)). Allocates nothing.
#[cfg(target_os = "linux")]
fn mapped_pages() -> Option<usize> {
    let mut line = [0; 128];
    let len = File::open("/proc/self/statm").ok()?.read(&mut line).ok()?;
    let (pages, _) = str::from_utf8(&line[..len]).ok()?.split_once(' ')?;
    pages.parse().ok()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    const LEN: usize = 100_000;

    /// Has malloc keep a piece of `LEN` bytes: one that lies between others which are held while `action` runs.
    fn with_a_piece<T>(action: impl FnOnce() -> T) -> T {
        let mut held: Vec<Vec<u8>> = (0..3).map(|_| Vec::with_capacity(LEN)).collect();
        held.swap_remove(1);
        action()
    }

    #[test]
    fn keeps_what_is_freed_between_what_is_held() {
        // Other tests map at the same time, which looks as if malloc had.
        assert!(with_a_piece(|| (0..1000).any(|_| gives_without_mapping(LEN))));
    }

    #[test]
    fn has_kept_nothing_that_needs_a_mapping() {
        // Other tests unmap at the same time, which looks as if malloc had mapped nothing.
        assert!((0..1000).any(|_| !gives_without_mapping(1 << 30)));
        assert!(!has_kept(MOST_KEPT + 1, 0));
        assert!(!has_kept(usize::MAX, 0));
    }

    #[test]
    fn is_not_asked_again_before_so_much_is_freed() {
        let held = 10 * MOST_KEPT as i64;
        HELD_AT_REFUSAL.set(held);
        with_a_piece(|| {
            assert!(!has_kept(LEN, held));
            assert!(!has_kept(LEN, held - LEN as i64 + 1));
            assert!((1..1000).any(|times| has_kept(LEN, held - times * LEN as i64)));
        });
    }

    #[test]
    fn mapped_pages_count_what_is_mapped() {
        let _alone = crate::ledger::alone();
        let before = mapped_pages().unwrap();
        let _region = region::Region::map(1 << 30).unwrap();
        // Half of it, in the largest pages there are: the tests that run meanwhile unmap less.
        assert!(mapped_pages().unwrap() > before + (512 << 20) / (64 << 10));
    }
}
