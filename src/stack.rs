//! Checks that enough of the stack is left.
//!
//! The engine stops JavaScript at a limit of its own, above the end of the thread's stack. Node-API does not tell where that
//! limit is. But the engine checks it when native code calls a function. So [`need`] goes down the stack in steps and calls an
//! empty function at each step.

use std::cell::Cell;
use std::hint::black_box;
use std::mem::MaybeUninit;

use crate::node_api::{Call, Value};

/// V8 compiles no function with less than 32 KiB of stack left (`kStackSpaceRequiredForCompilation`); measured, it is 33.
/// Attaching and disposing take about 2 more.
const NEEDED_BYTES: usize = 48 << 10;

/// The distance between two checks, and so how far this module may go past the engine's limit. On Windows the stack ends 40
/// KiB past that limit.
const STEP_BYTES: usize = 8 << 10;

thread_local! {
    /// The lowest address at which the engine has called a function on this thread. Above it no check is needed again.
    static LOWEST_CHECKED: Cell<usize> = const { Cell::new(usize::MAX) };
}

/// Makes the engine's RangeError pending if less than `NEEDED_BYTES` of the stack are left. `noop` is a function that does
/// nothing.
pub fn need(call: &Call, noop: Value) {
    let here = 0u8;
    let bottom = (&raw const here).addr().saturating_sub(NEEDED_BYTES);
    if LOWEST_CHECKED.get() > bottom {
        check_down_to(bottom, call, noop);
    }
}

/// Calls `noop` here, then one step further down, and so on to `bottom`. Stops at the first call that the engine refuses.
#[inline(never)]
fn check_down_to(bottom: usize, call: &Call, noop: Value) {
    let step = [MaybeUninit::<u8>::uninit(); STEP_BYTES];
    let here = black_box(&step).as_ptr().addr();
    if !call.call_function(noop) {
        return;
    }
    LOWEST_CHECKED.set(here.min(LOWEST_CHECKED.get()));
    if here > bottom {
        check_down_to(bottom, call, noop);
    }
}
