//! Pages without access, and the exception that a touch of one brings.

use std::ptr::{self, NonNull};
use std::sync::Once;

use windows_sys::Win32::Foundation::EXCEPTION_ACCESS_VIOLATION;
use windows_sys::Win32::Storage::FileSystem::WriteFile;
use windows_sys::Win32::System::Console::{GetStdHandle, STD_ERROR_HANDLE};
use windows_sys::Win32::System::Diagnostics::Debug::{
    AddVectoredExceptionHandler, EXCEPTION_CONTINUE_SEARCH, EXCEPTION_POINTERS,
};
use windows_sys::Win32::System::Memory::{
    VirtualAlloc, VirtualFree, MEM_COMMIT, MEM_DECOMMIT, MEM_RELEASE, MEM_RESERVE, PAGE_NOACCESS, PAGE_READWRITE,
};

use super::message::tell_fault;
use super::table::find;
use crate::library;
pub use crate::memory::pages::size as page_size;

/// Addresses for `len` bytes, without access and without memory.
pub fn reserve(len: usize) -> Option<NonNull<u8>> {
    // SAFETY: the system chooses addresses that nobody has.
    let start = unsafe { VirtualAlloc(ptr::null(), len, MEM_RESERVE, PAGE_NOACCESS) };
    NonNull::new(start.cast())
}

/// Lets these pages be read and written. They hold zeros.
///
/// # Safety
/// They must be whole pages of what `reserve` has returned.
pub unsafe fn allow(start: NonNull<u8>, len: usize) -> bool {
    // SAFETY: the pages are the caller's.
    !unsafe { VirtualAlloc(start.as_ptr().cast(), len, MEM_COMMIT, PAGE_READWRITE) }.is_null()
}

/// Gives the memory of these pages back and keeps their addresses, without access.
///
/// # Safety
/// They must be whole pages of what `reserve` has returned, and their bytes nobody's.
pub unsafe fn forbid(start: NonNull<u8>, len: usize) -> bool {
    // SAFETY: the pages are the caller's. It is no error that some of them have no memory.
    unsafe { VirtualFree(start.as_ptr().cast(), len, MEM_DECOMMIT) != 0 }
}

/// # Safety
/// They must be all pages of what `reserve` has returned, and their bytes nobody's.
pub unsafe fn unmap(start: NonNull<u8>, _len: usize) {
    // SAFETY: the pages are the caller's. The size 0 means all that was reserved at `start`.
    unsafe { VirtualFree(start.as_ptr().cast(), 0, MEM_RELEASE) };
}

/// Writes to standard error, as much of it as that takes.
pub fn write_error(bytes: &[u8]) {
    let (len, mut written) = (u32::try_from(bytes.len()).unwrap_or(u32::MAX), 0);
    // SAFETY: `bytes` is valid for reads of `len`. A process without standard error has a handle that is refused.
    unsafe { WriteFile(GetStdHandle(STD_ERROR_HANDLE), bytes.as_ptr(), len, &mut written, ptr::null_mut()) };
}

/// From now on a fault in the pages of a guarded block is told before the process ends. Not where this library might be
/// unloaded, and the handler with it.
pub fn watch_faults() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        if library::keep_loaded() {
            // SAFETY: the handler stays loaded. It comes before those that are there: V8's, for WebAssembly.
            unsafe { AddVectoredExceptionHandler(1, Some(on_exception)) };
        }
    });
}

/// Says which block it was, if one; the other handlers then do what they do, and mostly the process ends.
unsafe extern "system" fn on_exception(pointers: *mut EXCEPTION_POINTERS) -> i32 {
    // SAFETY: the system passes pointers to the exception, which are valid during the call.
    let exception = unsafe { &*(*pointers).ExceptionRecord };
    if exception.ExceptionCode == EXCEPTION_ACCESS_VIOLATION {
        // Of this exception the first parameter says whether it was a read or a write, the second where.
        let address = exception.ExceptionInformation[1];
        if let Some(found) = find(address) {
            tell_fault(&found, address);
        }
    }
    EXCEPTION_CONTINUE_SEARCH
}
