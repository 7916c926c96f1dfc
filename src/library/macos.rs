//! macOS: opens the library once more.
//!
//! macOS unloads a library when its last handle is closed, unless the library has Objective-C classes or thread-local
//! variables. What thread-local variables change differs between the versions of macOS.

use std::mem::MaybeUninit;

/// RTLD_NODELETE keeps the library loaded even when every handle is closed (dlopen(3)). RTLD_NOLOAD loads nothing new.
pub fn keep_loaded() -> bool {
    let here: fn() -> bool = keep_loaded;
    let mut image = MaybeUninit::<libc::Dl_info>::uninit();
    // SAFETY: `&&` reads `image` only if dladdr has filled it in. The name in it lives as long as the library.
    unsafe {
        libc::dladdr(here as *const _, image.as_mut_ptr()) != 0
            && !libc::dlopen(image.assume_init().dli_fname, libc::RTLD_LAZY | libc::RTLD_NOLOAD | libc::RTLD_NODELETE)
                .is_null()
    }
}
