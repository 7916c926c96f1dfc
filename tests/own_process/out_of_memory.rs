//! What happens when the system has no more memory. The limit of address space holds for the whole process.

use std::thread;
use std::time::{Duration, Instant};

use super::alone;
use rlimit::Resource;
use smalloc::block::{live_blocks, live_bytes, Block, Fill};
use smalloc::memory;

const MIB: usize = 1 << 20;

/// What `src/memory/mapping.rs` leaves to the engine.
const HEADROOM_BYTES: usize = 128 * MIB;

/// The bytes of address space in use.
fn address_space_bytes() -> u64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
    let pages: u64 = statm.split(' ').next().unwrap().parse().unwrap();
    pages * 4096
}

/// Runs `steps` with a limit: `room_bytes` of address space are left, and the headroom.
fn with_room_for<T>(room_bytes: usize, steps: impl FnOnce() -> T) -> T {
    let (soft, hard) = Resource::AS.get().unwrap();
    Resource::AS.set(address_space_bytes() + (HEADROOM_BYTES + room_bytes) as u64, hard).unwrap();
    let result = steps();
    Resource::AS.set(soft, hard).unwrap();
    result
}

fn write_to(block: &Block) {
    // SAFETY: a block is valid for writes of `len` bytes while it lives.
    unsafe { block.start().write_bytes(0xff, block.len()) };
}

fn take_all(len: usize) -> Vec<Block> {
    let mut blocks = Vec::with_capacity(100_000);
    while let Some(block) = Block::new(len, Fill::Zeroed) {
        write_to(&block);
        blocks.push(block);
    }
    blocks
}

/// Leaves 8000 dirty slots of 128 KiB: 1000 MiB.
fn make_many_slots_dirty() {
    memory::purge_all();
    drop((0..8000).map(|_| Block::new(128 << 10, Fill::Raw).unwrap()).collect::<Vec<_>>());
}

fn wait_until(condition: impl Fn() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < Duration::from_secs(3));
        thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_block_is_none_where_memory_runs_out_and_the_process_goes_on() {
    let _alone = alone();
    a_block_that_is_too_large_is_refused_and_a_smaller_one_is_not();
    blocks_of_each_size_can_be_taken_until_there_is_no_room();
    the_memory_of_dirty_slots_makes_way_for_a_block_of_another_size();
    dirty_slots_go_back_to_the_system_by_themselves();
    a_block_gets_the_free_slot_of_a_larger_class();
    a_guarded_block_takes_the_room_of_the_oldest_in_the_quarantine();
    everything_works_without_the_limit();
}

fn a_block_that_is_too_large_is_refused_and_a_smaller_one_is_not() {
    with_room_for(64 * MIB, || {
        for len in [128 * MIB, 1 << 40, 1 << 52, usize::MAX] {
            assert!(Block::new(len, Fill::Zeroed).is_none());
            assert!(Block::new(len, Fill::Raw).is_none());
        }
        assert_eq!((live_blocks(), live_bytes()), (0, 0));
        write_to(&Block::new(16 * MIB, Fill::Zeroed).unwrap());
    });
    write_to(&Block::new(128 * MIB, Fill::Zeroed).unwrap());
}

fn blocks_of_each_size_can_be_taken_until_there_is_no_room() {
    for len in [4096, 128 << 10, MIB, 2 * MIB, 16 * MIB] {
        memory::purge_all();
        let taken = with_room_for(64 * MIB, || {
            let mut blocks = take_all(len);
            let taken = blocks.len();
            assert!(taken >= 1, "{len}");
            assert_eq!((live_blocks(), live_bytes()), (taken, taken * len));
            blocks.truncate(taken / 2);
            assert!(Block::new(len, Fill::Zeroed).is_some(), "{len}: the memory of a freed block is not used again");
            taken
        });
        assert!(taken * len <= 64 * MIB);
        assert_eq!(live_bytes(), 0);
    }
}

fn the_memory_of_dirty_slots_makes_way_for_a_block_of_another_size() {
    memory::purge_all();
    with_room_for(64 * MIB, || {
        drop(take_all(128 << 10));
        assert!(Block::new(48 * MIB, Fill::Zeroed).is_some());
    });
    // The same with many small slots, and with little room for anything else.
    make_many_slots_dirty();
    with_room_for(2 * MIB, || assert!(Block::new(512 * MIB, Fill::Zeroed).is_some()));
}

fn dirty_slots_go_back_to_the_system_by_themselves() {
    make_many_slots_dirty();
    with_room_for(2 * MIB, || {
        let full = address_space_bytes();
        wait_until(|| address_space_bytes() + 900 * (MIB as u64) < full);
    });
}

/// The system has no room for a new slab. The other slots of the larger slab are in use, so it cannot make way.
fn a_block_gets_the_free_slot_of_a_larger_class() {
    memory::purge_all();
    let mut larger: Vec<_> = (0..10).map(|_| Block::new(16 * MIB, Fill::Zeroed).unwrap()).collect();
    with_room_for(2 * MIB, || {
        assert!(Block::new(10 * MIB, Fill::Zeroed).is_none());
        larger.pop();
        for len in [10 * MIB, 3 * MIB] {
            write_to(&Block::new(len, Fill::Zeroed).unwrap());
        }
    });
}

fn a_guarded_block_takes_the_room_of_the_oldest_in_the_quarantine() {
    let guarded = || Block::guarded(16 * MIB);
    drop(guarded()); // the lists of the guard need memory the first time
    with_room_for(65 * MIB, || {
        (0..4).for_each(|_| drop(guarded().unwrap()));
        let before = address_space_bytes();
        let block = guarded().unwrap();
        assert!(address_space_bytes() > before - 16 * MIB as u64, "more than one block has left the quarantine");
        drop(block);
    });
}

fn everything_works_without_the_limit() {
    let blocks: Vec<_> = (0..32).map(|_| Block::new(16 * MIB, Fill::Zeroed).unwrap()).collect();
    blocks.iter().for_each(write_to);
    drop(blocks);
    assert_eq!((live_blocks(), live_bytes()), (0, 0));
}
