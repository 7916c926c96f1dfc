//! The blocks that this thread has lent to the engine: found by slot from a finalizer, by address from dispose.

use std::collections::HashMap;

use crate::block::Block;

pub struct Loans {
    /// A slot is in use from `begin` to `end`; its block may be taken back before.
    slots: Vec<Option<Block>>,
    /// Slots not in use. Its capacity is at least `slots.len()`, so that `end` needs no memory.
    free: Vec<usize>,
    /// The slot of each block that has not been taken back, by the address of its first byte.
    by_address: HashMap<usize, usize>,
}

impl Loans {
    pub fn new() -> Loans {
        Loans { slots: Vec::new(), free: Vec::new(), by_address: HashMap::new() }
    }

    /// Returns the slot of the new loan, or the block where there is no memory to write it down.
    pub fn begin(&mut self, block: Block) -> Result<usize, Block> {
        if !self.has_room() {
            return Err(block);
        }
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push(None);
            self.slots.len() - 1
        });
        self.by_address.insert(block.start() as usize, slot);
        self.slots[slot] = Some(block);
        Ok(slot)
    }

    fn has_room(&mut self) -> bool {
        let more = self.slots.len() + 1 - self.free.len();
        self.by_address.try_reserve(1).is_ok()
            && self.slots.try_reserve(1).is_ok()
            && self.free.try_reserve(more).is_ok()
    }

    /// Takes back the block that starts at `address`. Its slot stays in use: the finalizer is still to come.
    pub fn take_back(&mut self, address: usize) -> Option<Block> {
        let slot = self.by_address.remove(&address)?;
        self.slots[slot].take()
    }

    /// Ends the loan; returns its block unless that was taken back before.
    pub fn end(&mut self, slot: usize) -> Option<Block> {
        self.free.push(slot);
        let block = self.slots[slot].take()?;
        self.by_address.remove(&(block.start() as usize));
        Some(block)
    }
}
