//! Linux and macOS: POSIX threads.

use std::ffi::{c_void, CStr};
use std::mem::MaybeUninit;
use std::ptr;

use super::STACK_BYTES;

/// A thread that runs. Dropping it joins it.
pub struct Thread(libc::pthread_t);

impl Thread {
    /// # Safety
    /// `work` must outlive the thread.
    pub unsafe fn start<F: Fn() + Sync>(work: &F) -> Option<Thread> {
        extern "C" fn run<F: Fn()>(work: *mut c_void) -> *mut c_void {
            // SAFETY: `start` has passed a `&F`, which outlives the thread.
            unsafe { (*work.cast::<F>())() };
            ptr::null_mut()
        }

        let mut attributes = MaybeUninit::uninit();
        let mut thread = MaybeUninit::uninit();
        let work: *const F = work;
        // SAFETY: the attributes are used only between their init and their destroy. `run::<F>` casts `work` back to `F`, and
        // the caller guarantees that `work` outlives the thread. `thread` is read only if `pthread_create` has written it.
        unsafe {
            if libc::pthread_attr_init(attributes.as_mut_ptr()) != 0 {
                return None;
            }
            // If the system refuses this size, the thread gets the system's own size.
            libc::pthread_attr_setstacksize(attributes.as_mut_ptr(), STACK_BYTES);
            let status =
                libc::pthread_create(thread.as_mut_ptr(), attributes.as_ptr(), run::<F>, work.cast_mut().cast());
            libc::pthread_attr_destroy(attributes.as_mut_ptr());
            (status == 0).then(|| Thread(thread.assume_init()))
        }
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        // SAFETY: the thread is joinable, and only this `drop` joins it.
        unsafe { libc::pthread_join(self.0, ptr::null_mut()) };
    }
}

/// Gives the running thread a name of at most 15 bytes, which `top` and debuggers show.
#[cfg(target_os = "linux")]
pub fn set_name(name: &CStr) {
    // SAFETY: the name is a C string, and the system copies it.
    unsafe { libc::prctl(libc::PR_SET_NAME, name.as_ptr()) };
}

/// Gives the running thread a name of at most 63 bytes, which debuggers show.
#[cfg(target_vendor = "apple")]
pub fn set_name(name: &CStr) {
    // SAFETY: the name is a C string, and the system copies it.
    unsafe { libc::pthread_setname_np(name.as_ptr()) };
}

#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
pub fn set_name(_name: &CStr) {}
