//! Counts the mappings of the process. The system allows 65,530 (vm.max_map_count).

use super::alone;
use smalloc::block::{live_blocks, Block, Fill};
use smalloc::memory;

/// In the long form a million. In blocks of 2 MiB that is 2 TiB of address space, of which the test touches almost none.
fn block_count() -> usize {
    let is_long = std::env::var("SMALLOC_LONG").is_ok_and(|value| value == "1");
    if is_long {
        1_000_000
    } else {
        100_000
    }
}

fn mappings() -> usize {
    std::fs::read_to_string("/proc/self/maps").unwrap().lines().count()
}

#[test]
fn many_blocks_take_a_few_hundred_mappings_in_whatever_order_they_are_freed() {
    let _alone = alone();
    let (before, count) = (mappings(), block_count());
    for len in [128 << 10, 2 << 20] {
        let blocks: Vec<_> = (0..count).map_while(|_| Block::new(len, Fill::Zeroed)).collect();
        assert_eq!((blocks.len(), live_blocks()), (count, count), "{len}");
        // A slab is one mapping of at most 1 GiB.
        let most = before + 100 + len * count / (1 << 30);
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

/// `MAX_LIVE_BLOCKS` in src/guard.rs depends on this.
#[test]
fn a_guarded_block_takes_two_mappings_and_none_once_it_is_freed() {
    let _alone = alone();
    let before = mappings();
    let blocks: Vec<_> = (0..1000).map(|_| Block::guarded(1).unwrap()).collect();
    assert!(mappings() < before + 2 * blocks.len() + 100, "{} mappings", mappings() - before);
    drop(blocks);
    assert!(mappings() < before + 100, "{} mappings are left", mappings() - before);
}
