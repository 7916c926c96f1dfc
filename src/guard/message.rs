//! What is said on standard error about a misuse. All of it is done without memory and without locks: a signal handler does it.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use super::system::write_error;
use super::table::{Entry, Found};
use super::texts::Text;

/// Says which block a thread used at `address`, that block's own pages.
pub fn tell_fault(found: &Found, address: usize) {
    let end = found.start + found.len;
    let mut line = Line::about(found);
    match (found.is_given_back, address) {
        (true, _) if (found.start..end).contains(&address) => {
            line.text(", was used after it had been disposed, at byte ").number((address - found.start) as u64);
        }
        (true, _) => {
            line.text(", was used after it had been disposed, outside of its bytes");
        }
        (false, _) if address < found.start => {
            line.text(", was used ").number((found.start - address) as u64).text(" bytes before its start");
        }
        (false, _) => {
            line.text(", was used ").number((address - end) as u64 + 1).text(" bytes past its end");
        }
    }
    line.text(".\n").write();
    tell_places(found);
}

/// Ends the process: bytes around the block have been overwritten, the first of them `distance` from its start.
pub fn end_for_damage(entry: &Entry, distance: isize) -> ! {
    if let Some(found) = entry.read() {
        let mut line = Line::about(&found);
        if distance < 0 {
            line.text(", was written to ").number(distance.unsigned_abs() as u64).text(" bytes before its start");
        } else {
            let past = distance as u64 - found.len as u64 + 1;
            line.text(", was written to ").number(past).text(" bytes past its end");
        }
        line.text(". This was seen as it was disposed.\n").write();
        tell_places(&found);
    }
    std::process::abort()
}

fn tell_places(found: &Found) {
    if found.made.is_none() && found.disposed.is_none() {
        write_error(b"smalloc: SMALLOC_TRACE=1 shows where it was made and disposed.\n");
        return;
    }
    for (head, place) in [("smalloc: It was made\n", found.made), ("smalloc: It was disposed\n", found.disposed)] {
        if let Some(Text(lines)) = place {
            write_error(head.as_bytes());
            write_error(lines);
            write_error(b"\n");
        }
    }
}

/// Says, once, that an allocation is not guarded.
pub fn tell_once_unguarded() {
    static IS_TOLD: AtomicBool = AtomicBool::new(false);
    if !IS_TOLD.swap(true, Relaxed) {
        write_error(b"smalloc: SMALLOC_GUARD=1 has no room for all allocations: some are not guarded.\n");
    }
}

/// A line in the making; what does not fit is left out.
struct Line {
    bytes: [u8; 256],
    len: usize,
}

impl Line {
    fn about(found: &Found) -> Line {
        let mut line = Line { bytes: [0; 256], len: 0 };
        line.text("smalloc: Allocation ").number(found.number).text(", of ").number(found.len as u64).text(" bytes");
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
