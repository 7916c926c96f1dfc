//! A [`Block`]: bytes outside the engine's heap, zeroed or raw, given back exactly once, when it is dropped.

use std::ptr::NonNull;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use crate::region::Region;
use crate::shelf;

static LENT_BLOCKS: AtomicUsize = AtomicUsize::new(0);
static LENT_BYTES: AtomicUsize = AtomicUsize::new(0);

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fill {
    Zeroed,
    /// What an earlier block of this process left, or zeros; never the bytes of another process.
    Raw,
}

pub struct Block {
    /// Valid for reads and writes of `len` bytes for as long as the block lives: it points into `region`.
    start: NonNull<u8>,
    /// In bytes; not zero.
    len: usize,
    /// Taken only by `drop`. Rust reads and writes it through `start` alone while the block lives.
    region: Option<Region>,
}

impl Block {
    /// A block of `len` bytes, or `None` where the system has no memory or `len` is zero.
    pub fn new(len: usize, fill: Fill) -> Option<Block> {
        let mut region = shelf::take(len)?;
        let is_used = region.is_used();
        let bytes = region.bytes().get_mut(..len)?;
        if fill == Fill::Zeroed && is_used {
            bytes.fill(0);
        }
        let start = NonNull::new(bytes.as_mut_ptr())?;
        LENT_BLOCKS.fetch_add(1, Relaxed);
        LENT_BYTES.fetch_add(len, Relaxed);
        Some(Block { start, len, region: Some(region) })
    }

    pub fn start(&self) -> *mut u8 {
        self.start.as_ptr()
    }

    /// In bytes.
    #[allow(clippy::len_without_is_empty)] // a block is never empty
    pub fn len(&self) -> usize {
        self.len
    }
}

impl Drop for Block {
    fn drop(&mut self) {
        LENT_BLOCKS.fetch_sub(1, Relaxed);
        LENT_BYTES.fetch_sub(self.len, Relaxed);
        if let Some(region) = self.region.take() {
            shelf::put(region);
        }
    }
}

/// Blocks alive in this process, on all threads.
pub fn lent_blocks() -> usize {
    LENT_BLOCKS.load(Relaxed)
}

/// Bytes of the blocks alive in this process, on all threads.
pub fn lent_bytes() -> usize {
    LENT_BYTES.load(Relaxed)
}
