//! Gives memory that nobody uses back to the system: the purge thread, what has waited for [`WAITS_FOR`]; [`purge_all`], all of
//! it where memory is short.
//!
//! No step holds up another thread of the host for more than 5 ms: pages go back in parts (`pages::purge`), never under the
//! heap's lock, and a slab is unmapped when it has none left. To unmap a GiB without pages takes 0.02 to 0.06 ms, one full of
//! small pages 160 ms (Linux 6.18, EPYC).

use std::iter;
use std::mem;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::{Acquire, Release};
use std::sync::PoisonError;
use std::time::{Duration, Instant};

use super::heap::Heap;
use super::{heap, Slot, ARRIVAL};
use crate::sync::{sleep, MutexGuard};
use crate::thread;

/// Long enough for a loop that runs a few times a second to find its memory again.
const WAITS_FOR: Duration = Duration::from_millis(if cfg!(loom) { 0 } else { 1000 });
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// Gives all that waits back to the system.
pub fn purge_all() {
    purge_up_to(Instant::now());
}

/// What has waited since `latest` or longer. One at a time, because a list of them would need memory, which there may not be;
/// and the first that a new thread asks malloc for takes 64 MiB of address space.
fn purge_up_to(latest: Instant) {
    iter::from_fn(|| heap().take_oldest(latest)).for_each(give_back);
}

/// Gives a slot's memory back to the system: its pages, or its slab where no other slot of that is in use. The slot is in no
/// list meanwhile.
pub fn give_back(mut slot: Slot) {
    let is_clean = slot.purge();
    let mut heap = heap();
    let unused = if is_clean || heap.is_alone(&slot) {
        heap.put_clean(slot)
    } else {
        // The system may take it the next time.
        heap.put_dirty(slot);
        None
    };
    drop(heap);
    drop(unused);
}

/// Starts the purge thread, the first time; returns whether it runs. False where the system gives none: then nothing may wait. It is asked again the
/// next time.
pub fn start_thread() -> bool {
    static RUNS: AtomicBool = AtomicBool::new(false);
    static STARTING: std::sync::Mutex<()> = std::sync::Mutex::new(());
    // A model purges by itself.
    if cfg!(all(test, loom)) || RUNS.load(Acquire) {
        return true;
    }
    let _one_at_a_time = STARTING.lock().unwrap_or_else(PoisonError::into_inner);
    if !RUNS.load(Acquire) {
        RUNS.store(thread::forever(&run), Release);
    }
    RUNS.load(Acquire)
}

/// Wakes the purge thread if it waits. It takes the lock to look for work and lets go of it only by waiting, so it cannot be
/// between the two. To notify where nobody waits would still be a system call, 0.25 us with each dispose.
pub fn wake(mut heap: MutexGuard<Heap>) {
    if mem::take(&mut heap.purger_waits) {
        ARRIVAL.notify_one();
    }
}

fn run() {
    thread::set_name(c"smalloc-purge");
    loop {
        look_after();
    }
}

/// Waits for something to do, then gives back what is old by then.
pub fn look_after() {
    let mut heap = heap();
    loop {
        heap.purger_waits = heap.dirty_bytes() == 0;
        if !heap.purger_waits {
            break;
        }
        heap = ARRIVAL.wait(heap).unwrap_or_else(PoisonError::into_inner);
    }
    drop(heap);
    sleep(LOOK_EVERY);
    if let Some(latest) = Instant::now().checked_sub(WAITS_FOR) {
        purge_up_to(latest);
    }
}
