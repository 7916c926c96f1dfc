//! Copies bytes. Small copies use memmove. Large ones stream: they write past the processor's cache.
//!
//! A plain store first reads the cache line that it overwrites. A non-temporal store does not, so it moves two bytes of
//! memory for each byte copied, where memmove moves three. The largest copies also use a second thread, because one core
//! does not use all of the bandwidth of the memory.
//!
//! The times below are divided by the time of memmove (EPYC, 2 cores, 32 MiB of last-level cache).

use std::ptr;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use crate::thread;

/// Copies of this size and more stream. The time is 0.80 at 32 MiB and 0.71 at 256 MiB. Streaming would also win at 1 MiB,
/// but it leaves `dest` out of the cache, and a program that copies so little mostly reads `dest` next.
const MIN_STREAM_BYTES: usize = 32 << 20;

/// Copies of this size and more use a second thread. The time is 0.71 with it and 0.73 without at 64 MiB, and 0.66 and 0.71
/// at 256 MiB (0.39 and 0.70 in one run of four, when the machine had bandwidth to spare). Starting the thread takes 30 us,
/// a thirtieth of a copy of 32 MiB. If memmove uses all of the bandwidth, two thirds is the best possible time.
const MIN_SPLIT_BYTES: usize = 64 << 20;

/// Each thread takes a chunk of this size, then the next, so the faster thread copies more. With another process on the
/// second core, 256 MiB take 0.73 in chunks and 0.79 in two halves.
const CHUNK_BYTES: usize = 4 << 20;

/// Copies `len` bytes from `source` to `dest`. The two may overlap.
///
/// # Safety
/// `source` must be valid for reads of `len` bytes and `dest` for writes of `len` bytes. No other thread may read or write
/// `dest`, or write `source`, during the copy. (The engine copies shared memory.)
pub unsafe fn copy(source: *const u8, dest: *mut u8, len: usize) {
    let overlap = (source as usize).abs_diff(dest as usize) < len;
    if len >= MIN_STREAM_BYTES && !overlap && can_stream() {
        let whole = Part { source, dest, len };
        // SAFETY: the caller guarantees the pointers. `overlap` is false, and `can_stream` has found AVX.
        return unsafe {
            if len < MIN_SPLIT_BYTES {
                whole.stream()
            } else {
                whole.stream_on_two_threads(CHUNK_BYTES)
            }
        };
    }
    // SAFETY: the caller guarantees the pointers. `ptr::copy` allows overlap.
    unsafe { ptr::copy(source, dest, len) }
}

/// What to copy: all of a copy, or one chunk of it.
#[derive(Clone, Copy)]
struct Part {
    source: *const u8,
    dest: *mut u8,
    len: usize,
}

// SAFETY: a part only holds pointers and a length. The unsafe methods state what must hold to use the pointers.
unsafe impl Sync for Part {}

impl Part {
    /// # Safety
    /// As for [`stream`].
    unsafe fn stream(self) {
        // SAFETY: the caller guarantees what `stream` asks for.
        unsafe { stream(self.source, self.dest, self.len) }
    }

    /// # Safety
    /// As for [`stream`].
    unsafe fn stream_on_two_threads(self, chunk_bytes: usize) {
        let next = AtomicUsize::new(0);
        thread::run_on_two(|| {
            while let Some(part) = self.chunk_at(next.fetch_add(chunk_bytes, Relaxed), chunk_bytes) {
                // SAFETY: `chunk_at` returns a part of `self`, for which the caller guarantees what `stream` asks for.
                // `fetch_add` gives each chunk to one thread, and both threads are done when `run_on_two` returns.
                unsafe { part.stream() };
            }
        });
    }

    /// The `chunk_bytes` from `at` on, fewer if fewer are left. `None` at the end and past it.
    fn chunk_at(self, at: usize, chunk_bytes: usize) -> Option<Part> {
        let left = self.len.checked_sub(at).filter(|left| *left > 0)?;
        let (source, dest) = (self.source.wrapping_add(at), self.dest.wrapping_add(at));
        Some(Part { source, dest, len: left.min(chunk_bytes) })
    }
}

#[cfg(target_arch = "x86_64")]
fn can_stream() -> bool {
    is_x86_feature_detected!("avx")
}

#[cfg(not(target_arch = "x86_64"))]
fn can_stream() -> bool {
    false
}

/// Copies with non-temporal stores.
///
/// # Safety
/// `source` must be valid for reads of `len` bytes and `dest` for writes of `len` bytes. The two must not overlap. No other
/// thread may read or write `dest`, or write `source`, meanwhile. The processor must have AVX.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx")]
unsafe fn stream(source: *const u8, dest: *mut u8, len: usize) {
    use std::arch::x86_64::{__m256i, _mm256_loadu_si256, _mm256_stream_si256, _mm_sfence};
    /// Two cache lines. Each is written as a whole.
    const STEP_BYTES: usize = 128;
    const LANE_BYTES: usize = size_of::<__m256i>();

    let head = dest.align_offset(LANE_BYTES).min(len);
    let body = (len - head) / STEP_BYTES * STEP_BYTES;
    // SAFETY: head, body and tail together are `len` bytes, which the caller guarantees. The stores need `dest` aligned to a
    // lane. In the body it is: `head` ends at a multiple of a lane, or at `len`, and then the body is empty. Loads need no
    // alignment.
    unsafe {
        ptr::copy_nonoverlapping(source, dest, head);
        for at in (head..head + body).step_by(STEP_BYTES) {
            for lane in 0..STEP_BYTES / LANE_BYTES {
                let from = source.add(at + lane * LANE_BYTES).cast::<__m256i>();
                let to = dest.add(at + lane * LANE_BYTES).cast::<__m256i>();
                _mm256_stream_si256(to, _mm256_loadu_si256(from));
            }
        }
        _mm_sfence();
        let done = head + body;
        ptr::copy_nonoverlapping(source.add(done), dest.add(done), len - done);
    }
}

/// Never called, because `can_stream` is false here.
///
/// # Safety
/// `source` must be valid for reads of `len` bytes and `dest` for writes of `len` bytes.
#[cfg(not(target_arch = "x86_64"))]
unsafe fn stream(source: *const u8, dest: *mut u8, len: usize) {
    // SAFETY: the caller guarantees the pointers.
    unsafe { ptr::copy(source, dest, len) }
}

/// Compares `copy` with the copy of a slice, all bytes of the memory: those before the window, the window, those after it.
#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::for_many_seeds;

    const MIB: usize = 1 << 20;

    /// A pattern that repeats after a prime number of bytes. So if a copy in chunks puts a chunk in the wrong place, the bytes
    /// differ.
    fn pattern(len: usize) -> Vec<u8> {
        const PERIOD: usize = 1_048_573;
        let mut bytes: Vec<u8> =
            (0..len.min(PERIOD) as u32).map(|i| (i.wrapping_mul(0x9e37_79b9) >> 24) as u8).collect();
        while bytes.len() < len {
            bytes.extend_from_within(..PERIOD.min(len - bytes.len()));
        }
        bytes
    }

    /// Copies in `memory`, which is `original`, and puts the bytes back after it has compared.
    fn check(memory: &mut [u8], original: &[u8], source: usize, dest: usize, len: usize) {
        assert!(source + len <= memory.len() && dest + len <= memory.len());
        let start = memory.as_mut_ptr();
        // SAFETY: both windows lie in `memory`, as asserted above, and no other thread has `memory`.
        unsafe { copy(start.add(source), start.add(dest), len) }
        let (window, copied) = (dest..dest + len, source..source + len);
        // Whole slices, which is fast even without optimization.
        let is_right = memory[..dest] == original[..dest]
            && memory[window.clone()] == original[copied]
            && memory[dest + len..] == original[dest + len..];
        assert!(is_right, "{len} bytes from {source} to {dest}");
        memory[window.clone()].copy_from_slice(&original[window]);
    }

    #[test]
    fn copies_a_few_bytes_over_any_distance() {
        let original = pattern(10_000);
        let mut memory = original.clone();
        for_many_seeds(|random| {
            for _ in 0..10 {
                let len = random.usize(..5000);
                let source = random.usize(..5000);
                let near = random.usize(source.saturating_sub(70)..source + 70).min(5000);
                let dest = if random.bool() { near } else { random.usize(..5000) };
                check(&mut memory, &original, source, dest, len);
            }
        });
        check(&mut memory, &original, 10_000, 10_000, 0);
    }

    /// From 32 MiB on, a copy without overlap streams. From 64 MiB on, two threads share it, in chunks of 4 MiB.
    #[test]
    fn copies_tens_of_mebibytes_apart_or_overlapping() {
        let original = pattern(134 * MIB);
        let mut memory = original.clone();
        for (source, dest, len) in [
            // apart: odd starts, odd lengths
            (3, 50 * MIB + 17, 40 * MIB + 13),
            (51 * MIB + 1, 64, 33 * MIB + 255),
            (1, 64 * MIB, 32 * MIB - 1),
            (1, 64 * MIB, 32 * MIB),
            (64 * MIB, 1, 32 * MIB + 1),
            // the same on both sides of what two threads share; the last chunk may be a single byte
            (5, 66 * MIB + 3, 64 * MIB - 1),
            (0, 67 * MIB, 64 * MIB),
            (66 * MIB + 3, 5, 64 * MIB + 1),
            (64, 67 * MIB + 1, 66 * MIB + 255),
            // touching
            (0, 45 * MIB + 5, 45 * MIB + 5),
            (67 * MIB, 0, 67 * MIB),
            // overlapping, forwards and backwards, by much and by little
            (64, 65, 40 * MIB),
            (65, 64, 40 * MIB),
            (7, 40 * MIB, 40 * MIB + 11),
            (40 * MIB, 7, 40 * MIB + 11),
            (1, 2, 120 * MIB),
            // onto itself
            (5, 5, 40 * MIB),
        ] {
            check(&mut memory, &original, source, dest, len);
        }
    }

    /// The streaming functions at every alignment, with short lengths, for which `copy` does not call them.
    #[cfg(target_arch = "x86_64")]
    mod streams {
        use super::*;
        use crate::testing::holds_only;

        /// The number of canaries on each side of `dest`. No copy may change one.
        const CANARY_COUNT: usize = 256;
        const CANARY: u8 = 0xa5;

        /// Streams `len` bytes and compares. The source ends where its memory ends, so a sanitizer sees a read past the end.
        /// It does not see the non-temporal stores, which are inline assembly: the canaries find those.
        fn check(len: usize, source_offset: usize, dest_offset: usize, stream: impl FnOnce(Part)) {
            let bytes = pattern(source_offset + len);
            let source = bytes.clone();
            let mut dest = vec![CANARY; dest_offset + len + 2 * CANARY_COUNT];
            let start = CANARY_COUNT + dest_offset;
            let part = Part { source: source[source_offset..].as_ptr(), dest: dest[start..].as_mut_ptr(), len };
            stream(part);
            assert!(holds_only(&dest[..start], CANARY), "written to before the window");
            assert!(holds_only(&dest[start + len..], CANARY), "written to past the window");
            assert!(dest[start..start + len] == source[source_offset..], "{len} bytes: not the same");
            assert!(source == bytes, "the source is another");
        }

        fn on_one_thread(part: Part) {
            // SAFETY: `check` makes a part of two vectors, which do not overlap and are long enough. The tests return early
            // if there is no AVX.
            unsafe { part.stream() };
        }

        fn on_two_threads(part: Part, chunk_bytes: usize) {
            // SAFETY: as in `on_one_thread`.
            unsafe { part.stream_on_two_threads(chunk_bytes) };
        }

        #[test]
        fn every_length_around_its_steps_at_every_alignment_of_dest() {
            if !can_stream() {
                return;
            }
            for len in (0..=300).chain([511, 512, 513, 4095, 4096, 4097]) {
                for dest_offset in 0..32 {
                    check(len, (len + dest_offset) % 64, dest_offset, on_one_thread);
                }
            }
        }

        #[test]
        fn any_length_at_any_alignment_on_one_thread_and_on_two() {
            if !can_stream() {
                return;
            }
            for_many_seeds(|random| {
                let (len, source, dest) = (random.usize(..20_000), random.usize(..64), random.usize(..64));
                check(len, source, dest, on_one_thread);
                let chunk = random.usize(1..30_000);
                check(len, source, dest, |part| on_two_threads(part, chunk));
            });
        }
    }
}
