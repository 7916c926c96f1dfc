//! What happens where the system has no more memory. A process of its own, with one test: the limit holds for all of it.
#![cfg(target_os = "linux")]

use std::thread;
use std::time::{Duration, Instant};

use rlimit::Resource;
use smalloc::block::{lent_blocks, lent_bytes, Block, Fill};
use smalloc::memory;

const MIB: usize = 1 << 20;

/// What src/memory/mapping.rs leaves to the engine.
const HEADROOM: usize = 128 * MIB;

/// Bytes of address space in use.
fn in_use() -> u64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
    let pages: u64 = statm.split(' ').next().unwrap().parse().unwrap();
    pages * 4096
}

/// Runs `steps` where no more than `room` bytes of address space are left, beside the headroom.
fn with_room_for<T>(room: usize, steps: impl FnOnce() -> T) -> T {
    let (soft, hard) = Resource::AS.get().unwrap();
    Resource::AS.set(in_use() + (HEADROOM + room) as u64, hard).unwrap();
    let result = steps();
    Resource::AS.set(soft, hard).unwrap();
    result
}

fn write_to(block: &Block) {
    // SAFETY: a block is valid for `len` bytes while it lives.
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

/// 8000 x 128 KiB: 1000 MiB.
fn have_much_wait() {
    memory::purge_all();
    drop((0..8000).map(|_| Block::new(128 << 10, Fill::Raw).unwrap()).collect::<Vec<_>>());
}

fn wait_until(condition: impl Fn() -> bool) {
    let asked = Instant::now();
    while !condition() {
        assert!(asked.elapsed() < Duration::from_secs(3));
        thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_block_is_none_where_memory_runs_out_and_the_process_goes_on() {
    // One block that is too large; smaller ones that fit still come.
    with_room_for(64 * MIB, || {
        for len in [128 * MIB, 1 << 40, 1 << 52, usize::MAX] {
            assert!(Block::new(len, Fill::Zeroed).is_none());
            assert!(Block::new(len, Fill::Raw).is_none());
        }
        assert_eq!((lent_blocks(), lent_bytes()), (0, 0));
        write_to(&Block::new(16 * MIB, Fill::Zeroed).unwrap());
    });
    write_to(&Block::new(128 * MIB, Fill::Zeroed).unwrap());
    memory::purge_all();

    // Many blocks until there is no room for another, in every size class; they are whole, and come back.
    for len in [4096, 128 << 10, MIB, 2 * MIB, 16 * MIB] {
        memory::purge_all();
        let taken = with_room_for(64 * MIB, || {
            let mut blocks = take_all(len);
            let taken = blocks.len();
            assert!(taken >= 1, "{len}");
            assert_eq!((lent_blocks(), lent_bytes()), (taken, taken * len));
            blocks.truncate(taken / 2);
            assert!(Block::new(len, Fill::Zeroed).is_some(), "{len}: what came back does not serve the next");
            taken
        });
        assert!(taken * len <= 64 * MIB);
        assert_eq!(lent_bytes(), 0);
    }

    // What waits makes way for a block of another size.
    memory::purge_all();
    with_room_for(64 * MIB, || {
        drop(take_all(128 << 10));
        assert!(Block::new(48 * MIB, Fill::Zeroed).is_some());
    });

    // The same where much waits, in small blocks, and there is little room for anything else.
    have_much_wait();
    with_room_for(2 * MIB, || assert!(Block::new(512 * MIB, Fill::Zeroed).is_some()));

    // What waits goes back to the system all the same.
    have_much_wait();
    with_room_for(2 * MIB, || {
        let full = in_use();
        wait_until(|| in_use() + 900 * (MIB as u64) < full);
    });

    // Where there is nothing else, a block gets a free place for a larger one, beside one in use.
    memory::purge_all();
    let mut larger: Vec<_> = (0..10).map(|_| Block::new(16 * MIB, Fill::Zeroed).unwrap()).collect();
    with_room_for(2 * MIB, || {
        assert!(Block::new(10 * MIB, Fill::Zeroed).is_none());
        larger.pop();
        for len in [10 * MIB, 3 * MIB] {
            write_to(&Block::new(len, Fill::Zeroed).unwrap());
        }
    });
    drop(larger);

    // With the limit lifted all is as it was.
    let blocks: Vec<_> = (0..32).map(|_| Block::new(16 * MIB, Fill::Zeroed).unwrap()).collect();
    blocks.iter().for_each(write_to);
    drop(blocks);
    assert_eq!((lent_blocks(), lent_bytes()), (0, 0));
}
