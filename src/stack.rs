//! Whether there is stack left for what is about to be done. The engine's limit lies above the end of the thread's stack,
//! and Node-API does not tell where; but the engine looks at it whenever native code calls a function.

use std::cell::Cell;
use std::hint::black_box;
use std::mem::MaybeUninit;

use crate::node_api::{Call, Value};

/// In bytes. V8 compiles no function with less than 32 KiB left, 33 as measured (`kStackSpaceRequiredForCompilation`), and
/// attaching and disposing take about 2.
const NEEDED: usize = 48 << 10;

/// In bytes: how far beyond the engine's limit is ventured. On Windows the stack ends 40 KiB beyond.
const STEP: usize = 8 << 10;

thread_local! {
    /// The lowest address at which the engine has called a function on this thread: there it need not be asked again.
    static REACHED: Cell<usize> = const { Cell::new(usize::MAX) };
}

/// Whether the stack goes on for 48 KiB. Where it does not, the engine's RangeError is pending. `nothing` is a function
/// that does nothing.
pub fn is_left(call: &Call, nothing: Value) -> bool {
    let here = 0u8;
    let bottom = (&raw const here).addr().saturating_sub(NEEDED);
    REACHED.get() <= bottom || reaches(bottom, call, nothing)
}

/// Whether the engine calls `nothing` from here, and from each step down to `bottom`.
#[inline(never)]
fn reaches(bottom: usize, call: &Call, nothing: Value) -> bool {
    let step = [MaybeUninit::<u8>::uninit(); STEP];
    let here = black_box(&step).as_ptr().addr();
    let is_called = call.runs(nothing);
    if is_called {
        REACHED.set(here.min(REACHED.get()));
    }
    is_called && (here <= bottom || reaches(bottom, call, nothing))
}
