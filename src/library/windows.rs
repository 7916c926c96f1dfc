//! Windows: pins the module.

use std::ptr;

use windows_sys::Win32::System::LibraryLoader::{
    GetModuleHandleExW, GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS, GET_MODULE_HANDLE_EX_FLAG_PIN,
};

/// Pins the module that contains this function.
pub fn keep_loaded() -> bool {
    let here: fn() -> bool = keep_loaded;
    let flags = GET_MODULE_HANDLE_EX_FLAG_PIN | GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS;
    let mut module = ptr::null_mut();
    // SAFETY: with the flag FROM_ADDRESS the second argument is only an address, from which nothing is read. `module` is
    // valid for the result.
    unsafe { GetModuleHandleExW(flags, here as *const u16, &mut module) != 0 }
}
