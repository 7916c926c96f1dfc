//! Starts threads, or says that there is none to be had. `std::thread` ends the process where one of its own allocations
//! fails, or the mapping of the new thread's signal stack; the system's own call has a status for whatever it lacks.

#[cfg(unix)]
mod unix;
#[cfg(unix)]
use unix as system;
#[cfg(windows)]
mod windows;
#[cfg(windows)]
use windows as system;

pub use system::set_name;
use system::Thread;

use crate::library;
#[cfg(feature = "faults")]
use crate::testing::faults::{refuses, Request};

/// Runs `work` here and, where the system gives a thread, there at the same time; returns when all of it is done.
pub fn on_two(work: impl Fn() + Sync) {
    // SAFETY: `work` outlives the thread, which is joined when dropped, at the end of this function.
    let _thread = unsafe { start(&work) };
    work();
}

/// Has a thread run `work` for as long as the process lives. False where there is none.
pub fn forever(work: &'static (impl Fn() + Sync)) -> bool {
    if !library::keep_loaded() {
        return false;
    }
    // SAFETY: `work` outlives everything, and so does its code.
    let thread = unsafe { start(work) };
    thread.map(std::mem::forget).is_some()
}

/// # Safety
/// `work` must outlive the thread.
unsafe fn start<F: Fn() + Sync>(work: &F) -> Option<Thread> {
    #[cfg(feature = "faults")]
    if refuses(Request::Thread) {
        return None;
    }
    // SAFETY: the caller's obligation, word for word.
    unsafe { Thread::start(work) }
}

/// In bytes of address space. Some systems want 128 KiB at least, and thread-local memory comes out of it.
const STACK: usize = 256 << 10;

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
    use std::sync::Barrier;
    use std::thread;

    #[test]
    fn on_two_runs_it_here_and_on_another_thread_at_the_same_time() {
        let meeting = Barrier::new(2);
        let here = thread::current().id();
        let runs_here = AtomicU32::new(0);
        on_two(|| {
            meeting.wait();
            runs_here.fetch_add((thread::current().id() == here).into(), SeqCst);
        });
        assert_eq!(runs_here.load(SeqCst), 1);
    }

    #[test]
    fn on_two_returns_when_both_are_done() {
        for _ in 0..100 {
            let done = AtomicU32::new(0);
            on_two(|| {
                done.fetch_add(1, SeqCst);
            });
            assert_eq!(done.load(SeqCst), 2);
        }
    }

    #[test]
    fn forever_runs_it_on_a_thread_of_its_own() {
        static MEETING: Barrier = Barrier::new(2);
        assert!(forever(&|| {
            MEETING.wait();
            // It is never joined: one that ended would be a leak.
            loop {
                thread::park();
            }
        }));
        MEETING.wait();
    }
}
