//! The locks and counters that threads share.
//!
//! They are those of std. With `cfg(loom)` the tests use those of loom instead, which run the models of `memory/models.rs` in
//! every order that threads can take. The macro `shared!` exists because loom makes statics only with a macro of its own.

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

    /// Does nothing, because a model has no time.
    pub fn sleep(_: std::time::Duration) {}

    macro_rules! shared {
        ($($(#[$about:meta])* static $name:ident: $type:ty = $value:expr;)+) => {
            loom::lazy_static! { $($(#[$about])* static ref $name: $type = $value;)+ }
        };
    }
    pub(crate) use shared;
}

pub use kind::*;
