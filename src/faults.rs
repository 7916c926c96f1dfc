//! Faults on purpose, for `test/faults.test.js`: the n-th time from now on that Rust asks the system for something it is
//! refused, be it an allocation, a mapping or a thread. Only with the feature `faults`; a release build refuses that.

use std::alloc::{GlobalAlloc, Layout, System};
use std::ffi::CStr;
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering::SeqCst};

use crate::callbacks::Method;

#[cfg(not(debug_assertions))]
compile_error!("the feature `faults` is for tests: it has no place in a release build");

#[derive(Clone, Copy)]
pub enum Request {
    Allocation,
    Mapping,
    Thread,
}

const NOBODY: usize = 0;
const EVERYBODY: usize = 1;

/// Whose requests count: those of nobody, of everybody, or of the thread with this mark.
static WHOSE: AtomicUsize = AtomicUsize::new(NOBODY);
/// Requests until the first that is refused.
static LEFT: AtomicU32 = AtomicU32::new(0);
/// Whether all that follow are refused, too.
static LASTS: AtomicBool = AtomicBool::new(false);
/// By kind of request.
static REFUSED: [AtomicU32; 3] = [const { AtomicU32::new(0) }; 3];

thread_local! {
    /// Its address tells threads apart. It needs no memory and no destructor, so that an allocator may use it.
    static MARK: u8 = const { 0 };
}

fn mine() -> usize {
    MARK.with(|mark| ptr::from_ref(mark) as usize)
}

/// Whether this request is one to refuse.
pub fn refuses(request: Request) -> bool {
    let whose = WHOSE.load(SeqCst);
    if whose == NOBODY || (whose != EVERYBODY && whose != mine()) {
        return false;
    }
    let left = LEFT.fetch_update(SeqCst, SeqCst, |left| left.checked_sub(1));
    let refused = match left {
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
    (c"faultsBegin", |call| {
        let (lasts, of_every_thread) = (call.boolean(1)?, call.boolean(2)?);
        begin(call.number(0)? as u32, lasts, of_every_thread);
        Some(call.give_null())
    }),
    (c"faultsEnd", |call| {
        WHOSE.store(NOBODY, SeqCst);
        Some(call.give_null())
    }),
    // Since they began: 0 asks for allocations, 1 for mappings, 2 for threads.
    (c"faultsRefused", |call| {
        let count = REFUSED.get(call.number(0)? as usize)?;
        Some(call.give_number(f64::from(count.load(SeqCst))))
    }),
];

/// From now on refuses the `nth` request (1 is the next one), of this thread or of every thread, and all that follow it
/// if it `lasts`.
fn begin(nth: u32, lasts: bool, of_every_thread: bool) {
    REFUSED.iter().for_each(|count| count.store(0, SeqCst));
    LASTS.store(lasts, SeqCst);
    LEFT.store(nth, SeqCst);
    WHOSE.store(if of_every_thread { EVERYBODY } else { mine() }, SeqCst);
}
