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
//! the same (seen on Node 20 to 26). The main thread ends last, so nobody is left to see it; nothing is lent to workers, but
//! with `SMALLOC_GUARD=1`. There a block that the end of an environment finds on loan stays for ever: see `finalize`.

use std::cell::Cell;
use std::ffi::c_void;
use std::ptr::{self, NonNull};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use napi::sys;

use crate::block::Block;
use crate::guard::{self, Event};
use crate::loans::{LoanId, Loans};
use crate::memory::pages;
use crate::node_api::{Call, Value};
use crate::{budget, copy, node_api};

/// Of all threads: Bun and Deno run a finalizer on whichever thread drops the backing store.
static LOANS: LazyLock<Mutex<Loans>> = LazyLock::new(|| Mutex::new(Loans::new()));

fn loans() -> MutexGuard<'static, Loans> {
    LOANS.lock().unwrap_or_else(PoisonError::into_inner)
}

thread_local! {
    static EXTERNAL_FORBIDDEN: Cell<bool> = const { Cell::new(false) };
    /// The environment of this thread, where it has lent guarded blocks.
    static LENDER: Cell<sys::napi_env> = const { Cell::new(ptr::null_mut()) };
}

/// Whether this runtime has refused an external ArrayBuffer (Electron and others with the V8 sandbox do).
pub fn is_forbidden() -> bool {
    EXTERNAL_FORBIDDEN.get()
}

/// Returns an external ArrayBuffer over the block, or `None`, and frees the block, where the engine takes none.
pub fn lend(call: &Call, block: Block) -> Option<Value<'_>> {
    let (start, len) = (block.start(), block.len());
    let loan = loans().begin(block).ok()?;
    // SAFETY: the loan keeps `start` valid for `len` bytes until `take_back` has detached the ArrayBuffer or `finalize`
    // has been called with this loan; see the head of this file.
    let array_buffer = unsafe { call.external_array_buffer(start, len, finalize, loan.to_word() as usize) };
    match array_buffer {
        Ok(_) => {
            budget::lent(len);
            if guard::is_on() {
                LENDER.set(call.env());
            }
        }
        Err(status) => {
            EXTERNAL_FORBIDDEN.set(status == sys::Status::napi_no_external_buffers_allowed);
            drop(loans().end(loan));
        }
    }
    array_buffer.ok()
}

/// Called once nothing refers to the backing store, or when the environment ends: by Node on the thread that lent, on a
/// later turn of its event loop; by Bun and Deno on any thread.
unsafe extern "C" fn finalize(env: sys::napi_env, _start: *mut c_void, loan: *mut c_void) {
    let block = loans().end(LoanId::of_word(loan as u64));
    if let Some(block) = block {
        budget::returned(block.len());
        // SAFETY: `env` is that of this callback, on its own thread: other runtimes may call on any.
        if !env.is_null() && LENDER.get() == env && unsafe { node_api::ends(env) } {
            block.keep_for_ever();
        }
    }
}

/// Notes where the block in an ArrayBuffer was made or disposed. Nothing where there is none.
pub fn note(array_buffer: Value, event: Event, place: &[u8]) {
    let Some((start, _)) = array_buffer.bytes_of_array_buffer() else { return };
    if let Some(block) = loans().block_at(start as usize) {
        block.note(event, place);
    }
}

/// Whose memory `take_back` has freed.
#[derive(Debug, PartialEq)]
pub enum Freed {
    /// A block's.
    Ours,
    /// The engine's, which its malloc has back.
    Engines,
    /// Nobody's: the ArrayBuffer cannot be detached.
    Nothing,
}

/// Detaches the ArrayBuffer behind the typed array `view` and frees the block in it. `None` where `view` is no typed array.
///
/// The loan is looked up first, while the ArrayBuffer keeps it: once a worker has detached it, the main thread may run its
/// finalizer at any time, and lend the address anew.
pub fn take_back(view: Value) -> Option<Freed> {
    let (array_buffer, address) = view.array_buffer_of_view()?;
    let may_be_ours = address % Block::ALIGNMENT == 0 || guard::is_on();
    let loan = if may_be_ours { loans().find(address) } else { None };
    if !array_buffer.detach() {
        return Some(Freed::Nothing);
    }
    let block = loan.and_then(|loan| loans().take_back(loan));
    Some(block.map_or(Freed::Engines, |block| {
        budget::returned(block.len());
        Freed::Ours
    }))
}

/// Asks for huge pages for those that lie within an ArrayBuffer. False where there are none to be had.
pub fn advise_huge(array_buffer: Value) -> bool {
    let Some((start, offset, len)) = pages_of(array_buffer, pages::HUGE_PAGE) else { return false };
    pages::advise_huge(start.as_ptr().wrapping_add(offset), len)
}

/// Gives the whole pages within an ArrayBuffer back to the system: they read as zeros from now on. False where there is none,
/// or that cannot be.
pub fn purge(array_buffer: Value) -> bool {
    let Some((start, offset, len)) = pages_of(array_buffer, pages::size()) else { return false };
    // SAFETY: `offset` lies within the ArrayBuffer, `pages_of` sees to that.
    let first = unsafe { start.add(offset) };
    // SAFETY: whole pages within an ArrayBuffer, which keeps its bytes alive during the call; no JavaScript runs meanwhile, and
    // no other thread has them, for `pages_of` takes no SharedArrayBuffer. lib passes what the engine has made, which is malloc's.
    unsafe { pages::purge(first, len) }
}

/// The whole pages of `page` bytes within an ArrayBuffer: where it starts, the offset of the first page, the bytes of all.
fn pages_of(array_buffer: Value, page: usize) -> Option<(NonNull<u8>, usize, usize)> {
    if !array_buffer.is_array_buffer() {
        return None;
    }
    let (start, len) = array_buffer.bytes_of_array_buffer()?;
    let start = NonNull::new(start)?;
    let (offset, len) = pages::whole_pages(start.as_ptr() as usize, len, page)?;
    Some((start, offset, len))
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
    // thread reads or writes them: `lib/api/copy-onto.js` passes no SharedArrayBuffer, which newer versions of Node-API would take.
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
