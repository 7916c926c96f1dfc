//! Moves bytes between two windows: as memmove does, and past the cache with non-temporal stores.

use std::ptr;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use crate::thread;

/// In bytes. A plain store reads the line that it is about to overwrite; past the last-level cache (32 MiB here) that is
/// a third of the traffic. Streaming takes 0.80 of the time of memmove at 32 MiB and 0.71 at 256. It would win at 1 MiB as
/// well, but leaves `dest` out of the cache, where whoever copies so little looks for it next.
const STREAM: usize = 32 << 20;

/// In bytes. From here on a second thread helps: one core does not use all the bandwidth of the memory. Of the time of
/// memmove 64 MiB take 0.71 with it and 0.73 without, 256 MiB 0.66 and 0.71 (0.39 and 0.70 in one run of four, when the
/// machine had bandwidth to spare). To start it takes 30 us, a thirtieth of a copy of 32 MiB. Two thirds is the floor where
/// memmove uses all the bandwidth: it moves three bytes for our two.
const SPLIT: usize = 64 << 20;

/// In bytes: what a thread takes next. Whoever is faster does more: with another process on the second core 256 MiB take
/// 0.73 of the time of memmove, 0.79 in halves.
const CHUNK: usize = 4 << 20;

/// Copies `len` bytes; the windows may overlap.
///
/// # Safety
/// `source` must be valid for reads of `len` bytes, `dest` for writes, and neither be memory that another thread may write
/// or read meanwhile: shared memory is copied by the engine.
pub unsafe fn copy(source: *const u8, dest: *mut u8, len: usize) {
    let overlap = (source as usize).abs_diff(dest as usize) < len;
    if len >= STREAM && !overlap && can_stream() {
        let whole = Part { source, dest, len };
        // SAFETY: the caller vouches for the pointers; the windows do not overlap and AVX is there, both checked above.
        return unsafe {
            if len < SPLIT {
                whole.stream()
            } else {
                whole.stream_on_two_threads(CHUNK)
            }
        };
    }
    // SAFETY: the caller vouches for the pointers; `copy` allows overlap.
    unsafe { ptr::copy(source, dest, len) }
}

#[derive(Clone, Copy)]
struct Part {
    source: *const u8,
    dest: *mut u8,
    len: usize,
}

// SAFETY: a part is only an argument; whoever makes one vouches for its windows, on whatever thread they are used.
unsafe impl Sync for Part {}

impl Part {
    /// # Safety
    /// That of [`stream`].
    unsafe fn stream(self) {
        // SAFETY: the caller's obligation, word for word.
        unsafe { stream(self.source, self.dest, self.len) }
    }

    /// # Safety
    /// That of [`stream`].
    unsafe fn stream_on_two_threads(self, chunk: usize) {
        let next = AtomicUsize::new(0);
        thread::on_two(|| {
            while let Some(part) = self.chunk_at(next.fetch_add(chunk, Relaxed), chunk) {
                // SAFETY: it lies in the windows for which the caller vouches, as for AVX, and is done when `on_two` returns.
                unsafe { part.stream() };
            }
        });
    }

    /// The `chunk` bytes from `at` on, or what is left of them; `None` past the end.
    fn chunk_at(self, at: usize, chunk: usize) -> Option<Part> {
        let left = self.len.checked_sub(at).filter(|left| *left > 0)?;
        let (source, dest) = (self.source.wrapping_add(at), self.dest.wrapping_add(at));
        Some(Part { source, dest, len: left.min(chunk) })
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

/// # Safety
/// `source` must be valid for reads of `len` bytes, `dest` for writes, the windows must not overlap, and the processor
/// must have AVX.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx")]
unsafe fn stream(source: *const u8, dest: *mut u8, len: usize) {
    use std::arch::x86_64::{__m256i, _mm256_loadu_si256, _mm256_stream_si256, _mm_sfence};
    /// In bytes: two cache lines, written whole.
    const STEP: usize = 128;
    const LANE: usize = size_of::<__m256i>();

    let head = dest.align_offset(LANE).min(len);
    let body = (len - head) / STEP * STEP;
    // SAFETY: head + body + tail is `len`, for which the caller vouches. Within the body `dest` is aligned to a lane, as
    // the stores need, because `head` is what was missing to that; loads need no alignment.
    unsafe {
        ptr::copy_nonoverlapping(source, dest, head);
        for at in (head..head + body).step_by(STEP) {
            for lane in 0..STEP / LANE {
                let from = source.add(at + lane * LANE).cast::<__m256i>();
                let to = dest.add(at + lane * LANE).cast::<__m256i>();
                _mm256_stream_si256(to, _mm256_loadu_si256(from));
            }
        }
        _mm_sfence();
        let done = head + body;
        ptr::copy_nonoverlapping(source.add(done), dest.add(done), len - done);
    }
}

/// Never called: see `can_stream`.
///
/// # Safety
/// `source` must be valid for reads of `len` bytes, `dest` for writes.
#[cfg(not(target_arch = "x86_64"))]
unsafe fn stream(source: *const u8, dest: *mut u8, len: usize) {
    // SAFETY: the caller vouches for the pointers.
    unsafe { ptr::copy(source, dest, len) }
}

/// The streaming routines with lengths that `copy` leaves to memmove, at every alignment.
#[cfg(all(test, target_arch = "x86_64"))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Bytes around the destination that no copy may touch.
    const CANARIES: usize = 256;
    const CANARY: u8 = 0xa5;

    /// Streams `len` bytes and compares. The source starts and ends where its memory does, for a sanitizer to see what
    /// is read beyond it; the non-temporal stores are inline assembly, which only the canaries see.
    fn check(len: usize, source_offset: usize, dest_offset: usize, stream: impl FnOnce(Part)) {
        let source: Vec<u8> = (0..source_offset + len).map(|i| (i % 251) as u8).collect();
        let mut dest = vec![CANARY; dest_offset + len + 2 * CANARIES];
        let start = CANARIES + dest_offset;
        let part = Part { source: source[source_offset..].as_ptr(), dest: dest[start..].as_mut_ptr(), len };
        stream(part);
        assert!(dest[..start].iter().all(|byte| *byte == CANARY), "written to before the window");
        assert!(dest[start + len..].iter().all(|byte| *byte == CANARY), "written to past the window");
        assert!(dest[start..start + len] == source[source_offset..], "{len} bytes: not the same");
        assert!(source.iter().enumerate().all(|(i, byte)| *byte == (i % 251) as u8), "the source is another");
    }

    fn on_one_thread(part: Part) {
        // SAFETY: the windows of `check` lie in two vectors; its callers see that there is AVX.
        unsafe { part.stream() };
    }

    fn on_two_threads(part: Part, chunk: usize) {
        // SAFETY: as above.
        unsafe { part.stream_on_two_threads(chunk) };
    }

    #[test]
    fn streams_every_length_around_its_steps_at_every_alignment_of_dest() {
        if !can_stream() {
            return;
        }
        for len in (0..=300).chain([511, 512, 513, 4095, 4096, 4097]) {
            for dest_offset in 0..32 {
                check(len, (len + dest_offset) % 64, dest_offset, on_one_thread);
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn streams_any_length_at_any_alignment(len in 0usize..20_000, source in 0usize..64, dest in 0usize..64) {
            if can_stream() {
                check(len, source, dest, on_one_thread);
            }
        }

        #[test]
        fn streams_any_length_on_two_threads(
            len in 0usize..20_000, source in 0usize..64, dest in 0usize..64, chunk in 1usize..30_000,
        ) {
            if can_stream() {
                check(len, source, dest, |part| on_two_threads(part, chunk));
            }
        }
    }
}
