//! Adds up what is in the caches of all threads.
//!
//! JavaScript has one cache a thread (`lib/memory/cache.js`), and each thread reports here how its cache has changed. When a
//! thread ends, its ArrayBuffers are freed, so its numbers are subtracted again.

use std::cell::Cell;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

static BYTES: AtomicI64 = AtomicI64::new(0);
static LENT_BLOCKS: AtomicI64 = AtomicI64::new(0);
static LENT_BYTES: AtomicI64 = AtomicI64::new(0);

/// What is in a cache. In a change, a number is negative if the cache has become smaller.
#[derive(Clone, Copy, Default)]
pub struct Cached {
    /// All bytes, in lent blocks and in engine memory.
    pub bytes: i64,
    pub lent_blocks: i64,
    /// The part of `bytes` that is in lent blocks.
    pub lent_bytes: i64,
}

/// What this thread has added. Dropped, and so subtracted, when the thread ends.
#[derive(Default)]
struct OfThread(Cell<Cached>);

thread_local! {
    static OF_THREAD: OfThread = OfThread::default();
}

impl Drop for OfThread {
    fn drop(&mut self) {
        let Cached { bytes, lent_blocks, lent_bytes } = self.0.get();
        add_to_total(Cached { bytes: -bytes, lent_blocks: -lent_blocks, lent_bytes: -lent_bytes });
    }
}

fn add_to_total(change: Cached) {
    BYTES.fetch_add(change.bytes, Relaxed);
    LENT_BLOCKS.fetch_add(change.lent_blocks, Relaxed);
    LENT_BYTES.fetch_add(change.lent_bytes, Relaxed);
}

/// Adds a change of the cache of this thread.
pub fn add(change: Cached) {
    add_to_total(change);
    OF_THREAD.with(|OfThread(cell)| {
        let Cached { bytes, lent_blocks, lent_bytes } = cell.get();
        cell.set(Cached {
            bytes: bytes + change.bytes,
            lent_blocks: lent_blocks + change.lent_blocks,
            lent_bytes: lent_bytes + change.lent_bytes,
        });
    });
}

/// What is in all caches of the process.
pub fn total() -> Cached {
    Cached { bytes: BYTES.load(Relaxed), lent_blocks: LENT_BLOCKS.load(Relaxed), lent_bytes: LENT_BYTES.load(Relaxed) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;

    #[test]
    fn what_a_thread_has_added_is_subtracted_when_it_ends() {
        let added = thread::spawn(|| {
            add(Cached { bytes: 100, lent_blocks: 1, lent_bytes: 30 });
            add(Cached { bytes: -10, lent_blocks: 1, lent_bytes: 30 });
            let Cached { bytes, lent_blocks, lent_bytes } = total();
            (bytes, lent_blocks, lent_bytes)
        });
        assert_eq!(added.join().unwrap(), (90, 2, 60));
        let Cached { bytes, lent_blocks, lent_bytes } = total();
        assert_eq!((bytes, lent_blocks, lent_bytes), (0, 0, 0));
    }
}
