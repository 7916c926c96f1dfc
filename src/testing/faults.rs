//! Injected faults, for `test/memory/faults.test.js`.
//!
//! A test chooses a number n. The n-th request of Rust to the system then fails: an allocation, a mapping or a thread. This
//! exists only with the feature `faults`.

use std::alloc::{GlobalAlloc, Layout, System};
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::SeqCst};

use crate::node_api::{call, Answer, Call, Export};

#[derive(Clone, Copy)]
pub enum Request {
    Allocation,
    Mapping,
    Thread,
}

static IS_ON: AtomicBool = AtomicBool::new(false);
/// The number of requests up to the first that is refused, that one included.
static COUNTDOWN: AtomicU32 = AtomicU32::new(0);
/// Whether all later requests are refused, too.
static LASTS: AtomicBool = AtomicBool::new(false);
/// The number of refused requests of each kind.
static REFUSED_COUNTS: [AtomicU32; 3] = [const { AtomicU32::new(0) }; 3];

/// Counts a request, of any thread. Returns whether it is to be refused.
pub fn refuses(request: Request) -> bool {
    if !IS_ON.load(SeqCst) {
        return false;
    }
    let refused = match COUNTDOWN.fetch_update(SeqCst, SeqCst, |left| left.checked_sub(1)) {
        Ok(left) => left == 1,
        Err(_) => LASTS.load(SeqCst),
    };
    if refused {
        REFUSED_COUNTS[request as usize].fetch_add(1, SeqCst);
    }
    refused
}

struct Allocator;

// SAFETY: every method passes its arguments to the system's allocator, or returns null, which means that there is no memory.
unsafe impl GlobalAlloc for Allocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if refuses(Request::Allocation) {
            return ptr::null_mut();
        }
        // SAFETY: the caller guarantees what the system's allocator asks for, which is the same.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if refuses(Request::Allocation) {
            return ptr::null_mut();
        }
        // SAFETY: the caller guarantees what the system's allocator asks for, which is the same.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, start: *mut u8, layout: Layout, len: usize) -> *mut u8 {
        if refuses(Request::Allocation) {
            return ptr::null_mut();
        }
        // SAFETY: the caller guarantees what the system's allocator asks for, which is the same.
        unsafe { System.realloc(start, layout, len) }
    }

    unsafe fn dealloc(&self, start: *mut u8, layout: Layout) {
        // SAFETY: `start` comes from the system's allocator, through the methods above. The caller guarantees the rest.
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

/// `faultsBegin(nth, lasts)`: the nth request from now on is refused; 1 is the next one. If `lasts`, all later ones are, too.
fn begin(call: &Call) -> Option<Answer<'_>> {
    let (nth, lasts) = (call.number(0)?, call.boolean(1)?);
    REFUSED_COUNTS.iter().for_each(|count| count.store(0, SeqCst));
    LASTS.store(lasts, SeqCst);
    COUNTDOWN.store(nth as u32, SeqCst);
    IS_ON.store(true, SeqCst);
    Some(Answer::Null)
}

/// `faultsEnd()`: no request is refused any more.
fn end(_: &Call) -> Option<Answer<'_>> {
    IS_ON.store(false, SeqCst);
    Some(Answer::Null)
}

/// `faultsRefused(kind)`: the number of requests that were refused since `faultsBegin`. The kind is 0 for allocations, 1 for
/// mappings, 2 for threads.
fn refused(call: &Call) -> Option<Answer<'_>> {
    let count = REFUSED_COUNTS.get(call.number(0)? as usize)?;
    Some(Answer::Number(f64::from(count.load(SeqCst))))
}
