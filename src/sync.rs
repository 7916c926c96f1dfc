//! The locks and counters that threads share: those of std, or those of loom, with which `cfg(loom)` has `memory/models.rs`
//! run in every order that threads can take. Loom makes no statics without its own macro.

#[cfg(not(all(test, loom)))]
mod kind {
    pub use std::sync::atomic::AtomicUsize;
    pub use std::sync::{Condvar, Mutex, MutexGuard};
    pub use std::thread::sleep;

    macro_rules! shared {
        ($($(#[$about:meta])* static $name:ident: $type:ty = $value:expr;)+) => {
            $($(#[$about])* static $name: $type = $value;)+
        };
    }
    pub(crate) use shared;
}

#[cfg(all(test, loom))]
mod kind {
    pub use loom::sync::atomic::AtomicUsize;
    pub use loom::sync::{Condvar, Mutex, MutexGuard};

    /// There is no time in a model.
    pub fn sleep(_: std::time::Duration) {}

    macro_rules! shared {
        ($($(#[$about:meta])* static $name:ident: $type:ty = $value:expr;)+) => {
            loom::lazy_static! { $($(#[$about])* static ref $name: $type = $value;)+ }
        };
    }
    pub(crate) use shared;
}

pub use kind::*;
