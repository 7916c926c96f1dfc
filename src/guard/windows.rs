//! Windows: pages without access, and the handler of the exception that a touch of such a page causes.

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

use super::message::report_fault;
use super::table::find;

/// Reserves addresses for `len` bytes, without access and without memory.
pub fn reserve(len: usize) -> Option<NonNull<u8>> {
    // SAFETY: with a null address the system chooses one that nobody uses.
    let start = unsafe { VirtualAlloc(ptr::null(), len, MEM_RESERVE, PAGE_NOACCESS) };
    NonNull::new(start.cast())
}

/// Allows reads and writes of these pages. Their bytes are 0.
///
/// # Safety
/// They must be whole pages of what `reserve` has returned.
pub unsafe fn allow_access(start: NonNull<u8>, len: usize) -> bool {
    // SAFETY: the caller guarantees that the pages are its own.
    !unsafe { VirtualAlloc(start.as_ptr().cast(), len, MEM_COMMIT, PAGE_READWRITE) }.is_null()
}

/// Returns the memory of these pages to the system, and keeps their addresses, without access.
///
/// # Safety
/// They must be whole pages of what `reserve` has returned. Nobody may need their bytes.
pub unsafe fn forbid_access(start: NonNull<u8>, len: usize) -> bool {
    // SAFETY: the caller guarantees that the pages are its own. Some of them may have no memory, which is no error.
    unsafe { VirtualFree(start.as_ptr().cast(), len, MEM_DECOMMIT) != 0 }
}

/// Releases these pages. If the system refuses, their addresses stay taken, which does no harm.
///
/// # Safety
/// They must be all pages of what `reserve` has returned. Nobody may use them any more.
pub unsafe fn unmap(start: NonNull<u8>, _len: usize) {
    // SAFETY: the caller guarantees that the pages are its own and not in use. The size 0 means all that was reserved at `start`.
    unsafe { VirtualFree(start.as_ptr().cast(), 0, MEM_RELEASE) };
}

/// Writes to standard error. What it does not take is lost.
pub fn write_error(bytes: &[u8]) {
    let (len, mut written) = (u32::try_from(bytes.len()).unwrap_or(u32::MAX), 0);
    // SAFETY: `bytes` is valid for reads of `len`. Without a standard error the handle is invalid, and the system refuses it.
    unsafe { WriteFile(GetStdHandle(STD_ERROR_HANDLE), bytes.as_ptr(), len, &mut written, ptr::null_mut()) };
}

/// Installs the handler, the first time. From then on a fault in the pages of a guarded block is reported.
pub fn watch_faults() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // SAFETY: the handler stays loaded: see `library`. It runs before the earlier ones, such as V8's for WebAssembly.
        unsafe { AddVectoredExceptionHandler(1, Some(on_exception)) };
    });
}

/// Reports the block, if the fault is in one. Then the other handlers run, and in most cases the process ends.
unsafe extern "system" fn on_exception(pointers: *mut EXCEPTION_POINTERS) -> i32 {
    // SAFETY: the system passes pointers to the exception, which are valid during the call.
    let exception = unsafe { &*(*pointers).ExceptionRecord };
    if exception.ExceptionCode == EXCEPTION_ACCESS_VIOLATION {
        // The first parameter of this exception tells a read from a write. The second is the address.
        let address = exception.ExceptionInformation[1];
        if let Some(found) = find(address) {
            report_fault(&found, address);
        }
    }
    EXCEPTION_CONTINUE_SEARCH
}
