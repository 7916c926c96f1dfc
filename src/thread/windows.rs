//! Windows: threads of CreateThread.

use std::ffi::{c_void, CStr};
use std::ptr;

use windows_sys::Win32::Foundation::{CloseHandle, HANDLE};
use windows_sys::Win32::System::Threading::{
    CreateThread, WaitForSingleObject, INFINITE, STACK_SIZE_PARAM_IS_A_RESERVATION,
};

use super::STACK_BYTES;

/// A thread that runs. Dropping it waits for its end.
pub struct Thread(HANDLE);

impl Thread {
    /// # Safety
    /// `work` must outlive the thread.
    pub unsafe fn start<F: Fn() + Sync>(work: &F) -> Option<Thread> {
        unsafe extern "system" fn run<F: Fn()>(work: *mut c_void) -> u32 {
            // SAFETY: `start` has passed a `&F`, which outlives the thread.
            unsafe { (*work.cast::<F>())() };
            0
        }

        let work: *const F = work;
        // Without this flag Windows commits the whole size at once, and reserves what the host's program file asks for.
        let flags = STACK_SIZE_PARAM_IS_A_RESERVATION;
        // SAFETY: `run::<F>` casts `work` back to `F`, and the caller guarantees that `work` outlives the thread.
        let handle =
            unsafe { CreateThread(ptr::null(), STACK_BYTES, Some(run::<F>), work.cast(), flags, ptr::null_mut()) };
        (!handle.is_null()).then_some(Thread(handle))
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        // SAFETY: the handle is open, and only this `drop` closes it.
        unsafe {
            WaitForSingleObject(self.0, INFINITE);
            CloseHandle(self.0);
        }
    }
}

/// Does nothing: on Windows only debuggers show the names of threads.
pub fn set_name(_name: &CStr) {}
