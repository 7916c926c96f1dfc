//! The messages about misuse, on standard error.
//!
//! A signal handler prints them, so nothing here allocates memory or takes a lock.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use super::system::write_error;
use super::table::{Entry, Snapshot};
use super::texts::Text;

/// Says that a thread has used `address`, which lies in the pages of `block`.
pub fn report_fault(block: &Snapshot, address: usize) {
    line_about_fault(block, address).write();
    // If a dispose has failed, its place is noted, but the block is still live.
    report_places(block.made, block.disposed.filter(|_| block.is_freed));
}

fn line_about_fault(block: &Snapshot, address: usize) -> Line {
    let end = block.start + block.len;
    let is_within = (block.start..end).contains(&address);
    let mut line = Line::about(block);
    match block.is_freed {
        true if is_within => {
            line.text(", was used after it had been disposed, at byte ").number((address - block.start) as u64);
        }
        true => {
            line.text(", was used after it had been disposed, outside of its bytes");
        }
        // For example if a program runs its bytes as code.
        false if is_within => {
            line.text(", is not disposed, but the system refused a use of its byte ");
            line.number((address - block.start) as u64);
        }
        false if address < block.start => {
            line.text(", was used ").number((block.start - address) as u64).text(" bytes before its start");
        }
        false => {
            line.text(", was used ").number((address - end) as u64 + 1).text(" bytes past its end");
        }
    }
    line.text(".\n");
    line
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
        report_places(block.made, block.disposed);
    }
    std::process::abort()
}

fn report_places(made: Option<&Text>, disposed: Option<&Text>) {
    if made.is_none() && disposed.is_none() {
        write_error(b"smalloc: SMALLOC_TRACE=1 shows where it was made and disposed.\n");
        return;
    }
    for (head, place) in [("smalloc: It was made\n", made), ("smalloc: It was disposed\n", disposed)] {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_says_where_the_block_was_used() {
        let text = |is_freed, address| {
            let block = Snapshot {
                mapping_start: 0x1000,
                mapping_len: 0x3000,
                start: 0x2008,
                len: 0xff8,
                number: 7,
                is_freed,
                made: None,
                disposed: None,
            };
            let line = line_about_fault(&block, address);
            let text = String::from_utf8(line.bytes[..line.len].to_vec()).unwrap();
            text.strip_prefix("smalloc: Allocation 7, of 4088 bytes, ").unwrap().to_string()
        };
        assert_eq!(text(true, 0x200a), "was used after it had been disposed, at byte 2.\n");
        assert_eq!(text(true, 0x3000), "was used after it had been disposed, outside of its bytes.\n");
        assert_eq!(text(false, 0x2000), "was used 8 bytes before its start.\n");
        assert_eq!(text(false, 0x3000), "was used 1 bytes past its end.\n");
        assert_eq!(text(false, 0x2fff), "is not disposed, but the system refused a use of its byte 4087.\n");
    }
}
