//! Lends a [`Block`] to the engine as an external ArrayBuffer, and takes it back.
//!
//! A loan ends in one of two ways. If JavaScript disposes, `take_back` frees the block in the same call. If the collector
//! takes the ArrayBuffer, Node calls `finalize` later.
//!
//! **What must hold:** a block is freed only when no ArrayBuffer can reach its bytes. There are two such moments:
//!
//! - `take_back` has detached the ArrayBuffer that holds the block. A backing store belongs to one ArrayBuffer at a time,
//!   so no other one reaches it.
//! - Node calls `finalize`. Either V8 has dropped the backing store, or the environment ends and runs no more JavaScript.
//!
//! **The second point has one exception.** A program can move a backing store to another ArrayBuffer (`transfer()` in Node
//! 22 and later, byte streams before) and post that one to another thread. If the first thread ends, Node calls the
//! finalizer although the other thread still uses the bytes (seen on Node 20 to 26). The main thread ends last, so there it
//! does no harm. For this reason no blocks are lent to workers. Only `SMALLOC_GUARD=1` lends to workers too; then `finalize`
//! leaks each block that is still lent when its environment ends.

use std::cell::{Cell, RefCell};
use std::ffi::c_void;
use std::ptr::NonNull;
use std::sync::{Mutex, MutexGuard, PoisonError};

use napi_sys as sys;

use crate::block::Block;
use crate::guard::{self, Event};
use crate::loans::{LoanId, Loans};
use crate::memory::pages;
use crate::node_api::{Call, Value};
use crate::{budget, copy, node_api};

/// The loans of all threads. They share one list because Bun and Deno run a finalizer on the thread that drops the backing
/// store, which may be any thread.
static LOANS: Mutex<Loans> = Mutex::new(Loans::new());

fn loans() -> MutexGuard<'static, Loans> {
    LOANS.lock().unwrap_or_else(PoisonError::into_inner)
}

thread_local! {
    static IS_EXTERNAL_FORBIDDEN: Cell<bool> = const { Cell::new(false) };
    /// The environments of this thread that have lent guarded blocks. Each load of the addon makes one.
    static GUARDED_LENDERS: RefCell<Vec<sys::napi_env>> = const { RefCell::new(Vec::new()) };
}

/// Adds an environment to `GUARDED_LENDERS`. False if there is no memory for that.
fn note_guarded_lender(env: sys::napi_env) -> bool {
    GUARDED_LENDERS.with_borrow_mut(|lenders| {
        if lenders.contains(&env) {
            return true;
        }
        if lenders.try_reserve(1).is_err() {
            return false;
        }
        lenders.push(env);
        true
    })
}

/// Whether this environment has lent guarded blocks on this thread. False while the thread ends.
fn is_guarded_lender(env: sys::napi_env) -> bool {
    GUARDED_LENDERS.try_with(|lenders| lenders.borrow().contains(&env)).unwrap_or(false)
}

/// Whether this runtime has refused an external ArrayBuffer. Electron and other runtimes with the V8 sandbox do.
pub fn is_external_forbidden() -> bool {
    IS_EXTERNAL_FORBIDDEN.get()
}

/// Returns an external ArrayBuffer over the block. If the engine refuses, it frees the block and returns `None`.
pub fn lend(call: &Call, block: Block) -> Option<Value<'_>> {
    let (start, len) = (block.start(), block.len());
    if guard::is_on() && !note_guarded_lender(call.env()) {
        return None;
    }
    let begun = loans().begin(block); // so that a refused block is dropped without the lock
    let loan = begun.ok()?;
    // SAFETY: `loans` now owns the block, so `start` is valid for `len` bytes until the loan ends. It ends only after
    // `take_back` has detached the ArrayBuffer, in `finalize`, or below, where there is no ArrayBuffer.
    let array_buffer = unsafe { call.external_array_buffer(start, len, finalize, loan.to_word() as usize) };
    match array_buffer {
        Ok(_) => budget::lent(len),
        Err(status) => {
            IS_EXTERNAL_FORBIDDEN.set(status == sys::Status::napi_no_external_buffers_allowed);
            let block = loans().end(loan);
            drop(block); // without the lock, because freeing a block may take milliseconds
        }
    }
    array_buffer.ok()
}

/// Ends a loan. The engine calls this when nothing refers to the backing store any more, or when the environment ends. Node
/// calls it on the thread to which the block was lent, in a later turn of its event loop. Bun and Deno call it on any thread.
unsafe extern "C" fn finalize(env: sys::napi_env, _start: *mut c_void, loan: *mut c_void) {
    let block = loans().end(LoanId::from_word(loan as u64));
    if let Some(block) = block {
        budget::returned(block.len());
        // SAFETY: `env` is the environment of the running callback. It is one of this thread's `GUARDED_LENDERS`, so it also
        // belongs to this thread: a runtime that calls finalizers on other threads does not get here.
        if is_guarded_lender(env) && unsafe { node_api::is_ending(env) } {
            block.leak();
        }
    }
}

/// Notes where the block in an ArrayBuffer was made or disposed. Does nothing if there is no block.
pub fn note_place(array_buffer: Value, event: Event, place: &[u8]) {
    let Some((start, _)) = array_buffer.bytes_of_array_buffer() else { return };
    if let Some(block) = loans().block_at(start as usize) {
        block.note_place(event, place);
    }
}

/// Detaches an ArrayBuffer, and frees the block in it. Memory of the engine goes back to its malloc. False, and nothing has
/// changed, if it cannot be detached. `None` if it is not an ArrayBuffer.
///
/// It finds the loan before it detaches, because the ArrayBuffer keeps the loan alive. After the detach, the main thread may
/// end the loan and lend the same address again.
pub fn take_back(array_buffer: Value) -> Option<bool> {
    let address = array_buffer.bytes_of_array_buffer()?.0 as usize;
    let may_be_block = address.is_multiple_of(Block::ALIGNMENT_BYTES) || guard::is_on();
    let loan = if may_be_block { loans().find(address) } else { None };
    if !array_buffer.detach() {
        return Some(false);
    }
    if let Some(block) = loan.and_then(|loan| loans().take_back(loan)) {
        budget::returned(block.len());
    }
    Some(true)
}

/// Asks the system to use huge pages within an ArrayBuffer. False if it refuses, or if no huge page lies within.
pub fn advise_huge(array_buffer: Value) -> bool {
    let Some((start, offset, len)) = pages_of(array_buffer, pages::HUGE_PAGE_BYTES) else { return false };
    pages::advise_huge(start.as_ptr().wrapping_add(offset), len)
}

/// Returns the whole pages within an ArrayBuffer to the system. Their bytes then read as 0. False if no whole page lies
/// within, or if the system refuses.
pub fn purge(array_buffer: Value) -> bool {
    let Some((start, offset, len)) = pages_of(array_buffer, pages::size()) else { return false };
    // SAFETY: `pages_of` returns an offset that lies within the bytes of the ArrayBuffer.
    let first = unsafe { start.add(offset) };
    // SAFETY: `pages_of` returns whole pages within the ArrayBuffer, which keeps them mapped during this call. Nobody uses
    // them meanwhile: no JavaScript runs on this thread, and no other thread of JavaScript has them, because `pages_of` refuses
    // a SharedArrayBuffer. (Programs must wait for operations of Node that still use them: "The one danger" in README.md.) They
    // are private anonymous memory because `lib/memory/backing-store.js`, the only caller, passes only ArrayBuffers that the
    // engine has allocated, never memory that somebody else has mapped.
    unsafe { pages::purge(first, len) }
}

/// The whole pages of `page_bytes` within an ArrayBuffer: the start of the ArrayBuffer, the offset of the first page, and
/// the bytes of all pages.
fn pages_of(array_buffer: Value, page_bytes: usize) -> Option<(NonNull<u8>, usize, usize)> {
    if !array_buffer.is_array_buffer() {
        return None;
    }
    let (start, len) = array_buffer.bytes_of_array_buffer()?;
    let start = NonNull::new(start)?;
    let (offset, len) = pages::whole_pages(start.as_ptr() as usize, len, page_bytes)?;
    Some((start, offset, len))
}

/// A part of an ArrayBuffer. Start and length are in bytes.
pub struct Window<'call> {
    pub array_buffer: Value<'call>,
    pub start: usize,
    pub len: usize,
}

/// Copies `from` to the start of `to`. Neither may be shared memory. Returns false, and copies nothing, if a window does not
/// lie in its ArrayBuffer, or if `to` is shorter than `from`.
pub fn copy_between(from: Window, to: Window) -> bool {
    let (Some(source), Some(dest)) = (from.address(), to.address()) else { return false };
    if to.len < from.len {
        return false;
    }
    // SAFETY: `address` has checked that each window lies in its ArrayBuffer, and `to` is not shorter than `from`. No
    // JavaScript runs during the call, so neither ArrayBuffer is detached. No other thread of JavaScript has the bytes:
    // `lib/api/copy-onto.js`, the only caller, passes no SharedArrayBuffer. (Newer versions of Node-API would accept one.)
    // No check can see an operation of Node that still writes to them. Programs must wait for it: "The one danger" in README.md.
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
