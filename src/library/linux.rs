//! Linux.

/// The linker has marked it so: see `build.rs`. musl unloads nothing in any case.
pub fn keep_loaded() -> bool {
    true
}
