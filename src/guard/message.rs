//! The messages about misuse, on standard error.
//!
//! A signal handler prints them, so nothing here allocates memory or takes a lock.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use super::system::write_error;
use super::table::{Entry, Snapshot};
use super::texts::Text;

/// Says that a thread has used `address`, which lies in the pages of `block`.
pub fn report_fault(block: &Snapshot, address: usize) {
    let end = block.start + block.len;
    let mut line = Line::about(block);
    match (block.is_freed, address) {
        (true, _) if (block.start..end).contains(&address) => {
            line.text(", was used after it had been disposed, at byte ").number((address - block.start) as u64);
        }
        (true, _) => {
            line.text(", was used after it had been disposed, outside of its bytes");
        }
        (false, _) if address < block.start => {
            line.text(", was used ").number((block.start - address) as u64).text(" bytes before its start");
        }
        (false, _) => {
            line.text(", was used ").number((address - end) as u64 + 1).text(" bytes past its end");
        }
    }
    line.text(".\n").write();
    report_places(block);
}

/// Says that a canary has been overwritten, `distance` bytes from the start of the block, and ends the process.
pub fn abort_for_canary(entry: &Entry, distance: isize) -> ! {
    if let Some(block) = entry.read() {
        let mut line = Line::about(&block);
        if distance < 0 {
            line.text(", was written to ").number(distance.unsigned_abs() as u64).text(" bytes before its start");
        } else {
            let past = distance as u64 - block.len as u64 + 1;
            line.text(", was written to ").number(past).text(" bytes past its end");
        }
        line.text(". This was seen as it was disposed.\n").write();
        report_places(&block);
    }
    std::process::abort()
}

fn report_places(block: &Snapshot) {
    if block.made.is_none() && block.disposed.is_none() {
        write_error(b"smalloc: SMALLOC_TRACE=1 shows where it was made and disposed.\n");
        return;
    }
    for (head, place) in [("smalloc: It was made\n", block.made), ("smalloc: It was disposed\n", block.disposed)] {
        if let Some(Text(lines)) = place {
            write_error(head.as_bytes());
            write_error(lines);
            write_error(b"\n");
        }
    }
}

/// Says that an allocation is not guarded, once in the life of the process.
pub fn warn_once_unguarded() {
    static HAS_WARNED: AtomicBool = AtomicBool::new(false);
    if !HAS_WARNED.swap(true, Relaxed) {
        write_error(b"smalloc: SMALLOC_GUARD=1 has no room for all allocations: some are not guarded.\n");
    }
}

/// A line of text that is being composed. What does not fit is left out.
struct Line {
    bytes: [u8; 256],
    len: usize,
}

impl Line {
    fn about(block: &Snapshot) -> Line {
        let mut line = Line { bytes: [0; 256], len: 0 };
        line.text("smalloc: Allocation ").number(block.number).text(", of ").number(block.len as u64).text(" bytes");
        line
    }

    fn text(&mut self, text: &str) -> &mut Line {
        text.bytes().for_each(|byte| self.byte(byte));
        self
    }

    fn number(&mut self, number: u64) -> &mut Line {
        let digits = number.checked_ilog10().unwrap_or(0);
        (0..=digits).rev().for_each(|place| self.byte(b'0' + (number / 10u64.pow(place) % 10) as u8));
        self
    }

    fn byte(&mut self, byte: u8) {
        if let Some(place) = self.bytes.get_mut(self.len) {
            *place = byte;
            self.len += 1;
        }
    }

    fn write(&self) {
        write_error(&self.bytes[..self.len]);
    }
}
