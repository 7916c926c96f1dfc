//! POSIX threads.

use std::ffi::{c_void, CStr};
use std::mem::MaybeUninit;
use std::ptr;

use super::STACK;

/// A thread, joined when dropped.
pub struct Thread(libc::pthread_t);

impl Thread {
    /// # Safety
    /// `work` must outlive the thread.
    pub unsafe fn start<F: Fn() + Sync>(work: &F) -> Option<Thread> {
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

impl Drop for Thread {
    fn drop(&mut self) {
        // SAFETY: the thread is joinable, and joined here alone.
        unsafe { libc::pthread_join(self.0, ptr::null_mut()) };
    }
}

/// Names the running thread, in at most 15 bytes, for `top` and debuggers.
#[cfg(target_os = "linux")]
pub fn set_name(name: &CStr) {
    // SAFETY: the system copies the name, which ends with a zero.
    unsafe { libc::prctl(libc::PR_SET_NAME, name.as_ptr()) };
}

/// Names the running thread, in at most 63 bytes, for debuggers.
#[cfg(target_vendor = "apple")]
pub fn set_name(name: &CStr) {
    // SAFETY: the system copies the name, which ends with a zero.
    unsafe { libc::pthread_setname_np(name.as_ptr()) };
}

#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
pub fn set_name(_name: &CStr) {}
