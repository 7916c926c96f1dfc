//! A million live blocks take few mappings, in whatever order they are freed. This is a process of its own, because it counts
//! the mappings of the process.
#![cfg(target_os = "linux")]

use smalloc::block::{lent_blocks, Block, Fill};
use smalloc::memory;

/// In blocks of 2 MiB this is 2 TiB of address space. The test touches almost none of it.
const BLOCK_COUNT: usize = 1_000_000;

fn mappings() -> usize {
    std::fs::read_to_string("/proc/self/maps").unwrap().lines().count()
}

/// The system allows a process 65,530 mappings (vm.max_map_count).
#[test]
fn a_million_blocks_take_a_few_hundred_mappings() {
    let before = mappings();
    for len in [128 << 10, 2 << 20] {
        let blocks: Vec<_> = (0..BLOCK_COUNT).map_while(|_| Block::new(len, Fill::Zeroed)).collect();
        assert_eq!((blocks.len(), lent_blocks()), (BLOCK_COUNT, BLOCK_COUNT), "{len}");
        // A slab is one mapping of at most 1 GiB.
        let most = before + 100 + len * BLOCK_COUNT / (1 << 30);
        assert!(mappings() < most, "{} mappings", mappings());
        let (kept, back): (Vec<_>, Vec<_>) = blocks.into_iter().enumerate().partition(|(index, _)| index % 2 == 0);
        for (index, block) in back {
            if index % 1001 == 0 {
                // SAFETY: a block is valid for writes of `len` bytes while it lives.
                unsafe { block.start().write(1) };
            }
        }
        memory::purge_all();
        assert!(mappings() < most, "{} mappings", mappings());
        drop(kept);
        memory::purge_all();
        assert!(mappings() < before + 10, "{} mappings are left", mappings() - before);
    }
}
