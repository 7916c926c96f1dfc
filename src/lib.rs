//! smalloc owns raw memory on behalf of JavaScript objects.
//!
//! This file is everything JavaScript may call; `lib/binding.js` is its only caller. Bytes are held by [`block`],
//! cached by [`shelf`], lent to the engine by [`external`] within the limits of [`budget`], and moved by [`copy`].

#![deny(unsafe_op_in_unsafe_fn)]
#![deny(clippy::undocumented_unsafe_blocks)]

pub mod block;
mod budget;
pub mod copy;
mod external;
#[cfg(test)]
mod ledger;
mod loans;
mod region;
pub mod shelf;

use block::{Block, Fill};
use external::Part;
use napi::bindgen_prelude::{Env, Unknown};
use napi_derive::napi;

/// Lends a block of `byte_length` bytes to the engine and returns its external ArrayBuffer.
///
/// Returns `undefined` where the engine has to serve the request itself: the turn's budget is spent, the runtime
/// forbids external ArrayBuffers, or there is no memory (the engine then collects garbage, tries again, and throws).
#[napi]
pub fn lend<'env>(env: &'env Env, byte_length: f64, zeroed: bool) -> Option<Unknown<'env>> {
    let byte_length = byte_length as usize;
    if external::is_forbidden() || !budget::allows(byte_length) {
        return None;
    }
    let block = Block::new(byte_length, if zeroed { Fill::Zeroed } else { Fill::Raw })?;
    external::lend(env, block)
}

/// Detaches the ArrayBuffer behind `view`, so that all its views have length 0, and takes back the block behind it,
/// if there is one. Returns false, and does nothing, where the ArrayBuffer cannot be detached.
#[napi]
pub fn take_back(view: Unknown) -> bool {
    external::take_back(&view)
}

/// Copies `byte_length` bytes from the ArrayBuffer `source` at `source_start` to the ArrayBuffer `dest` at `dest_start`,
/// all in bytes; overlap is handled as memmove does. Returns false, and copies nothing, where they do not fit.
#[napi]
pub fn copy_bytes(source: Unknown, source_start: f64, dest: Unknown, dest_start: f64, byte_length: f64) -> bool {
    let len = byte_length as usize;
    let from = Part { array_buffer: &source, start: source_start as usize, len };
    let to = Part { array_buffer: &dest, start: dest_start as usize, len };
    external::copy_between(from, to)
}

/// The event loop has turned: finalizers have had their chance to run, and the budget starts afresh.
#[napi]
pub fn turned() {
    budget::reset();
}

/// Blocks lent out in this process, on all threads.
#[napi]
pub fn lent_blocks() -> f64 {
    block::lent_blocks() as f64
}

/// Bytes lent out in this process, on all threads.
#[napi]
pub fn lent_bytes() -> f64 {
    block::lent_bytes() as f64
}
