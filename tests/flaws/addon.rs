//! An addon with flaws on purpose, for `tests/flaws/addon.js`.

use std::hint::black_box;
use std::ptr;

use napi::bindgen_prelude::{Env, Unknown};
use napi::sys;
use napi_derive::napi;
use smalloc::block::Block;

#[napi]
pub fn read_memory_that_is_freed() -> u32 {
    let bytes = black_box(vec![1u8; 24]);
    let start = bytes.as_ptr();
    drop(bytes);
    // SAFETY: none. This is the flaw.
    u32::from(unsafe { start.read_volatile() })
}

#[napi]
pub fn write_past_the_end_of_memory() {
    let mut bytes = black_box(vec![0u8; 24]);
    // SAFETY: none. This is the flaw.
    unsafe { bytes.as_mut_ptr().add(24).write_volatile(1) };
}

#[napi]
pub fn leak() {
    black_box(black_box(vec![1u8; 12_345]).leak());
}

/// An ArrayBuffer over a block of `byte_length` bytes that has been freed.
#[napi]
pub fn lend_what_is_given_back(env: &Env, byte_length: u32) -> Unknown<'_> {
    let block = Block::guarded(byte_length as usize).expect("memory");
    array_buffer(env, block.start(), block.len())
}

/// An ArrayBuffer that is one byte longer than its block. The block is never freed.
#[napi]
pub fn lend_too_much(env: &Env, byte_length: u32) -> Unknown<'_> {
    let block = Block::guarded(byte_length as usize).expect("memory");
    let (start, len) = (block.start(), block.len() + 1);
    std::mem::forget(block);
    array_buffer(env, start, len)
}

fn array_buffer(env: &Env, start: *mut u8, len: usize) -> Unknown<'_> {
    let mut value = ptr::null_mut();
    // SAFETY: `env` is that of the running callback, and `value` is valid for the result. But `start` is not valid for `len`
    // bytes. This is the flaw.
    let status = unsafe {
        sys::napi_create_external_arraybuffer(env.raw(), start.cast(), len, None, ptr::null_mut(), &mut value)
    };
    assert_eq!(status, sys::Status::napi_ok);
    // SAFETY: the call above has made `value`, in this environment and in the scope of the running callback.
    unsafe { Unknown::from_raw_unchecked(env.raw(), value) }
}
