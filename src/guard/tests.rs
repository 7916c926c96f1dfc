use super::*;
use crate::block::Block;
use crate::memory::alone;
use crate::testing::holds_only;

fn guarded(len: usize) -> Block {
    Block::guarded(len).unwrap_or_else(|| panic!("no memory for {len} bytes"))
}

/// Whether a system call may write to the byte at `address`. If not, the call returns an error, and no signal comes.
#[cfg(unix)]
fn is_writable(address: *mut u8) -> bool {
    let mut ends = [0; 2];
    // SAFETY: `ends` has room for two descriptors.
    assert_eq!(unsafe { libc::pipe(ends.as_mut_ptr()) }, 0);
    // SAFETY: the descriptors are open. `read` writes one byte at `address`, or fails if it has no access. The tests pass only
    // addresses in blocks of their own and in pages without access.
    unsafe {
        assert_eq!(libc::write(ends[1], [1u8].as_ptr().cast(), 1), 1);
        let read = libc::read(ends[0], address.cast(), 1);
        libc::close(ends[0]);
        libc::close(ends[1]);
        read == 1
    }
}

#[cfg(windows)]
fn is_writable(address: *mut u8) -> bool {
    use windows_sys::Win32::System::Memory::{VirtualQuery, MEMORY_BASIC_INFORMATION, MEM_COMMIT, PAGE_READWRITE};
    let mut pages = MEMORY_BASIC_INFORMATION::default();
    // SAFETY: `pages` is as long as it says; nothing is read from `address`.
    let written = unsafe { VirtualQuery(address.cast(), &mut pages, size_of::<MEMORY_BASIC_INFORMATION>()) };
    written > 0 && pages.State == MEM_COMMIT && pages.Protect == PAGE_READWRITE
}

const LENGTHS: [usize; 8] = [1, 8, 64, 1001, 4096, 4097, 1 << 20, (2 << 20) + 3];

#[test]
fn holds_zeros_is_aligned_for_every_element_and_ends_at_a_page_without_access() {
    let _alone = alone();
    for len in LENGTHS {
        let mut block = guarded(len);
        assert!(holds_only(block.bytes(), 0), "{len}");
        let (start, end) = (block.start() as usize, block.start() as usize + len);
        assert_eq!(start % ALIGNMENT_BYTES, 0, "{len}");
        let page_end = end.next_multiple_of(pages::size());
        assert!(page_end - end < ALIGNMENT_BYTES, "{len}");
        assert!(is_writable(block.start()), "{len}");
        assert!(!is_writable(page_end as *mut u8), "{len}");
        let first = start / pages::size() * pages::size();
        assert!(!is_writable((first - 1) as *mut u8), "{len}");
    }
}

#[test]
fn has_no_access_once_freed_and_its_addresses_stay_unused_until_thousands_of_others_are_freed() {
    let _alone = alone();
    let first = guarded(4096);
    let start = first.start();
    drop(first);
    for _ in 0..MAX_QUARANTINED_BLOCKS - 1 {
        assert!(!is_writable(start));
        assert_ne!(guarded(4096).start(), start);
    }
    let number = find(start).unwrap().number;
    drop(guarded(4096));
    drop(guarded(4096));
    // The system may have given the addresses to another block, so the number decides.
    assert!(find(start).is_none_or(|found| found.number != number), "it is still in the quarantine");
}

fn find(start: *mut u8) -> Option<table::Snapshot> {
    table::find(start as usize)
}

#[test]
fn the_quarantine_is_bounded_in_bytes() {
    let _alone = alone();
    let first = guarded(1);
    let start = first.start();
    drop(first);
    (0..17).for_each(|_| drop(guarded(1 << 30)));
    assert!(find(start).is_none());
}

/// Takes entries without blocks: the system would take seconds to map so many. tests/own_process/ counts the mappings of one.
#[test]
fn there_is_none_past_the_limit_and_one_again_after_another_is_freed() {
    let _alone = alone();
    let free = |entry| {
        let mut lists = lists();
        lists.count_freed();
        lists.put_entry(entry);
    };
    let mut entries: Vec<_> = std::iter::from_fn(|| lists().take_entry()).collect();
    // A leaked block counts for ever, and the test of `leak` may have run before.
    assert!((MAX_LIVE_BLOCKS - 1..=MAX_LIVE_BLOCKS).contains(&entries.len()), "{}", entries.len());
    assert!(Block::guarded(1).is_none());
    free(entries.pop().unwrap());
    let block = guarded(1);
    assert!(Block::guarded(1).is_none());
    drop(block);
    drop(guarded(1));
    entries.into_iter().for_each(free);
}

#[test]
fn there_is_none_of_zero_bytes_and_of_more_than_a_system_maps() {
    let _alone = alone();
    for len in [0, 1 << 47, isize::MAX as usize, usize::MAX - 4096, usize::MAX] {
        assert!(Block::guarded(len).is_none(), "{len}");
    }
}

#[test]
fn a_block_that_is_too_large_to_map_empties_no_quarantine() {
    let _alone = alone();
    let freed = guarded(4096);
    let start = freed.start();
    let number = find(start).unwrap().number;
    drop(freed);
    assert!(Block::guarded(1 << 47).is_none());
    assert!(find(start).is_some_and(|found| found.number == number));
}

#[test]
fn a_canary_that_was_overwritten_is_found() {
    let _alone = alone();
    for (len, distance) in [(1001, 1001), (1001, 1007), (1001, -1), (1001, -3088), (1, 7)] {
        let pages = Pages::map(len).unwrap();
        assert_eq!(pages.overwritten_canary(), None);
        let canary = pages.start.as_ptr().wrapping_offset(distance);
        // SAFETY: each distance leads to a canary, in the pages that have access.
        unsafe { canary.write(0) };
        assert_eq!(pages.overwritten_canary(), Some(distance), "{len}");
        // SAFETY: these are all pages of the mapping, and nobody else has them.
        unsafe { system::unmap(pages.mapping_start, pages.mapping_len) };
    }
}

#[test]
fn a_leaked_block_can_be_written_and_does_not_count() {
    let _alone = alone();
    let block = guarded(100);
    let start = block.start();
    block.leak();
    assert!(is_writable(start));
    assert_eq!(crate::block::live_blocks(), 0);
}

#[test]
fn a_place_is_stored_once() {
    let texts = [texts::intern(b"at here"), texts::intern(b"at here"), texts::intern(b"at there")];
    let [first, same, other] = texts.map(|text| std::ptr::from_ref(text.unwrap()));
    assert_eq!(first, same);
    assert_ne!(first, other);
}

#[test]
fn threads_take_and_give_back_at_the_same_time() {
    let _alone = alone();
    std::thread::scope(|scope| {
        for mark in 1..=4u8 {
            scope.spawn(move || {
                for round in 0..200 {
                    let len = LENGTHS[round % LENGTHS.len()];
                    let mut block = guarded(len);
                    assert!(holds_only(block.bytes(), 0), "{len}");
                    block.bytes().fill(mark);
                    assert!(holds_only(block.bytes(), mark), "{len}");
                }
            });
        }
    });
    assert_eq!(crate::block::live_blocks(), 0);
}
