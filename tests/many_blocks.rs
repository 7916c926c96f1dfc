//! A million blocks alive, given back in whatever order. A process of its own: its mappings are counted.
#![cfg(target_os = "linux")]

use smalloc::block::{lent_blocks, Block, Fill};
use smalloc::memory;

/// Of 2 MiB: 2 TiB of address space, of which next to nothing is touched.
const COUNT: usize = 1_000_000;

fn mappings() -> usize {
    std::fs::read_to_string("/proc/self/maps").unwrap().lines().count()
}

/// The system refuses a mapping past 65,530 of them (vm.max_map_count).
#[test]
fn a_million_blocks_take_a_few_hundred_mappings() {
    let before = mappings();
    for len in [128 << 10, 2 << 20] {
        let blocks: Vec<_> = (0..COUNT).map_while(|_| Block::new(len, Fill::Zeroed)).collect();
        assert_eq!((blocks.len(), lent_blocks()), (COUNT, COUNT), "{len}");
        // A slab has a GiB at most.
        let most = before + 100 + len * COUNT / (1 << 30);
        assert!(mappings() < most, "{} mappings", mappings());
        let (kept, back): (Vec<_>, Vec<_>) = blocks.into_iter().enumerate().partition(|(index, _)| index % 2 == 0);
        for (index, block) in back {
            if index % 1001 == 0 {
                // SAFETY: a block is valid for `len` bytes while it lives.
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
