//! Faults on purpose, for `test/faults.test.js`: the n-th time from now on that Rust asks the system for something it is
//! refused, be it an allocation, a mapping or a thread. Only with the feature `faults`; a release build refuses that.

use std::alloc::{GlobalAlloc, Layout, System};
use std::ffi::CStr;
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::SeqCst};

use crate::callbacks::Method;

#[cfg(not(debug_assertions))]
compile_error!("the feature `faults` is for tests: it has no place in a release build");

#[derive(Clone, Copy)]
pub enum Request {
    Allocation,
    Mapping,
    Thread,
}

static ON: AtomicBool = AtomicBool::new(false);
/// Requests until the first that is refused, that one included.
static LEFT: AtomicU32 = AtomicU32::new(0);
/// Whether all that follow are refused, too.
static LASTS: AtomicBool = AtomicBool::new(false);
/// By kind of request.
static REFUSED: [AtomicU32; 3] = [const { AtomicU32::new(0) }; 3];

/// Whether this request, of whatever thread, is one to refuse.
pub fn refuses(request: Request) -> bool {
    if !ON.load(SeqCst) {
        return false;
    }
    let refused = match LEFT.fetch_update(SeqCst, SeqCst, |left| left.checked_sub(1)) {
        Ok(left) => left == 1,
        Err(_) => LASTS.load(SeqCst),
    };
    if refused {
        REFUSED[request as usize].fetch_add(1, SeqCst);
    }
    refused
}

struct Allocator;

// SAFETY: the system's allocator does it all; null is what an allocator returns that has no memory.
unsafe impl GlobalAlloc for Allocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if refuses(Request::Allocation) {
            return ptr::null_mut();
        }
        // SAFETY: the caller's obligation, word for word.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if refuses(Request::Allocation) {
            return ptr::null_mut();
        }
        // SAFETY: the caller's obligation, word for word.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, start: *mut u8, layout: Layout, len: usize) -> *mut u8 {
        if refuses(Request::Allocation) {
            return ptr::null_mut();
        }
        // SAFETY: the caller's obligation, word for word.
        unsafe { System.realloc(start, layout, len) }
    }

    unsafe fn dealloc(&self, start: *mut u8, layout: Layout) {
        // SAFETY: the caller's obligation, word for word; what `alloc` returns is the system's.
        unsafe { System.dealloc(start, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Allocator = Allocator;

pub static METHODS: [(&CStr, Method); 3] = [
    // Of the requests from now on refuses the nth (1 is the next one), and all that follow it if the fault lasts.
    (c"faultsBegin", |call| {
        let (nth, lasts) = (call.number(0)?, call.boolean(1)?);
        REFUSED.iter().for_each(|count| count.store(0, SeqCst));
        LASTS.store(lasts, SeqCst);
        LEFT.store(nth as u32, SeqCst);
        ON.store(true, SeqCst);
        Some(call.give_null())
    }),
    (c"faultsEnd", |call| {
        ON.store(false, SeqCst);
        Some(call.give_null())
    }),
    // How many, since they began: 0 asks for allocations, 1 for mappings, 2 for threads.
    (c"faultsRefused", |call| {
        let count = REFUSED.get(call.number(0)? as usize)?;
        Some(call.give_number(f64::from(count.load(SeqCst))))
    }),
];
