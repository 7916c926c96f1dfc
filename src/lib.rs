//! smalloc owns raw memory on behalf of JavaScript objects.
//!
//! This file is everything JavaScript may call, through [`callbacks`]; `lib/binding.js` is its only caller. Bytes are
//! held by [`block`], cached by [`shelf`], lent to the engine by [`external`] within the limits of [`budget`], and moved by
//! [`copy`].

#![deny(unsafe_op_in_unsafe_fn)]
#![deny(clippy::undocumented_unsafe_blocks)]

pub mod block;
mod budget;
mod callbacks;
pub mod copy;
mod external;
#[cfg(feature = "faults")]
mod faults;
#[cfg(test)]
mod ledger;
mod loans;
mod malloc;
mod region;
pub mod shelf;
mod thread;

use block::{Block, Fill};
use external::Part;
use napi::bindgen_prelude::{Either, Env, Unknown};

/// Lends a block of `byte_length` bytes to the engine and returns its external ArrayBuffer.
///
/// Returns `null` where the engine has to serve the request itself, because the turn's budget is spent or the runtime
/// forbids external ArrayBuffers; and `false` where there is no memory.
pub fn lend<'env>(env: &'env Env, byte_length: f64, zeroed: bool) -> Option<Either<Unknown<'env>, bool>> {
    let byte_length = byte_length as usize;
    if external::is_forbidden() || !budget::allows(byte_length) {
        return None;
    }
    let fill = if zeroed { Fill::Zeroed } else { Fill::Raw };
    match Block::new(byte_length, fill) {
        Some(block) => external::lend(env, block).map(Either::A),
        None => Some(Either::B(false)),
    }
}

/// Whether the engine may take `byte_length` bytes of its own and still has what it needs to collect garbage.
pub fn has_room(byte_length: f64) -> bool {
    shelf::has_room(byte_length as usize)
}

/// Dispose has returned `byte_length` bytes to the engine, which are to go on to the system when things are quiet.
pub fn engine_freed(byte_length: f64) {
    malloc::freed(byte_length as usize);
    if malloc::is_worth_trimming() {
        shelf::wake_sweeper();
    }
}

/// Copies `byte_length` bytes from the ArrayBuffer `source` at `source_start` to the ArrayBuffer `dest` at `dest_start`,
/// all in bytes; overlap is handled as memmove does. Returns false, and copies nothing, where they do not fit.
pub fn copy_bytes(source: Unknown, source_start: f64, dest: Unknown, dest_start: f64, byte_length: f64) -> bool {
    let len = byte_length as usize;
    let from = Part { array_buffer: &source, start: source_start as usize, len };
    let to = Part { array_buffer: &dest, start: dest_start as usize, len };
    external::copy_between(from, to)
}

/// The event loop has turned: finalizers have had their chance to run, and the budget starts afresh.
pub fn turned() {
    budget::reset();
}

/// Blocks lent out in this process, on all threads.
pub fn lent_blocks() -> f64 {
    block::lent_blocks() as f64
}

/// Bytes lent out in this process, on all threads.
pub fn lent_bytes() -> f64 {
    block::lent_bytes() as f64
}
