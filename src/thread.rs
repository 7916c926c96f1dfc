//! Starts threads. If the system has none to give, the functions here say so.
//!
//! `std::thread` is not used. It ends the process if one of its own allocations fails, or if the signal stack of the new
//! thread cannot be mapped. The calls of the system return an error instead.

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

#[cfg(feature = "faults")]
use crate::testing::faults::{refuses, Request};

/// Runs `work` on the calling thread and on a second one at the same time. If the system gives no second thread, `work` runs
/// only on the calling one. Returns when both are done.
pub fn run_on_two(work: impl Fn() + Sync) {
    // SAFETY: dropping the thread joins it. That happens at the end of this function, also if `work` panics, and `work` lives
    // until then.
    let _thread = unsafe { start(&work) };
    work();
}

/// Runs `work`, which never returns, on a new thread. False if the system gives no thread.
pub fn run_forever(work: &'static (impl Fn() + Sync)) -> bool {
    // SAFETY: `work` is `'static`, and its code stays mapped: see `library`.
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
    // SAFETY: the caller guarantees that `work` outlives the thread.
    unsafe { Thread::start(work) }
}

/// The address space for the stack of a thread. Some systems want at least 128 KiB. Thread-local memory is a part of it.
const STACK_BYTES: usize = 256 << 10;

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
    use std::sync::Barrier;
    use std::thread;

    #[test]
    fn run_on_two_uses_this_thread_and_another_at_the_same_time() {
        let meeting = Barrier::new(2);
        let here = thread::current().id();
        let runs_here = AtomicU32::new(0);
        run_on_two(|| {
            meeting.wait();
            runs_here.fetch_add((thread::current().id() == here).into(), SeqCst);
        });
        assert_eq!(runs_here.load(SeqCst), 1);
    }

    #[test]
    fn run_on_two_returns_when_both_are_done() {
        for _ in 0..100 {
            let done = AtomicU32::new(0);
            run_on_two(|| {
                done.fetch_add(1, SeqCst);
            });
            assert_eq!(done.load(SeqCst), 2);
        }
    }

    #[test]
    fn run_forever_uses_a_thread_of_its_own() {
        static MEETING: Barrier = Barrier::new(2);
        assert!(run_forever(&|| {
            MEETING.wait();
            // Nobody joins this thread, so if it ended, a sanitizer would see a leak.
            loop {
                thread::park();
            }
        }));
        MEETING.wait();
    }
}
