//! Pages without access, and the signal that a touch of one brings: Linux and macOS.

use std::cell::UnsafeCell;
use std::ffi::{c_int, c_void};
use std::mem::MaybeUninit;
use std::ptr::{self, NonNull};
use std::sync::Once;

use super::message::tell_fault;
use super::table::find;
use crate::library;

pub fn page_size() -> usize {
    // SAFETY: sysconf takes no pointer.
    let size = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
    usize::try_from(size).unwrap_or(64 << 10) // the largest that there are
}

/// Without access there is no memory behind it. Not MAP_NORESERVE: then the system would count nothing when `allow` asks for
/// memory, and give a TiB to whoever asks.
const NO_MEMORY_BEHIND: c_int = libc::MAP_PRIVATE | libc::MAP_ANON;

/// Addresses for `len` bytes, without access.
pub fn reserve(len: usize) -> Option<NonNull<u8>> {
    // SAFETY: a new mapping, at addresses that nobody has.
    let start = unsafe { libc::mmap(ptr::null_mut(), len, libc::PROT_NONE, NO_MEMORY_BEHIND, -1, 0) };
    if start == libc::MAP_FAILED {
        return None;
    }
    NonNull::new(start.cast())
}

/// Lets these pages be read and written. They hold zeros.
///
/// # Safety
/// They must be whole pages of what `reserve` has returned.
pub unsafe fn allow(start: NonNull<u8>, len: usize) -> bool {
    // SAFETY: the pages are the caller's.
    unsafe { libc::mprotect(start.as_ptr().cast(), len, libc::PROT_READ | libc::PROT_WRITE) == 0 }
}

/// Gives the memory of these pages back and keeps their addresses, without access: in one step, so that no thread that still
/// writes finds other memory there.
///
/// # Safety
/// They must be whole pages of what `reserve` has returned, and their bytes nobody's.
pub unsafe fn forbid(start: NonNull<u8>, len: usize) -> bool {
    let address = start.as_ptr().cast();
    // SAFETY: it replaces pages that are the caller's.
    unsafe { libc::mmap(address, len, libc::PROT_NONE, NO_MEMORY_BEHIND | libc::MAP_FIXED, -1, 0) == address }
}

/// # Safety
/// They must be all pages of what `reserve` has returned, and their bytes nobody's.
pub unsafe fn unmap(start: NonNull<u8>, len: usize) {
    // SAFETY: the pages are the caller's. Where it fails their addresses stay taken, which does no harm.
    unsafe { libc::munmap(start.as_ptr().cast(), len) };
}

/// Writes to standard error, as much of it as that takes.
pub fn write_error(bytes: &[u8]) {
    let mut rest = bytes;
    while !rest.is_empty() {
        // SAFETY: `rest` is valid for reads of its length.
        let written = unsafe { libc::write(libc::STDERR_FILENO, rest.as_ptr().cast(), rest.len()) };
        match usize::try_from(written) {
            Ok(written) if written > 0 => rest = &rest[written..],
            _ => return,
        }
    }
}

/// Linux sends SIGSEGV, macOS SIGBUS.
const SIGNALS: [c_int; 2] = [libc::SIGSEGV, libc::SIGBUS];

/// Those who had the signals before: V8, for WebAssembly, and whoever else.
struct Earlier(UnsafeCell<[MaybeUninit<libc::sigaction>; 2]>);

// SAFETY: written once, before the handler that reads it is there.
unsafe impl Sync for Earlier {}

static EARLIER: Earlier = Earlier(UnsafeCell::new([const { MaybeUninit::zeroed() }; 2]));

/// From now on a fault in the pages of a guarded block is told before the process ends. Not where this library might be
/// unloaded, and the handler with it.
pub fn watch_faults() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        if !library::keep_loaded() {
            return;
        }
        for (index, signal) in SIGNALS.into_iter().enumerate() {
            let handler: extern "C" fn(c_int, *mut libc::siginfo_t, *mut c_void) = on_fault;
            // SAFETY: zeros are a valid sigaction; `EARLIER` is written here alone, before the handler of this signal is there.
            unsafe {
                let mut action: libc::sigaction = MaybeUninit::zeroed().assume_init();
                action.sa_sigaction = handler as usize;
                action.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK;
                libc::sigemptyset(&mut action.sa_mask);
                let earlier = (*EARLIER.0.get())[index].as_mut_ptr();
                libc::sigaction(signal, ptr::null(), earlier);
                libc::sigaction(signal, &action, ptr::null_mut());
            }
        }
    });
}

/// Says which block it was, if one; then has the earlier handler do what it does, which mostly ends the process.
extern "C" fn on_fault(signal: c_int, info: *mut libc::siginfo_t, context: *mut c_void) {
    // SAFETY: the system passes the signal's information, which has an address for these signals.
    let address = unsafe { (*info).si_addr() } as usize;
    if let Some(found) = find(address) {
        tell_fault(&found, address);
    }
    let index = usize::from(signal == SIGNALS[1]);
    // SAFETY: `watch_faults` has written it before this handler was there. Zeros would be the default.
    let earlier = unsafe { (*EARLIER.0.get())[index].assume_init_ref() };
    if earlier.sa_sigaction == libc::SIG_DFL || earlier.sa_sigaction == libc::SIG_IGN {
        // SAFETY: the default of this signal; once this handler returns the fault occurs again, and ends the process.
        unsafe { libc::signal(signal, libc::SIG_DFL) };
    } else if earlier.sa_flags & libc::SA_SIGINFO != 0 {
        type Handler = extern "C" fn(c_int, *mut libc::siginfo_t, *mut c_void);
        // SAFETY: with this flag it is such a function.
        unsafe { std::mem::transmute::<usize, Handler>(earlier.sa_sigaction)(signal, info, context) };
    } else {
        // SAFETY: without that flag it is such a function.
        unsafe { std::mem::transmute::<usize, extern "C" fn(c_int)>(earlier.sa_sigaction)(signal) };
    }
}
