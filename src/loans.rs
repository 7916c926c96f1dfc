//! The list of all loans: which blocks the engine has, and where each one starts.
//!
//! `array_buffer.rs` is the only user, behind one lock. A finalizer finds its loan by a [`LoanId`], dispose by the address of
//! the block. Both may happen to one loan: after dispose has taken the block back, the finalizer still comes. So an entry
//! stays in use until the finalizer has ended the loan, and a generation in each entry keeps a late call from ending another.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, DefaultHasher};

use crate::block::Block;

/// All loans.
pub struct Loans {
    /// An entry is in use from `begin` to `end`. Its block may be taken back before.
    entries: Vec<Entry>,
    /// The indices of entries that are not in use. The capacity is at least `entries.len()`, so that `end` allocates nothing.
    free: Vec<u32>,
    /// The entry of each block that is lent, by the address of its first byte. The hasher has no random keys, so the list can be
    /// a static: the addresses are our own, so nobody chooses them to collide.
    by_address: HashMap<usize, u32, BuildHasherDefault<DefaultHasher>>,
}

struct Entry {
    /// `None` if the block has been taken back, or the entry is not in use.
    block: Option<Block>,
    /// The number of loans of this entry that have ended. It tells two loans of one entry apart.
    generation: u32,
}

/// Identifies a loan. It fits a pointer, so that the finalizer can get it as its argument.
///
/// An entry uses a generation again after 4 billion loans. By then the finalizer of the first one has long run: it is late
/// by a few turns of the event loop.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LoanId {
    entry: u32,
    generation: u32,
}

impl LoanId {
    pub fn to_word(self) -> u64 {
        u64::from(self.generation) << 32 | u64::from(self.entry)
    }

    pub fn from_word(word: u64) -> LoanId {
        LoanId { entry: word as u32, generation: (word >> 32) as u32 }
    }
}

impl Loans {
    pub const fn new() -> Loans {
        let by_address = HashMap::with_hasher(BuildHasherDefault::new());
        Loans { entries: Vec::new(), free: Vec::new(), by_address }
    }

    /// Adds a loan of the block. If there is no memory for the lists, it returns the block.
    pub fn begin(&mut self, block: Block) -> Result<LoanId, Block> {
        if !self.reserve() {
            return Err(block);
        }
        let index = self.free.pop().unwrap_or_else(|| {
            self.entries.push(Entry { block: None, generation: 0 });
            self.entries.len() as u32 - 1
        });
        self.by_address.insert(block.start() as usize, index);
        let entry = &mut self.entries[index as usize];
        entry.block = Some(block);
        Ok(LoanId { entry: index, generation: entry.generation })
    }

    /// Reserves what one more loan needs, until its end. False if there is no memory.
    fn reserve(&mut self) -> bool {
        let more = self.entries.len() + 1 - self.free.len();
        self.entries.len() < u32::MAX as usize
            && self.by_address.try_reserve(1).is_ok()
            && self.entries.try_reserve(1).is_ok()
            && self.free.try_reserve(more).is_ok()
    }

    /// The block that starts at `address`.
    pub fn block_at(&self, address: usize) -> Option<&Block> {
        let entry = *self.by_address.get(&address)?;
        self.entries[entry as usize].block.as_ref()
    }

    /// The loan of the block that starts at `address`.
    pub fn find(&self, address: usize) -> Option<LoanId> {
        let entry = *self.by_address.get(&address)?;
        Some(LoanId { entry, generation: self.entries[entry as usize].generation })
    }

    /// Takes back the block of a loan. `None` if the loan has ended, or its block has been taken back before. The entry stays
    /// in use, because the finalizer still comes.
    pub fn take_back(&mut self, loan: LoanId) -> Option<Block> {
        let entry = self.entry_of(loan)?;
        let block = entry.block.take()?;
        self.by_address.remove(&(block.start() as usize));
        Some(block)
    }

    /// Ends a loan, and returns its block. `None` if the block has been taken back before. A second call does nothing.
    pub fn end(&mut self, loan: LoanId) -> Option<Block> {
        let entry = self.entry_of(loan)?;
        entry.generation = entry.generation.wrapping_add(1);
        let block = entry.block.take();
        self.free.push(loan.entry);
        let block = block?;
        self.by_address.remove(&(block.start() as usize));
        Some(block)
    }

    /// The entry of a loan that has not ended.
    fn entry_of(&mut self, loan: LoanId) -> Option<&mut Entry> {
        self.entries.get_mut(loan.entry as usize).filter(|entry| entry.generation == loan.generation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block::{live_blocks, Fill};
    use crate::memory::alone;
    use crate::testing::{for_many_seeds, holds_only};
    use std::sync::Mutex;
    use std::thread;

    fn block() -> Block {
        Block::new(4096, Fill::Raw).unwrap()
    }

    fn begin(loans: &mut Loans) -> (LoanId, usize) {
        let block = block();
        let address = block.start() as usize;
        let Ok(loan) = loans.begin(block) else { panic!("no memory") };
        (loan, address)
    }

    fn take_back_at(loans: &mut Loans, address: usize) -> Option<Block> {
        let loan = loans.find(address)?;
        loans.take_back(loan)
    }

    #[test]
    fn gives_nothing_for_what_is_no_loan() {
        let _alone = alone();
        let mut loans = Loans::new();
        let (_, address) = begin(&mut loans);
        for other in [0, address - 1, address + 1, usize::MAX] {
            assert!(take_back_at(&mut loans, other).is_none());
        }
        assert!(loans.end(LoanId { entry: 1000, generation: 0 }).is_none());
    }

    #[test]
    fn a_loan_id_fits_a_word() {
        for loan in [(0, 0), (1, 0), (0, 1), (u32::MAX, 5), (7, u32::MAX)] {
            let loan = LoanId { entry: loan.0, generation: loan.1 };
            assert_eq!(LoanId::from_word(loan.to_word()), loan);
        }
    }

    #[test]
    fn entries_are_used_again() {
        let _alone = alone();
        let mut loans = Loans::new();
        for _ in 0..1000 {
            let (loan, _) = begin(&mut loans);
            assert_eq!(loan.entry, 0);
            drop(loans.end(loan));
        }
    }

    #[test]
    fn frees_the_blocks_still_on_loan_when_dropped() {
        let _alone = alone();
        let mut loans = Loans::new();
        let all: Vec<_> = (0..10).map(|_| begin(&mut loans)).collect();
        drop(loans.end(all[3].0));
        assert_eq!(live_blocks(), 9);
        drop(loans);
        assert_eq!(live_blocks(), 0);
    }

    /// A loan that any thread may end. `mark` is the byte that fills its block.
    struct Open {
        loan: LoanId,
        address: usize,
        mark: u8,
    }

    /// What the threads of a test share.
    struct Shared {
        loans: Mutex<Loans>,
        /// The loans whose block is lent.
        open: Mutex<Vec<Open>>,
        /// The loans whose block has been taken back, and whose finalizer has not run.
        late: Mutex<Vec<Open>>,
    }

    const THREADS: usize = 6;
    const ROUNDS: usize = 1000;
    const MAX_OPEN_LOANS: usize = 8 * THREADS;

    impl Shared {
        /// Begins a loan of a block that is filled with `mark`.
        fn begin(&self, mark: u8) {
            let mut block = block();
            block.bytes().fill(mark);
            let address = block.start() as usize;
            let Ok(loan) = self.loans.lock().unwrap().begin(block) else { panic!("no memory") };
            self.open.lock().unwrap().push(Open { loan, address, mark });
        }

        /// Takes a loan off the list, if the list is full.
        fn pick(list: &Mutex<Vec<Open>>, round: usize) -> Option<Open> {
            let mut list = list.lock().unwrap();
            let len = list.len();
            (len > MAX_OPEN_LOANS).then(|| list.swap_remove(round * 7 % len))
        }

        /// Ends a loan as the finalizer does when nobody has disposed the block.
        fn finalize(&self, open: Open) {
            let block = self.loans.lock().unwrap().end(open.loan);
            assert_eq!(block.map(mark_of), Some(open.mark));
        }

        /// Takes the block of a loan back. The finalizer of another loan may come late now.
        fn dispose(&self, open: Open, round: usize) {
            let block = take_back_at(&mut self.loans.lock().unwrap(), open.address);
            assert_eq!(block.map(mark_of), Some(open.mark));
            self.late.lock().unwrap().push(open);
            if let Some(open) = Shared::pick(&self.late, round) {
                assert!(self.loans.lock().unwrap().end(open.loan).is_none());
            }
        }
    }

    /// The byte that fills a block.
    fn mark_of(mut block: Block) -> u8 {
        let bytes = block.bytes();
        assert!(holds_only(bytes, bytes[0]), "two threads wrote to one block");
        bytes[0]
    }

    /// As in Bun and Deno, where a finalizer runs on any thread. Each thread begins loans, and ends loans of all threads: with
    /// a dispose and a late finalizer, or with the finalizer alone.
    #[test]
    fn threads_begin_take_back_and_end_the_loans_of_one_another() {
        let _alone = alone();
        let shared = Shared { loans: Mutex::new(Loans::new()), open: Mutex::default(), late: Mutex::default() };
        thread::scope(|scope| {
            for mark in 1..=THREADS as u8 {
                let shared = &shared;
                scope.spawn(move || {
                    for round in 0..ROUNDS {
                        shared.begin(mark);
                        match Shared::pick(&shared.open, round) {
                            Some(open) if round % 3 == 0 => shared.finalize(open),
                            Some(open) => shared.dispose(open, round),
                            None => {}
                        }
                    }
                });
            }
        });
        let mut loans = shared.loans.into_inner().unwrap();
        assert!(loans.entries.len() <= 2 * (MAX_OPEN_LOANS + 1) + 3 * THREADS, "{} entries", loans.entries.len());
        for open in shared.open.into_inner().unwrap() {
            assert_eq!(loans.end(open.loan).map(mark_of), Some(open.mark));
        }
        for open in shared.late.into_inner().unwrap() {
            assert!(loans.end(open.loan).is_none());
        }
        assert_eq!((live_blocks(), loans.by_address.len(), loans.free.len()), (0, 0, loans.entries.len()));
    }

    /// One loan of the model. It stays there when it has ended: a late finalizer may end it again.
    struct Loan {
        loan: LoanId,
        address: usize,
        state: State,
    }

    #[derive(Clone, Copy, Debug, PartialEq)]
    enum State {
        Lent,
        TakenBack,
        Ended,
    }

    #[test]
    fn any_sequence_agrees_with_a_list_of_loans() {
        let _alone = alone();
        for_many_seeds(|random| {
            let mut loans = Loans::new();
            let mut model: Vec<Loan> = Vec::new();
            for _ in 0..random.u8(1..100) {
                match random.u8(..7) {
                    0..3 => {
                        let (loan, address) = begin(&mut loans);
                        let is_open = |other: &Loan| other.state != State::Ended && other.loan.entry == loan.entry;
                        assert!(!model.iter().any(is_open), "one entry for two loans: {loan:?}");
                        model.push(Loan { loan, address, state: State::Lent });
                    }
                    3 if !model.is_empty() => {
                        let address = random.choice(&model).unwrap().address;
                        let lender = model.iter_mut().find(|loan| loan.address == address && loan.state == State::Lent);
                        let block = take_back_at(&mut loans, address);
                        assert_eq!(block.is_some(), lender.is_some());
                        if let Some(lender) = lender {
                            lender.state = State::TakenBack;
                        }
                    }
                    // Dispose has found the loan, which may have ended since.
                    4 if !model.is_empty() => {
                        let loan = random.choice(&mut model).unwrap();
                        let block = loans.take_back(loan.loan);
                        assert_eq!(block.is_some(), loan.state == State::Lent);
                        if block.is_some() {
                            loan.state = State::TakenBack;
                        }
                    }
                    5..7 if !model.is_empty() => {
                        let loan = random.choice(&mut model).unwrap();
                        let block = loans.end(loan.loan);
                        let expected = (loan.state == State::Lent).then_some(loan.address);
                        assert_eq!(block.map(|block| block.start() as usize), expected);
                        loan.state = State::Ended;
                    }
                    _ => {}
                }
                assert_eq!(live_blocks(), model.iter().filter(|loan| loan.state == State::Lent).count());
                assert!(loans.free.capacity() >= loans.entries.len(), "a finalizer would need memory");
            }
        });
    }
}
