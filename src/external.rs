//! Lends a [`Block`] to the engine as an external ArrayBuffer and takes it back: at once when JavaScript disposes, from
//! the finalizer when the collector takes the object.
//!
//! A block may be freed, or used again, only when no ArrayBuffer can reach it. That is so
//! - once we have detached the ArrayBuffer that holds it: a backing store has one holder at a time (`take_back`);
//! - once Node runs its finalizer, because V8 has dropped the backing store, or because the environment ends and no
//!   JavaScript will run there again (`finalize`).
//!
//! The second point has a hole. A backing store can be moved to another ArrayBuffer (`transfer()` of Node 22 and later,
//! byte streams before) and that one be posted to another thread. When the first thread ends, Node runs the finalizer all
//! the same (seen on Node 20 to 26). The main thread ends last, so nobody is left to see it; nothing is lent to workers.

use std::cell::Cell;
use std::ffi::c_void;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use napi::sys;

use crate::block::Block;
use crate::loans::Loans;
use crate::node_api::{Call, Value};
use crate::{budget, copy};

/// Of all threads: Bun and Deno run a finalizer on whichever thread drops the backing store.
static LOANS: LazyLock<Mutex<Loans>> = LazyLock::new(|| Mutex::new(Loans::new()));

fn loans() -> MutexGuard<'static, Loans> {
    LOANS.lock().unwrap_or_else(PoisonError::into_inner)
}

thread_local! {
    static EXTERNAL_FORBIDDEN: Cell<bool> = const { Cell::new(false) };
}

/// Whether this runtime has refused an external ArrayBuffer (Electron and others with the V8 sandbox do).
pub fn is_forbidden() -> bool {
    EXTERNAL_FORBIDDEN.get()
}

/// Returns an external ArrayBuffer over the block, or `None`, and frees the block, where the engine takes none.
pub fn lend(call: &Call, block: Block) -> Option<Value<'_>> {
    let (start, len) = (block.start(), block.len());
    let slot = loans().begin(block).ok()?;
    // SAFETY: the loan keeps `start` valid for `len` bytes until `take_back` has detached the ArrayBuffer or `finalize`
    // has been called with this slot; see the head of this file.
    let array_buffer = unsafe { call.external_array_buffer(start, len, finalize, slot) };
    match array_buffer {
        Ok(_) => budget::lent(len),
        Err(status) => {
            EXTERNAL_FORBIDDEN.set(status == sys::Status::napi_no_external_buffers_allowed);
            drop(loans().end(slot));
        }
    }
    array_buffer.ok()
}

/// Called once nothing refers to the backing store, or when the environment ends: by Node on the thread that lent, on a
/// later turn of its event loop; by Bun and Deno on any thread.
unsafe extern "C" fn finalize(_env: sys::napi_env, _start: *mut c_void, slot: *mut c_void) {
    let block = loans().end(slot as usize);
    if let Some(block) = block {
        budget::returned(block.len());
    }
}

/// Detaches the ArrayBuffer behind the typed array `view` and frees the block in it. Returns whether there was one. Does
/// nothing where `view` is no typed array or its ArrayBuffer cannot be detached.
pub fn take_back(view: Value) -> bool {
    let Some((array_buffer, address)) = view.array_buffer_of_view() else { return false };
    if !array_buffer.detach() {
        return false;
    }
    if address % Block::ALIGNMENT != 0 {
        return false;
    }
    let block = loans().take_back(address);
    block.is_some_and(|block| {
        budget::returned(block.len());
        true
    })
}

/// A window on an ArrayBuffer, in bytes.
pub struct Window<'call> {
    pub array_buffer: Value<'call>,
    pub start: usize,
    pub len: usize,
}

/// Copies `from` to the start of `to`, which must not be shorter. Neither may be shared memory. Returns false, and copies
/// nothing, where one of the two does not lie in an ArrayBuffer.
pub fn copy_between(from: Window, to: Window) -> bool {
    let (Some(source), Some(dest)) = (from.address(), to.address()) else { return false };
    if to.len < from.len {
        return false;
    }
    // SAFETY: both hold `from.len` bytes, checked above, and no JavaScript that could detach them runs meanwhile. No other
    // thread reads or writes them: `lib/copy.js` passes no SharedArrayBuffer, which newer versions of Node-API would take.
    unsafe { copy::copy(source, dest, from.len) };
    true
}

impl Window<'_> {
    fn address(&self) -> Option<*mut u8> {
        let (start, byte_length) = self.array_buffer.bytes_of_array_buffer()?;
        let fits = self.start.checked_add(self.len).is_some_and(|end| end <= byte_length);
        fits.then(|| start.wrapping_add(self.start))
    }
}
