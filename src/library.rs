//! Keeps this library loaded until the process ends.
//!
//! Node closes an addon when the last environment that has loaded it ends. If only workers have loaded it, that is when the
//! last of them ends, not when the process ends. The purge thread, the signal handlers of the guard and the destructors of
//! thread-local values would then run code that is no longer mapped.

#[cfg(target_vendor = "apple")]
#[path = "library/macos.rs"]
mod system;
#[cfg(windows)]
#[path = "library/windows.rs"]
mod system;
/// Linux and other systems with ELF: `build.rs` tells the linker to mark the library with `nodelete`.
#[cfg(not(any(target_vendor = "apple", windows)))]
mod system {
    pub fn keep_loaded() -> bool {
        true
    }
}

/// Makes the system keep this library until the process ends. False if the system refuses.
pub use system::keep_loaded;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_can_be_kept_and_kept_again() {
        assert!(keep_loaded());
        assert!(keep_loaded());
    }
}
