//! Tests that need a process of their own: they count its mappings, or limit its address space. And the planted bugs, each of
//! which needs one, too.

mod flaws;
#[cfg(target_os = "linux")]
mod many_blocks;
#[cfg(target_os = "linux")]
mod out_of_memory;

/// Gives the calling test the process until it drops the result, because tests run in threads.
#[cfg(target_os = "linux")]
fn alone() -> std::sync::MutexGuard<'static, ()> {
    static TURN: std::sync::Mutex<()> = std::sync::Mutex::new(());
    TURN.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
