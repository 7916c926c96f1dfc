//! The blocks that are lent to the engine: found by slot from a finalizer, by address from dispose.

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block::{lent_blocks, Fill};
    use crate::ledger;
    use proptest::collection::vec;
    use proptest::prelude::*;
    use std::sync::Mutex;
    use std::thread;

    fn block() -> Block {
        Block::new(4096, Fill::Raw).unwrap()
    }

    fn begin(loans: &mut Loans) -> (usize, usize) {
        let block = block();
        let address = block.start() as usize;
        let Ok(slot) = loans.begin(block) else { panic!("no memory") };
        (slot, address)
    }

    #[test]
    fn the_finalizer_ends_a_loan_and_gets_its_block() {
        let _alone = ledger::alone();
        let mut loans = Loans::new();
        let (slot, address) = begin(&mut loans);
        assert_eq!(loans.end(slot).map(|block| block.start() as usize), Some(address));
        assert_eq!(lent_blocks(), 0);
        assert!(loans.take_back(address).is_none());
    }

    #[test]
    fn what_dispose_has_taken_back_the_finalizer_does_not_get() {
        let _alone = ledger::alone();
        let mut loans = Loans::new();
        let (slot, address) = begin(&mut loans);
        assert!(loans.take_back(address).is_some());
        assert!(loans.take_back(address).is_none());
        assert!(loans.end(slot).is_none());
    }

    #[test]
    fn takes_back_nothing_at_an_address_that_is_not_on_loan() {
        let _alone = ledger::alone();
        let mut loans = Loans::new();
        let (_, address) = begin(&mut loans);
        for other in [0, address - 1, address + 1, usize::MAX] {
            assert!(loans.take_back(other).is_none());
        }
    }

    #[test]
    #[cfg_attr(feature = "guarded", ignore = "nothing is recycled")]
    fn a_late_finalizer_leaves_the_next_loan_of_the_same_memory_alone() {
        let _alone = ledger::alone();
        let mut loans = Loans::new();
        let (first, address) = begin(&mut loans);
        drop(loans.take_back(address));
        let (second, same_address) = begin(&mut loans);
        assert_eq!(same_address, address, "the block is not recycled");
        assert_ne!(first, second, "the slot is in use until its finalizer has run");
        assert!(loans.end(first).is_none());
        assert!(loans.take_back(address).is_some());
        assert!(loans.end(second).is_none());
    }

    #[test]
    fn slots_are_used_again() {
        let _alone = ledger::alone();
        let mut loans = Loans::new();
        for _ in 0..1000 {
            let (slot, _) = begin(&mut loans);
            assert_eq!(slot, 0);
            drop(loans.end(slot));
        }
    }

    #[test]
    fn frees_the_blocks_still_on_loan_when_dropped() {
        let _alone = ledger::alone();
        let mut loans = Loans::new();
        let slots: Vec<_> = (0..10).map(|_| begin(&mut loans)).collect();
        drop(loans.end(slots[3].0));
        assert_eq!(lent_blocks(), 9);
        drop(loans);
        assert_eq!(lent_blocks(), 0);
    }

    /// A loan that any thread may end, with the byte that fills its block.
    struct Open {
        slot: usize,
        address: usize,
        mark: u8,
    }

    /// What the engine sees of a block that is back.
    fn mark_of(block: &Block) -> u8 {
        // SAFETY: a block is valid for `len` bytes while it lives, and has been written to.
        let bytes = unsafe { std::slice::from_raw_parts(block.start(), block.len()) };
        assert!(bytes.iter().all(|byte| *byte == bytes[0]), "two wrote to one block");
        bytes[0]
    }

    /// Bun and Deno finalize on any thread. Each thread begins loans, and ends those of all: with a dispose and a late
    /// finalizer, or with the finalizer alone.
    #[test]
    fn threads_begin_take_back_and_end_the_loans_of_one_another() {
        const THREADS: u8 = 6;
        const ROUNDS: usize = 3000;
        let _alone = ledger::alone();
        let loans = Mutex::new(Loans::new());
        let open = Mutex::new(Vec::new());
        let late = Mutex::new(Vec::new());
        let most = 8 * usize::from(THREADS);
        let pick = |list: &Mutex<Vec<Open>>, round: usize| {
            let mut list = list.lock().unwrap();
            let len = list.len();
            (len > most).then(|| list.swap_remove(round * 7 % len))
        };
        thread::scope(|scope| {
            for mark in 1..=THREADS {
                let (loans, open, late, pick) = (&loans, &open, &late, &pick);
                scope.spawn(move || {
                    for round in 0..ROUNDS {
                        let block = block();
                        // SAFETY: a block is valid for `len` bytes while it lives.
                        unsafe { block.start().write_bytes(mark, block.len()) };
                        let address = block.start() as usize;
                        let Ok(slot) = loans.lock().unwrap().begin(block) else { panic!("no memory") };
                        open.lock().unwrap().push(Open { slot, address, mark });
                        let Some(loan) = pick(open, round) else { continue };
                        if round % 3 == 0 {
                            let block = loans.lock().unwrap().end(loan.slot);
                            assert_eq!(block.map(|block| mark_of(&block)), Some(loan.mark));
                            continue;
                        }
                        let block = loans.lock().unwrap().take_back(loan.address);
                        assert_eq!(block.map(|block| mark_of(&block)), Some(loan.mark));
                        late.lock().unwrap().push(loan);
                        if let Some(loan) = pick(late, round) {
                            assert!(loans.lock().unwrap().end(loan.slot).is_none());
                        }
                    }
                });
            }
        });
        let mut loans = loans.into_inner().unwrap();
        assert!(loans.slots.len() <= 2 * (most + 1) + 3 * usize::from(THREADS), "{} slots", loans.slots.len());
        for loan in open.into_inner().unwrap() {
            assert_eq!(loans.end(loan.slot).map(|block| mark_of(&block)), Some(loan.mark));
        }
        for loan in late.into_inner().unwrap() {
            assert!(loans.end(loan.slot).is_none());
        }
        assert_eq!((lent_blocks(), loans.by_address.len(), loans.free.len()), (0, 0, loans.slots.len()));
    }

    #[derive(Clone, Debug)]
    enum Step {
        Begin,
        TakeBack(usize),
        End(usize),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            3 => Just(Step::Begin),
            2 => any::<usize>().prop_map(Step::TakeBack),
            2 => any::<usize>().prop_map(Step::End),
        ]
    }

    /// One loan of the model.
    struct Loan {
        slot: usize,
        address: usize,
        taken_back: bool,
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_sequence_agrees_with_a_list_of_loans(steps in vec(step(), 1..100)) {
            let _alone = ledger::alone();
            let mut loans = Loans::new();
            let mut model: Vec<Loan> = Vec::new();
            for step in steps {
                match step {
                    Step::Begin => {
                        let (slot, address) = begin(&mut loans);
                        prop_assert!(model.iter().all(|loan| loan.slot != slot), "slot {} is in use", slot);
                        model.push(Loan { slot, address, taken_back: false });
                    }
                    Step::TakeBack(which) if !model.is_empty() => {
                        let which = which % model.len();
                        let address = model[which].address;
                        let lender = model.iter_mut().find(|loan| loan.address == address && !loan.taken_back);
                        let block = loans.take_back(address);
                        prop_assert_eq!(block.is_some(), lender.is_some());
                        if let Some(lender) = lender {
                            lender.taken_back = true;
                        }
                    }
                    Step::End(which) if !model.is_empty() => {
                        let loan = model.swap_remove(which % model.len());
                        let block = loans.end(loan.slot);
                        let expected = (!loan.taken_back).then_some(loan.address);
                        prop_assert_eq!(block.map(|block| block.start() as usize), expected);
                    }
                    Step::TakeBack(_) | Step::End(_) => {}
                }
                prop_assert_eq!(lent_blocks(), model.iter().filter(|loan| !loan.taken_back).count());
                prop_assert!(loans.free.capacity() >= loans.slots.len(), "a finalizer would need memory");
            }
        }
    }
}
