//! Starts threads, or says that there is none to be had. `std::thread` ends the process where one of its own allocations
//! fails, or the mapping of the new thread's signal stack; `pthread_create` has a status for whatever it lacks.

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
    // SAFETY: `work` outlives everything.
    let thread = unsafe { start(work) };
    thread.map(std::mem::forget).is_some()
}

/// Names the running thread, in at most 15 bytes, for `top` and debuggers.
#[cfg(target_os = "linux")]
pub fn set_name(name: &std::ffi::CStr) {
    // SAFETY: the system copies the name, which ends with a zero.
    unsafe { libc::prctl(libc::PR_SET_NAME, name.as_ptr()) };
}

#[cfg(not(target_os = "linux"))]
pub fn set_name(_name: &std::ffi::CStr) {}

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

/// A thread, joined when dropped.
#[cfg(unix)]
struct Thread(libc::pthread_t);

#[cfg(unix)]
impl Thread {
    /// # Safety
    /// `work` must outlive the thread.
    unsafe fn start<F: Fn() + Sync>(work: &F) -> Option<Thread> {
        use std::ffi::c_void;
        use std::mem::MaybeUninit;
        use std::ptr;

        extern "C" fn run<F: Fn()>(work: *mut c_void) -> *mut c_void {
            // SAFETY: `work` is what `start` has passed, which outlives the thread.
            unsafe { (*work.cast::<F>())() };
            ptr::null_mut()
        }

        let mut attributes = MaybeUninit::uninit();
        let mut thread = MaybeUninit::uninit();
        let work: *const F = work;
        // SAFETY: the attributes are used between their making and their destruction only, and `thread` is read only
        // where `pthread_create` says that it has written it.
        unsafe {
            if libc::pthread_attr_init(attributes.as_mut_ptr()) != 0 {
                return None;
            }
            // A system that refuses this size starts the thread with the size of its own choice.
            libc::pthread_attr_setstacksize(attributes.as_mut_ptr(), STACK);
            let status =
                libc::pthread_create(thread.as_mut_ptr(), attributes.as_ptr(), run::<F>, work.cast_mut().cast());
            libc::pthread_attr_destroy(attributes.as_mut_ptr());
            (status == 0).then(|| Thread(thread.assume_init()))
        }
    }
}

#[cfg(unix)]
impl Drop for Thread {
    fn drop(&mut self) {
        // SAFETY: the thread is joinable, and joined here alone.
        unsafe { libc::pthread_join(self.0, std::ptr::null_mut()) };
    }
}

/// A thread, joined when dropped.
#[cfg(not(unix))]
struct Thread(Option<std::thread::JoinHandle<()>>);

#[cfg(not(unix))]
impl Thread {
    /// # Safety
    /// `work` must outlive the thread.
    unsafe fn start<F: Fn() + Sync>(work: &F) -> Option<Thread> {
        // SAFETY: the caller's obligation, word for word.
        let thread = unsafe { std::thread::Builder::new().stack_size(STACK).spawn_unchecked(work) };
        thread.ok().map(|thread| Thread(Some(thread)))
    }
}

#[cfg(not(unix))]
impl Drop for Thread {
    fn drop(&mut self) {
        let _ = self.0.take().map(|thread| thread.join());
    }
}

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
