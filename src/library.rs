//! This library, as the system has loaded it. Node closes an addon when the last environment that loaded it ends: where only
//! workers have loaded it, that is when the last of them ends. A thread that still runs would then run unmapped code.

#[cfg(target_os = "linux")]
#[path = "library/linux.rs"]
mod system;
#[cfg(target_vendor = "apple")]
#[path = "library/macos.rs"]
mod system;
#[cfg(windows)]
#[path = "library/windows.rs"]
mod system;

/// Has the system keep it until the process ends. False where it does not.
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
