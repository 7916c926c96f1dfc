//! Keeps this library loaded while a thread of its own runs.
//!
//! Node closes an addon when the last environment that has loaded it ends. If only workers have loaded it, that is when the
//! last of them ends, not when the process ends. The purge thread would then run code that is no longer mapped.

#[cfg(target_os = "linux")]
#[path = "library/linux.rs"]
mod system;
#[cfg(target_vendor = "apple")]
#[path = "library/macos.rs"]
mod system;
#[cfg(windows)]
#[path = "library/windows.rs"]
mod system;
#[cfg(not(any(target_os = "linux", target_vendor = "apple", windows)))]
#[path = "library/other.rs"]
mod system;

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
