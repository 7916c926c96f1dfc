//! Returns the memory of dirty slots to the system.
//!
//! The purge thread returns slots that have been dirty for [`MIN_IDLE`]. It looks every [`CHECK_INTERVAL`], so a slot goes
//! back 1.0 to 1.25 s after its block. (A block of up to 4 MiB waits in the cache of JavaScript before: 0.4 to
//! 0.8 s, or up to 1.2 s if much is idle.)
//! [`purge_all`] returns all of them, when memory is short or the program asks for it.
//!
//! **What must hold:** no step stops another thread of the process for more than 5 ms. So pages go back in parts
//! (`pages::purge`), never under the lock of the heap. A slab is unmapped only when it has no pages left: unmapping 1 GiB
//! takes 0.02 to 0.06 ms without pages, and 160 ms if it is full of small pages (Linux 6.18, EPYC).

use std::iter;
use std::mem;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::{Acquire, Release};
use std::sync::PoisonError;
use std::time::{Duration, Instant};

use super::heap::Heap;
use super::{heap, Slot, DIRTY_ARRIVED};
use crate::sync::{sleep, MutexGuard};
use crate::thread;

/// How long a slot stays dirty before the purge thread returns it. A loop that runs a few times a second then finds its
/// memory again.
pub const MIN_IDLE: Duration = Duration::from_millis(if cfg!(loom) { 0 } else { 1000 });
const CHECK_INTERVAL: Duration = Duration::from_millis(250);

/// Returns the memory of all dirty slots to the system.
pub fn purge_all() {
    purge_until(Instant::now());
}

/// Returns the memory of the slots that came back at `latest` or before.
///
/// It takes one slot at a time, because a list of them would need memory, and there may be none. (glibc takes 64 MiB of address
/// space when a new thread first calls malloc or free. Here that is when the lists of an unused slab are freed.)
fn purge_until(latest: Instant) {
    iter::from_fn(|| heap().take_oldest(latest)).for_each(return_to_system);
}

/// Returns the memory of a slot to the system: its pages, and its slab if all slots of that are clean. Meanwhile the slot is
/// in no list, so no other thread takes it.
///
/// If the system refuses the pages, as under mlockall, this writes zeros to them. They then go back with the slab. If the slot
/// stayed dirty, its slab would never be unmapped, and such slots would become more and more.
pub fn return_to_system(mut slot: Slot) {
    if !slot.purge() && !heap().is_only_slot(&slot) {
        slot.bytes().fill(0);
    }
    let unused_slab = heap().put_clean(slot);
    drop(unused_slab); // without the lock of the heap
}

/// Starts the purge thread if it does not run yet. Returns whether it runs. If the system has no thread, no slot may stay
/// dirty; the next call tries again.
pub fn ensure_thread() -> bool {
    static IS_RUNNING: AtomicBool = AtomicBool::new(false);
    static STARTING: std::sync::Mutex<()> = std::sync::Mutex::new(());
    // A model of loom starts its own thread.
    if cfg!(all(test, loom)) || IS_RUNNING.load(Acquire) {
        return true;
    }
    let _one_at_a_time = STARTING.lock().unwrap_or_else(PoisonError::into_inner);
    if !IS_RUNNING.load(Acquire) {
        IS_RUNNING.store(thread::run_forever(&run), Release);
    }
    IS_RUNNING.load(Acquire)
}

/// Wakes the purge thread if it waits.
///
/// No wake-up is lost. The thread looks for dirty slots under the lock, and releases the lock only by waiting. The flag saves
/// a system call of 0.25 us in each dispose: `notify_one` makes one even if no thread waits.
pub fn wake_thread(mut heap: MutexGuard<Heap>) {
    if mem::take(&mut heap.is_purge_thread_waiting) {
        DIRTY_ARRIVED.notify_one();
    }
}

fn run() {
    thread::set_name(c"smalloc-purge");
    loop {
        wait_and_purge();
    }
}

/// Waits until a slot is dirty, then for `CHECK_INTERVAL`, then returns the slots that have been dirty for `MIN_IDLE`.
pub fn wait_and_purge() {
    let mut heap = heap();
    loop {
        heap.is_purge_thread_waiting = heap.dirty_bytes() == 0;
        if !heap.is_purge_thread_waiting {
            break;
        }
        heap = DIRTY_ARRIVED.wait(heap).unwrap_or_else(PoisonError::into_inner);
    }
    drop(heap);
    sleep(CHECK_INTERVAL);
    if let Some(latest) = Instant::now().checked_sub(MIN_IDLE) {
        purge_until(latest);
    }
}
