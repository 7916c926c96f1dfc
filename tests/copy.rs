//! Compares `copy` with an oracle that copies one byte at a time. Canaries lie around both windows.

use proptest::prelude::*;
use smalloc::copy::copy;

/// The longest random copy.
const MAX_COPY_BYTES: usize = 5000;
/// The number of bytes on each side of a window that no copy may touch.
const CANARY_COUNT: usize = 64;

/// A pattern that repeats after a prime number of bytes. So if a copy in chunks puts a chunk in the wrong place, the bytes
/// differ.
fn pattern(len: usize) -> Vec<u8> {
    const PERIOD: usize = 1_048_573;
    let mut bytes: Vec<u8> = (0..len.min(PERIOD) as u32).map(|i| (i.wrapping_mul(0x9e37_79b9) >> 24) as u8).collect();
    while bytes.len() < len {
        bytes.extend_from_within(..PERIOD.min(len - bytes.len()));
    }
    bytes
}

fn oracle(memory: &mut [u8], source: usize, dest: usize, len: usize) {
    let copied: Vec<u8> = memory[source..source + len].to_vec();
    for (i, byte) in copied.into_iter().enumerate() {
        memory[dest + i] = byte;
    }
}

fn copy_within(memory: &mut [u8], source: usize, dest: usize, len: usize) {
    assert!(source + len <= memory.len() && dest + len <= memory.len());
    let start = memory.as_mut_ptr();
    // SAFETY: both windows lie in `memory`, as asserted above, and no other thread has `memory`.
    unsafe { copy(start.add(source), start.add(dest), len) }
}

/// Compares whole slices, which is fast even without optimization. On a difference it names the first byte that differs.
fn assert_same(actual: &[u8], expected: &[u8], what: &str) {
    if actual != expected {
        let at = actual.iter().zip(expected).position(|(a, b)| a != b);
        panic!("{what}: byte {at:?} differs");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn copies_within_one_memory_as_the_oracle_does(
        source in CANARY_COUNT..CANARY_COUNT + MAX_COPY_BYTES,
        dest in CANARY_COUNT..CANARY_COUNT + MAX_COPY_BYTES,
        len in 0..MAX_COPY_BYTES,
    ) {
        let mut memory = pattern(2 * MAX_COPY_BYTES + 2 * CANARY_COUNT);
        let mut expected = memory.clone();
        oracle(&mut expected, source, dest, len);
        copy_within(&mut memory, source, dest, len);
        prop_assert_eq!(memory, expected);
    }

    #[test]
    fn copies_over_a_few_bytes_distance_as_the_oracle_does(
        source in CANARY_COUNT..CANARY_COUNT + 100,
        distance in -70isize..70,
        len in 0..MAX_COPY_BYTES,
    ) {
        let dest = source.saturating_add_signed(distance);
        let mut memory = pattern(2 * MAX_COPY_BYTES + 2 * CANARY_COUNT);
        let mut expected = memory.clone();
        oracle(&mut expected, source, dest, len);
        copy_within(&mut memory, source, dest, len);
        prop_assert_eq!(memory, expected);
    }

    #[test]
    fn copies_between_two_memories_and_leaves_the_source(
        source in 0..CANARY_COUNT,
        dest in 0..CANARY_COUNT,
        len in 0..MAX_COPY_BYTES,
    ) {
        let from = pattern(MAX_COPY_BYTES + CANARY_COUNT);
        let mut to = vec![0xa5; MAX_COPY_BYTES + 2 * CANARY_COUNT];
        // SAFETY: both windows end before `MAX_COPY_BYTES + CANARY_COUNT`, and both memories are at least that long.
        unsafe { copy(from.as_ptr().add(source), to.as_mut_ptr().add(dest), len) };
        prop_assert!(to[..dest].iter().all(|byte| *byte == 0xa5));
        prop_assert_eq!(&to[dest..dest + len], &from[source..source + len]);
        prop_assert!(to[dest + len..].iter().all(|byte| *byte == 0xa5));
        prop_assert_eq!(from, pattern(MAX_COPY_BYTES + CANARY_COUNT));
    }
}

#[test]
fn a_copy_of_zero_bytes_changes_nothing() {
    let mut memory = pattern(100);
    copy_within(&mut memory, 100, 100, 0);
    copy_within(&mut memory, 0, 50, 0);
    assert_eq!(memory, pattern(100));
}

/// From 32 MiB on, a copy without overlap streams.
#[test]
fn copies_tens_of_mebibytes_apart_or_overlapping() {
    const MIB: usize = 1 << 20;
    check_copies(
        pattern(100 * MIB),
        &[
            // apart: whole, odd starts, odd lengths
            (0, 48 * MIB, 48 * MIB),
            (3, 50 * MIB + 17, 40 * MIB + 13),
            (51 * MIB + 1, 64, 33 * MIB + 255),
            (1, 64 * MIB, 32 * MIB - 1),
            (1, 64 * MIB, 32 * MIB),
            (64 * MIB, 1, 32 * MIB + 1),
            // touching
            (0, 45 * MIB + 5, 45 * MIB + 5),
            (45 * MIB + 5, 0, 45 * MIB + 5),
            // overlapping, forwards and backwards, by much and by little
            (64, 65, 40 * MIB),
            (65, 64, 40 * MIB),
            (100, 10 * MIB + 3, 50 * MIB),
            (10 * MIB + 3, 100, 50 * MIB),
            (7, 40 * MIB, 40 * MIB + 11),
            (40 * MIB, 7, 40 * MIB + 11),
            // onto itself
            (5, 5, 40 * MIB),
        ],
    );
}

/// From 64 MiB on, two threads share the work, in chunks of 4 MiB.
#[test]
fn copies_hundreds_of_mebibytes_in_chunks() {
    const MIB: usize = 1 << 20;
    check_copies(
        pattern(270 * MIB),
        &[
            (0, 134 * MIB, 64 * MIB),
            (5, 134 * MIB + 3, 64 * MIB - 1),
            (134 * MIB + 3, 5, 64 * MIB + 1),
            (0, 134 * MIB, 128 * MIB),
            (5, 134 * MIB + 3, 128 * MIB - 1),
            (134 * MIB + 3, 5, 128 * MIB + 1),
            (3, 135 * MIB + 17, 130 * MIB + 13),
            (136 * MIB + 1, 64, 133 * MIB + 255),
            (1, 2, 200 * MIB),
        ],
    );
}

fn check_copies(original: Vec<u8>, cases: &[(usize, usize, usize)]) {
    let mut memory = original.clone();
    for &(source, dest, len) in cases {
        let what = format!("{len} bytes from {source} to {dest}");
        memory.copy_from_slice(&original);
        copy_within(&mut memory, source, dest, len);
        // All bytes of the memory: those before the window, the window, those after it.
        assert_same(&memory[..dest], &original[..dest], &what);
        assert_same(&memory[dest..dest + len], &original[source..source + len], &what);
        assert_same(&memory[dest + len..], &original[dest + len..], &what);
    }
}
