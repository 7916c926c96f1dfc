//! The threads of Windows.

use std::ffi::{c_void, CStr};
use std::ptr;

use windows_sys::Win32::Foundation::{CloseHandle, HANDLE};
use windows_sys::Win32::System::Threading::{
    CreateThread, WaitForSingleObject, INFINITE, STACK_SIZE_PARAM_IS_A_RESERVATION,
};

use super::STACK;

/// A thread, joined when dropped.
pub struct Thread(HANDLE);

impl Thread {
    /// # Safety
    /// `work` must outlive the thread.
    pub unsafe fn start<F: Fn() + Sync>(work: &F) -> Option<Thread> {
        unsafe extern "system" fn run<F: Fn()>(work: *mut c_void) -> u32 {
            // SAFETY: `work` is what `start` has passed, which outlives the thread.
            unsafe { (*work.cast::<F>())() };
            0
        }

        let work: *const F = work;
        // Without the flag the size would be committed at once, and as much reserved as the host's program asks for.
        let flags = STACK_SIZE_PARAM_IS_A_RESERVATION;
        // SAFETY: `run` casts `work` back to what it is, and the caller vouches that it outlives the thread.
        let handle = unsafe { CreateThread(ptr::null(), STACK, Some(run::<F>), work.cast(), flags, ptr::null_mut()) };
        (!handle.is_null()).then_some(Thread(handle))
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        // SAFETY: the handle is open, and closed here alone.
        unsafe {
            WaitForSingleObject(self.0, INFINITE);
            CloseHandle(self.0);
        }
    }
}

/// Windows shows the names of threads to debuggers alone.
pub fn set_name(_name: &CStr) {}
