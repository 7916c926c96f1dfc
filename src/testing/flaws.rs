//! Flaws on purpose, for `tests/flaws.js`: functions that misuse memory in a process of Node.

use std::ffi::c_void;
use std::hint::black_box;
use std::mem;

use napi_sys as sys;

use crate::block::Block;
use crate::node_api::{call, Answer, Call, Export};

pub static FUNCTIONS: [Export; 5] = [
    Export { name: c"readMemoryThatIsFreed", callback: call::<0>, method: read_memory_that_is_freed },
    Export { name: c"writePastTheEndOfMemory", callback: call::<0>, method: write_past_the_end_of_memory },
    Export { name: c"leak", callback: call::<0>, method: leak },
    Export { name: c"lendWhatIsGivenBack", callback: call::<1>, method: lend_what_is_given_back },
    Export { name: c"lendTooMuch", callback: call::<1>, method: lend_too_much },
];

fn read_memory_that_is_freed(_: &Call) -> Option<Answer<'_>> {
    let bytes = black_box(vec![1u8; 24]);
    let start = bytes.as_ptr();
    drop(bytes);
    // SAFETY: none. This is the flaw.
    Some(Answer::Number(f64::from(unsafe { start.read_volatile() })))
}

fn write_past_the_end_of_memory(_: &Call) -> Option<Answer<'_>> {
    let mut bytes = black_box(vec![0u8; 24]);
    // SAFETY: none. This is the flaw.
    unsafe { bytes.as_mut_ptr().add(24).write_volatile(1) };
    Some(Answer::Null)
}

fn leak(_: &Call) -> Option<Answer<'_>> {
    black_box(black_box(vec![1u8; 12_345]).leak());
    Some(Answer::Null)
}

/// `lendWhatIsGivenBack(byteLength)`: an ArrayBuffer over a block that has been freed.
fn lend_what_is_given_back(call: &Call) -> Option<Answer<'_>> {
    let block = Block::guarded(call.number(0)? as usize)?;
    lend(call, block.start(), block.len())
}

/// `lendTooMuch(byteLength)`: an ArrayBuffer that is one byte longer than its block. The block is never freed.
fn lend_too_much(call: &Call) -> Option<Answer<'_>> {
    let block = Block::guarded(call.number(0)? as usize)?;
    let (start, len) = (block.start(), block.len() + 1);
    mem::forget(block);
    lend(call, start, len)
}

fn lend<'call>(call: &'call Call, start: *mut u8, len: usize) -> Option<Answer<'call>> {
    unsafe extern "C" fn finalize(_: sys::napi_env, _: *mut c_void, _: *mut c_void) {}
    // SAFETY: none. `start` is not valid for `len` bytes. This is the flaw.
    unsafe { call.external_array_buffer(start, len, finalize, 0) }.ok().map(Answer::Value)
}
