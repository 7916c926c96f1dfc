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
/// could be allocated again where only the system was asked.
pub fn has_kept(len: usize, held: i64) -> bool {
    // Asked in vain, malloc takes more of the system and keeps that: a program that tries again and again would get it all.
    // Only what has been freed since may be kept.
    if held.saturating_add_unsigned(len as u64) > HELD_AT_REFUSAL.get() || !region::can_map(LEAST_HEADROOM) {
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
