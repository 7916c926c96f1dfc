//! The C library's malloc, from which the engine has its memory. glibc keeps what is freed below its threshold for mmap,
//! which rises with each larger block that is freed: of 1 GiB in 1 MiB blocks it may keep 700 MiB resident for good.

use std::sync::atomic::Ordering::Relaxed;

use crate::sync::{shared, AtomicUsize};

/// In bytes. Less is not worth the walk through malloc's lists.
const WORTH_TRIMMING: usize = 32 << 20;

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
