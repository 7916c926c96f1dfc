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
use std::ptr;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use napi::bindgen_prelude::{Env, JsValue, Unknown};
use napi::sys;

use crate::block::Block;
use crate::loans::Loans;
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
pub fn lend<'env>(env: &'env Env, block: Block) -> Option<Unknown<'env>> {
    let (start, len) = (block.start(), block.len());
    let slot = loans().begin(block).ok()?;
    let mut array_buffer = ptr::null_mut();
    // SAFETY: the loan keeps `start` valid for `len` bytes until `take_back` has detached the ArrayBuffer or `finalize`
    // has been called with this slot; see the head of this file.
    let status = unsafe {
        let hint = slot as *mut c_void;
        sys::napi_create_external_arraybuffer(env.raw(), start.cast(), len, Some(finalize), hint, &mut array_buffer)
    };
    if status != sys::Status::napi_ok {
        EXTERNAL_FORBIDDEN.set(status == sys::Status::napi_no_external_buffers_allowed);
        // Node does not run the finalizer of an ArrayBuffer that it did not make.
        drop(loans().end(slot));
        return None;
    }
    budget::lent(len);
    // SAFETY: `array_buffer` is a value of this environment, made above, in the scope of the running callback.
    Some(unsafe { Unknown::from_raw_unchecked(env.raw(), array_buffer) })
}

/// Called once nothing refers to the backing store, or when the environment ends: by Node on the thread that lent, on a
/// later turn of its event loop; by Bun and Deno on any thread.
unsafe extern "C" fn finalize(_env: sys::napi_env, _start: *mut c_void, slot: *mut c_void) {
    let block = loans().end(slot as usize);
    if let Some(block) = block {
        budget::returned(block.len());
    }
}

/// `takeBack(view)`: detaches the ArrayBuffer behind the typed array `view`, so that all its views have length 0, and frees
/// the block in it. Returns whether there was one; the memory was the engine's where not. Does nothing where `view` is no
/// typed array or its ArrayBuffer cannot be detached.
///
/// Each dispose calls it. What `#[napi]` makes of a function with an argument takes 85 ns more (napi 3.16, Node 20 and 24):
/// to allocate and dispose 64 bytes 330 ns instead of 230.
///
/// # Safety
/// For Node-API to call, as the function that `callbacks.rs` makes.
pub unsafe extern "C" fn take_back(env: sys::napi_env, info: sys::napi_callback_info) -> sys::napi_value {
    // SAFETY: both are those of the running callback.
    let block = unsafe { detach_argument(env, info) }.and_then(|address| loans().take_back(address));
    let taken = block.is_some();
    if let Some(block) = block {
        budget::returned(block.len());
    }
    let mut result = ptr::null_mut();
    // SAFETY: `env` is that of the running callback.
    unsafe { sys::napi_get_boolean(env, taken, &mut result) };
    result
}

/// Detaches the ArrayBuffer of the first argument; returns the address where its bytes were.
///
/// # Safety
/// `env` and `info` must be those of the running callback.
unsafe fn detach_argument(env: sys::napi_env, info: sys::napi_callback_info) -> Option<usize> {
    let (mut count, mut view) = (1, ptr::null_mut());
    // SAFETY: there is room for `count` arguments; null asks for nothing.
    let status = unsafe { sys::napi_get_cb_info(env, info, &mut count, &mut view, ptr::null_mut(), ptr::null_mut()) };
    if status != sys::Status::napi_ok {
        return None;
    }
    // SAFETY: `view` is an argument of the running callback, undefined where there was none.
    let (array_buffer, address) = unsafe { array_buffer_of(env, view) }?;
    // SAFETY: `array_buffer` is a value of the running callback.
    let status = unsafe { sys::napi_detach_arraybuffer(env, array_buffer) };
    (status == sys::Status::napi_ok).then_some(address)
}

/// The ArrayBuffer of a typed array, and the address of its first byte.
///
/// # Safety
/// `value` must be a value of the running callback, whose environment is `env`.
unsafe fn array_buffer_of(env: sys::napi_env, value: sys::napi_value) -> Option<(sys::napi_value, usize)> {
    let (mut array_buffer, mut start, mut offset) = (ptr::null_mut(), ptr::null_mut(), 0);
    // SAFETY: the caller vouches for `env` and `value`. Null asks for nothing; a value that is no typed array is answered
    // with a status.
    let status = unsafe {
        sys::napi_get_typedarray_info(
            env,
            value,
            ptr::null_mut(),
            ptr::null_mut(),
            &mut start,
            &mut array_buffer,
            &mut offset,
        )
    };
    (status == sys::Status::napi_ok).then_some((array_buffer, (start as usize).wrapping_sub(offset)))
}

/// A part of an ArrayBuffer, in bytes.
pub struct Part<'a> {
    pub array_buffer: &'a Unknown<'a>,
    pub start: usize,
    pub len: usize,
}

/// Copies `from` to the start of `to`, which must not be shorter. Returns false, and copies nothing, where one of the
/// two does not lie in an ArrayBuffer.
pub fn copy_between(from: Part, to: Part) -> bool {
    let (Some(source), Some(dest)) = (address_of(&from), address_of(&to)) else { return false };
    if to.len < from.len {
        return false;
    }
    // SAFETY: both hold `from.len` bytes, checked above, and no JavaScript that could detach them runs meanwhile.
    unsafe { copy::copy(source, dest, from.len) };
    true
}

fn address_of(part: &Part) -> Option<*mut u8> {
    let value = part.array_buffer.value();
    let mut start: *mut c_void = ptr::null_mut();
    let mut byte_length = 0;
    // SAFETY: `value` is an argument of the running callback; one that is no ArrayBuffer is answered with a status.
    let status = unsafe { sys::napi_get_arraybuffer_info(value.env, value.value, &mut start, &mut byte_length) };
    let fits = part.start.checked_add(part.len).is_some_and(|end| end <= byte_length);
    (status == sys::Status::napi_ok && fits).then(|| start.cast::<u8>().wrapping_add(part.start))
}
