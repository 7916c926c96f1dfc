//! Linux: the linker does the work.

/// `build.rs` tells the linker to mark the library with `nodelete`. With musl no library is ever unloaded.
pub fn keep_loaded() -> bool {
    true
}
