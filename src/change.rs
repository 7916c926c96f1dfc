//! Counts the changes of objects that JavaScript has begun and not finished.
//!
//! `lib/elements/receiver.js` changes a receiver in several steps. If the engine ends the execution in the middle (a timeout
//! of node:vm, SIGINT in the REPL), no `finally` of JavaScript runs. Native code goes on after the call, so it can count.

use std::cell::Cell;

use crate::node_api::{Call, Value};

thread_local! {
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

/// Calls the function `change` with the depth at which it runs. If it throws or cannot be called, an error is pending afterwards.
pub fn run(call: &Call, change: Value) {
    DEPTH.set(depth() + 1);
    call.call_function_with_number(change, f64::from(depth()));
    DEPTH.set(depth() - 1);
}

/// The number of changes of this thread that are not finished.
pub fn depth() -> u32 {
    DEPTH.get()
}
