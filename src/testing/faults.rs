//! Faults on purpose, for `test/memory/faults.test.js`: the n-th time from now on that Rust asks the system for something it is
//! refused, be it an allocation, a mapping or a thread. Only with the feature `faults`; a release build refuses that.

use std::alloc::{GlobalAlloc, Layout, System};
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::SeqCst};

use crate::node_api::{call, Answer, Call, Export};

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

pub static FUNCTIONS: [Export; 3] = [
    Export { name: c"faultsBegin", callback: call::<2>, method: begin },
    Export { name: c"faultsEnd", callback: call::<0>, method: end },
    Export { name: c"faultsRefused", callback: call::<1>, method: refused },
];

/// `faultsBegin(nth, lasts)`: of the requests from now on refuses the nth (1 is the next one), and all that follow it if the
/// fault lasts.
fn begin(call: &Call) -> Option<Answer<'_>> {
    let (nth, lasts) = (call.number(0)?, call.boolean(1)?);
    REFUSED.iter().for_each(|count| count.store(0, SeqCst));
    LASTS.store(lasts, SeqCst);
    LEFT.store(nth as u32, SeqCst);
    ON.store(true, SeqCst);
    Some(Answer::Null)
}

fn end(_: &Call) -> Option<Answer<'_>> {
    ON.store(false, SeqCst);
    Some(Answer::Null)
}

/// `faultsRefused(kind)`: how many requests were, since they began. 0 asks for allocations, 1 for mappings, 2 for threads.
fn refused(call: &Call) -> Option<Answer<'_>> {
    let count = REFUSED.get(call.number(0)? as usize)?;
    Some(Answer::Number(f64::from(count.load(SeqCst))))
}
