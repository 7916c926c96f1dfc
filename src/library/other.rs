//! Other systems: nothing is known of how they unload libraries.

/// False, so no purge thread is started: `dispose` returns the memory itself.
pub fn keep_loaded() -> bool {
    false
}
