//! Linux and macOS: pages without access, and the handler of the signal that a touch of such a page causes.

use std::cell::UnsafeCell;
use std::ffi::{c_int, c_void};
use std::mem::MaybeUninit;
use std::ptr::{self, NonNull};
use std::sync::Once;

use super::message::report_fault;
use super::table::find;

/// The flags of a mapping without access, which costs no memory. MAP_NORESERVE is not among them: with it, the system would not
/// count the memory that `allow_access` asks for, and would grant even a TiB.
const MAP_FLAGS: c_int = libc::MAP_PRIVATE | libc::MAP_ANON;

/// Maps `len` bytes without access.
pub fn reserve(len: usize) -> Option<NonNull<u8>> {
    // SAFETY: with a null address and without MAP_FIXED, the system chooses addresses that nobody uses.
    let start = unsafe { libc::mmap(ptr::null_mut(), len, libc::PROT_NONE, MAP_FLAGS, -1, 0) };
    if start == libc::MAP_FAILED {
        return None;
    }
    NonNull::new(start.cast())
}

/// Allows reads and writes of these pages. Their bytes are 0.
///
/// # Safety
/// They must be whole pages of what `reserve` has returned.
pub unsafe fn allow_access(start: NonNull<u8>, len: usize) -> bool {
    // SAFETY: the caller guarantees that the pages are its own.
    unsafe { libc::mprotect(start.as_ptr().cast(), len, libc::PROT_READ | libc::PROT_WRITE) == 0 }
}

/// Returns the memory of these pages to the system, and keeps their addresses, without access. It does so in one step. So a
/// thread that still writes there never writes to other memory.
///
/// # Safety
/// They must be whole pages of what `reserve` has returned. Nobody may need their bytes.
pub unsafe fn forbid_access(start: NonNull<u8>, len: usize) -> bool {
    let address = start.as_ptr().cast();
    // SAFETY: MAP_FIXED replaces only these pages. The caller guarantees that they are its own.
    unsafe { libc::mmap(address, len, libc::PROT_NONE, MAP_FLAGS | libc::MAP_FIXED, -1, 0) == address }
}

/// Unmaps these pages. If the system refuses, their addresses stay taken, which does no harm.
///
/// # Safety
/// They must be all pages of what `reserve` has returned. Nobody may use them any more.
pub unsafe fn unmap(start: NonNull<u8>, len: usize) {
    // SAFETY: the caller guarantees that the pages are its own and not in use.
    unsafe { libc::munmap(start.as_ptr().cast(), len) };
}

/// Writes to standard error. Stops if that accepts no more.
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

/// The signals of a page without access: SIGSEGV on Linux, SIGBUS on macOS.
const SIGNALS: [c_int; 2] = [libc::SIGSEGV, libc::SIGBUS];

/// The handlers that the signals had before, in the order of `SIGNALS`. V8 has one, for WebAssembly.
struct EarlierHandlers(UnsafeCell<[MaybeUninit<libc::sigaction>; 2]>);

// SAFETY: `watch_faults` writes each element once, before it installs the handler of that signal. Only that handler reads the
// element.
unsafe impl Sync for EarlierHandlers {}

static EARLIER_HANDLERS: EarlierHandlers = EarlierHandlers(UnsafeCell::new([const { MaybeUninit::zeroed() }; 2]));

/// Installs the signal handlers, the first time. From then on a fault in the pages of a guarded block is reported.
pub fn watch_faults() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        for (index, signal) in SIGNALS.into_iter().enumerate() {
            let handler: extern "C" fn(c_int, *mut libc::siginfo_t, *mut c_void) = on_fault;
            // SAFETY: zeros are a valid sigaction. All pointers are valid during the calls. `Once` makes this the only writer
            // of `EARLIER_HANDLERS`, and the handler that reads this element is installed only by the last call.
            unsafe {
                let mut action: libc::sigaction = MaybeUninit::zeroed().assume_init();
                action.sa_sigaction = handler as usize;
                action.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK;
                libc::sigemptyset(&mut action.sa_mask);
                let earlier = (*EARLIER_HANDLERS.0.get())[index].as_mut_ptr();
                libc::sigaction(signal, ptr::null(), earlier);
                libc::sigaction(signal, &action, ptr::null_mut());
            }
        }
    });
}

/// The address that the thread has touched. `None` if a process has sent the signal, as with kill: Linux then has the number of
/// that process in the place of the address.
fn address_of_fault(info: &libc::siginfo_t) -> Option<usize> {
    // The code of a signal that was sent is 0 or less on Linux, and 0x10001 or more on macOS.
    // SAFETY: the callers pass a siginfo of SIGSEGV or SIGBUS, which has an address if it is for a fault.
    (1..=0xffff).contains(&info.si_code).then(|| unsafe { info.si_addr() } as usize)
}

/// Reports the block whose pages contain the address of the fault, if there is one. Then it calls the earlier handler, which
/// mostly ends the process.
extern "C" fn on_fault(signal: c_int, info: *mut libc::siginfo_t, context: *mut c_void) {
    // SAFETY: the handler has the flag SA_SIGINFO, so the system passes a valid `info`.
    let address = address_of_fault(unsafe { &*info });
    if let Some((block, address)) = address.and_then(|address| Some((find(address)?, address))) {
        report_fault(&block, address);
    }
    let index = usize::from(signal == SIGNALS[1]);
    // SAFETY: the element is initialized: it was zeros at first, and `watch_faults` has written it before it installed this
    // handler. Nobody writes it afterwards.
    let earlier = unsafe { (*EARLIER_HANDLERS.0.get())[index].assume_init_ref() };
    if earlier.sa_sigaction == libc::SIG_IGN && address.is_none() {
        return;
    }
    if earlier.sa_sigaction == libc::SIG_DFL || earlier.sa_sigaction == libc::SIG_IGN {
        // SAFETY: SIG_DFL is a valid handler. When this handler returns, the fault occurs again and ends the process. A signal
        // that was sent does not come again, so this sends it.
        unsafe {
            libc::signal(signal, libc::SIG_DFL);
            if address.is_none() {
                libc::raise(signal);
            }
        }
    } else if earlier.sa_flags & libc::SA_SIGINFO != 0 {
        type Handler = extern "C" fn(c_int, *mut libc::siginfo_t, *mut c_void);
        // SAFETY: it is neither SIG_DFL nor SIG_IGN, and with SA_SIGINFO a handler is a function of this type.
        unsafe { std::mem::transmute::<usize, Handler>(earlier.sa_sigaction)(signal, info, context) };
    } else {
        // SAFETY: it is neither SIG_DFL nor SIG_IGN, and without SA_SIGINFO a handler is a function of this type.
        unsafe { std::mem::transmute::<usize, extern "C" fn(c_int)>(earlier.sa_sigaction)(signal) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signal_that_a_process_has_sent_has_no_address() {
        // SAFETY: zeros are a valid siginfo.
        let mut info: libc::siginfo_t = unsafe { MaybeUninit::zeroed().assume_init() };
        for (code, address) in [(0, None), (-1, None), (-6, None), (0x10001, None), (1, Some(0)), (2, Some(0))] {
            info.si_code = code;
            assert_eq!(address_of_fault(&info), address, "{code}");
        }
    }
}
