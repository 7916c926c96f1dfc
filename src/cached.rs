//! What waits in the caches that JavaScript has, one a thread (`lib/memory/cache.js`), added up for the whole process. A thread
//! tells of what has changed; what it has told goes with it, as its ArrayBuffers do.

use std::cell::Cell;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

/// In bytes: all of it, and the part that is in lent blocks.
static BYTES: AtomicI64 = AtomicI64::new(0);
static LENT_BYTES: AtomicI64 = AtomicI64::new(0);
static LENT_BLOCKS: AtomicI64 = AtomicI64::new(0);

#[derive(Clone, Copy, Default)]
pub struct Waiting {
    pub bytes: i64,
    pub lent_blocks: i64,
    pub lent_bytes: i64,
}

/// What this thread has told; subtracted when it ends.
#[derive(Default)]
struct Told(Cell<Waiting>);

thread_local! {
    static TOLD: Told = Told::default();
}

impl Drop for Told {
    fn drop(&mut self) {
        let Waiting { bytes, lent_blocks, lent_bytes } = self.0.get();
        add(Waiting { bytes: -bytes, lent_blocks: -lent_blocks, lent_bytes: -lent_bytes });
    }
}

fn add(change: Waiting) {
    BYTES.fetch_add(change.bytes, Relaxed);
    LENT_BLOCKS.fetch_add(change.lent_blocks, Relaxed);
    LENT_BYTES.fetch_add(change.lent_bytes, Relaxed);
}

/// Adds what has changed on this thread.
pub fn tell(change: Waiting) {
    add(change);
    TOLD.with(|Told(told)| {
        let Waiting { bytes, lent_blocks, lent_bytes } = told.get();
        told.set(Waiting {
            bytes: bytes + change.bytes,
            lent_blocks: lent_blocks + change.lent_blocks,
            lent_bytes: lent_bytes + change.lent_bytes,
        });
    });
}

/// What waits in all caches of the process.
pub fn all() -> Waiting {
    Waiting { bytes: BYTES.load(Relaxed), lent_blocks: LENT_BLOCKS.load(Relaxed), lent_bytes: LENT_BYTES.load(Relaxed) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;

    #[test]
    fn what_a_thread_has_told_goes_when_it_ends() {
        let told = thread::spawn(|| {
            tell(Waiting { bytes: 100, lent_blocks: 1, lent_bytes: 30 });
            tell(Waiting { bytes: -10, lent_blocks: 1, lent_bytes: 30 });
            let Waiting { bytes, lent_blocks, lent_bytes } = all();
            (bytes, lent_blocks, lent_bytes)
        });
        assert_eq!(told.join().unwrap(), (90, 2, 60));
        let Waiting { bytes, lent_blocks, lent_bytes } = all();
        assert_eq!((bytes, lent_blocks, lent_bytes), (0, 0, 0));
    }
}
