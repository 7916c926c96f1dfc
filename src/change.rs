//! Counts the changes that JavaScript is amid. No `finally` of JavaScript's runs where the engine ends the execution (the
//! timeout of node:vm, SIGINT in the REPL); what follows the call in native code does.

use std::cell::Cell;

use crate::node_api::{Call, Value};

thread_local! {
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

/// Calls `change` with the depth at which it runs. What it throws is pending.
pub fn run(call: &Call, change: Value) {
    DEPTH.set(depth() + 1);
    call.runs_with(change, f64::from(depth()));
    DEPTH.set(depth() - 1);
}

pub fn depth() -> u32 {
    DEPTH.get()
}
