//! macOS. It unloads a library whose last handle is closed unless it has Objective-C classes or thread-local variables, and
//! what it does with the latter differs between its versions: so this asks.

use std::mem::MaybeUninit;

/// Opens it once more for good: RTLD_NODELETE keeps it whoever closes it (dlopen(3)), and RTLD_NOLOAD loads nothing new.
pub fn keep_loaded() -> bool {
    let here: fn() -> bool = keep_loaded;
    let mut image = MaybeUninit::<libc::Dl_info>::uninit();
    // SAFETY: `image` is read only where dladdr has filled it in; its name lives as long as the library.
    unsafe {
        libc::dladdr(here as *const _, image.as_mut_ptr()) != 0
            && !libc::dlopen(image.assume_init().dli_fname, libc::RTLD_LAZY | libc::RTLD_NOLOAD | libc::RTLD_NODELETE)
                .is_null()
    }
}
