//! The native half of smalloc: memory outside the engine's heap, lent to JavaScript as ArrayBuffers.
//!
//! This file lists every function that JavaScript may call. `lib/native/binding.js` is the only importer. Each function
//! reads its arguments, calls one of the other modules and converts the result. The parts are:
//!
//! - [`block`] owns the bytes of one allocation;
//! - [`memory`] maps memory and cuts it into the slots that blocks use;
//! - [`array_buffer`] lends a block to the engine and takes it back, within the limits of [`budget`]; [`loans`] lists the
//!   blocks that are lent;
//! - [`engine_memory`] decides whether the engine may allocate when the system has no room left;
//! - [`cached`] counts what waits in the caches of JavaScript;
//! - [`copy`] moves bytes;
//! - [`change`] counts the changes of objects that JavaScript has not finished;
//! - [`stack`] checks that enough of the stack is left;
//! - [`guard`] gives each block pages of its own, to find misuse;
//! - [`node_api`] contains every call of Node-API;
//! - [`thread`] starts the purge thread, and [`library`] keeps the code loaded for it and for signal handlers;
//! - [`sync`] has the locks, and those of loom in models.
//!
//! No function may panic: a panic cannot unwind into the engine, so it ends the process.

#![allow(rustdoc::private_intra_doc_links)] // the documentation is made with `--document-private-items`
#![deny(unsafe_op_in_unsafe_fn)]
#![deny(clippy::undocumented_unsafe_blocks)]

#[cfg(not(target_pointer_width = "64"))]
compile_error!("smalloc needs a 64-bit system");

mod array_buffer;
pub mod block;
mod budget;
mod cached;
mod change;
pub mod copy;
mod engine_memory;
pub mod guard;
mod library;
mod loans;
pub mod memory;
mod node_api;
mod stack;
mod sync;
mod testing;
mod thread;

use array_buffer::Window;
use block::{Block, Fill};
use cached::Cached;
use guard::Event;
use napi_sys as sys;
use node_api::{call, Answer, Call, Export};

static FUNCTIONS: [Export; 19] = [
    Export { name: c"isGuardOn", callback: call::<0>, method: is_guard_on },
    Export { name: c"lend", callback: call::<2>, method: lend },
    Export { name: c"notePlace", callback: call::<3>, method: note_place },
    Export { name: c"makeRoom", callback: call::<1>, method: make_room },
    Export { name: c"mayReuse", callback: call::<1>, method: may_reuse },
    Export { name: c"takeBack", callback: call::<1>, method: take_back },
    Export { name: c"isDetached", callback: call::<1>, method: is_detached },
    Export { name: c"adviseHuge", callback: call::<1>, method: advise_huge },
    Export { name: c"purge", callback: call::<1>, method: purge },
    Export { name: c"copyBytes", callback: call::<5>, method: copy_bytes },
    Export { name: c"needStack", callback: call::<1>, method: need_stack },
    Export { name: c"runChange", callback: call::<1>, method: run_change },
    Export { name: c"changeDepth", callback: call::<0>, method: change_depth },
    Export { name: c"resetBudget", callback: call::<0>, method: reset_budget },
    Export { name: c"lentBlocks", callback: call::<0>, method: lent_blocks },
    Export { name: c"lentBytes", callback: call::<0>, method: lent_bytes },
    Export { name: c"addCached", callback: call::<3>, method: add_cached },
    Export { name: c"cachedBytes", callback: call::<0>, method: cached_bytes },
    Export { name: c"trim", callback: call::<0>, method: trim },
];

/// The entry point of the addon. Node calls it in each environment that loads the addon.
///
/// # Safety
/// `env` and `exports` must be those of the running callback.
#[no_mangle]
pub unsafe extern "C" fn napi_register_module_v1(env: sys::napi_env, exports: sys::napi_value) -> sys::napi_value {
    // SAFETY: the caller guarantees both.
    unsafe {
        node_api::find_node_api();
        if !library::keep_loaded() {
            node_api::throw(env, c"smalloc: the system does not keep the addon loaded");
            return exports;
        }
        node_api::define(env, exports, &FUNCTIONS);
        #[cfg(feature = "faults")]
        node_api::define(env, exports, &testing::faults::FUNCTIONS);
        #[cfg(feature = "flaws")]
        node_api::define(env, exports, &testing::flaws::FUNCTIONS);
    }
    exports
}

/// `isGuardOn()`: whether the environment has `SMALLOC_GUARD=1`.
fn is_guard_on(_: &Call) -> Option<Answer<'_>> {
    Some(Answer::Boolean(guard::is_on()))
}

/// `lend(byteLength, zeroed)` lends a block to the engine and returns its external ArrayBuffer.
///
/// Returns null if the caller has to use engine memory instead: the budget of the turn is spent, or the runtime forbids
/// external ArrayBuffers. Returns false if there is no memory.
fn lend(call: &Call) -> Option<Answer<'_>> {
    let (byte_length, zeroed) = (call.number(0)? as usize, call.boolean(1)?);
    if guard::is_on() {
        return Some(lend_guarded(call, byte_length));
    }
    if array_buffer::is_external_forbidden() || !budget::allows(byte_length) {
        return Some(Answer::Null);
    }
    let fill = if zeroed { Fill::Zeroed } else { Fill::Raw };
    Some(match Block::new(byte_length, fill) {
        Some(block) => array_buffer::lend(call, block).map_or(Answer::Null, Answer::Value),
        None => Answer::Boolean(false),
    })
}

/// Does the work of `lend` if the guard is on. Returns null, not false, if the guard has no room: the caller then uses
/// engine memory, which is not guarded.
fn lend_guarded<'call>(call: &'call Call, byte_length: usize) -> Answer<'call> {
    let may_lend = !array_buffer::is_external_forbidden() && budget::allows(byte_length);
    let block = if may_lend { Block::guarded(byte_length) } else { None };
    let lent = block.and_then(|block| array_buffer::lend(call, block));
    lent.map_or_else(
        || {
            guard::warn_once_unguarded();
            Answer::Null
        },
        Answer::Value,
    )
}

/// `notePlace(arrayBuffer, isDisposed, place)` notes where the guarded block in an ArrayBuffer was made, or where it is
/// being disposed. A message about misuse prints the place. Other memory is ignored.
fn note_place(call: &Call) -> Option<Answer<'_>> {
    let (is_disposed, place) = (call.boolean(1)?, call.text(2)?);
    let event = if is_disposed { Event::Disposed } else { Event::Made };
    array_buffer::note_place(call.argument(0), event, &place);
    Some(Answer::Undefined)
}

/// `makeRoom(byteLength)`: whether the system has so many bytes for the engine, and the headroom that the engine needs to
/// collect garbage. If not, it first purges all dirty slots.
fn make_room(call: &Call) -> Option<Answer<'_>> {
    let byte_length = call.number(0)? as usize;
    engine_memory::note_held(call.held_outside_heap());
    Some(Answer::Boolean(memory::make_room(byte_length)))
}

/// `mayReuse(byteLength)`: whether the engine may allocate so many bytes although `makeRoom` has returned false. It may
/// if it has freed at least as many bytes before, because its malloc has probably kept them.
fn may_reuse(call: &Call) -> Option<Answer<'_>> {
    let (byte_length, held_bytes) = (call.number(0)? as usize, call.held_outside_heap());
    engine_memory::note_held(held_bytes);
    Some(Answer::Boolean(engine_memory::may_reuse(byte_length, held_bytes)))
}

/// `takeBack(arrayBuffer)` detaches an ArrayBuffer. All its views then have length 0. If it holds a block, the block is freed.
///
/// Returns false, and changes nothing, if it cannot be detached.
fn take_back(call: &Call) -> Option<Answer<'_>> {
    array_buffer::take_back(call.argument(0)).map(Answer::Boolean)
}

/// `adviseHuge(arrayBuffer)` asks the system to use huge pages within an ArrayBuffer. Returns whether the system agrees.
/// Does nothing, and returns false, if the argument is not an ArrayBuffer or is detached.
///
/// The advice splits a mapping: each call may cost the process two more mappings.
fn advise_huge(call: &Call) -> Option<Answer<'_>> {
    Some(Answer::Boolean(array_buffer::advise_huge(call.argument(0))))
}

/// `isDetached(arrayBuffer)`: whether the argument is an ArrayBuffer that has lost its memory. For Node 20, where JavaScript
/// can ask only by a call that throws.
fn is_detached(call: &Call) -> Option<Answer<'_>> {
    Some(Answer::Boolean(call.argument(0).is_detached()))
}

/// `purge(arrayBuffer)` returns the whole pages within an ArrayBuffer to the system. Their bytes then read as 0.
///
/// Returns false if that fails; then some of the bytes may be 0. Does nothing, and returns false, if the argument is not
/// an ArrayBuffer or is detached.
fn purge(call: &Call) -> Option<Answer<'_>> {
    Some(Answer::Boolean(array_buffer::purge(call.argument(0))))
}

/// `copyBytes(source, sourceStart, dest, destStart, byteLength)` copies between two ArrayBuffers. All numbers are in
/// bytes. The two windows may overlap. Returns false, and copies nothing, if a window does not fit its ArrayBuffer.
fn copy_bytes(call: &Call) -> Option<Answer<'_>> {
    let (source_start, dest_start, len) =
        (call.number(1)? as usize, call.number(3)? as usize, call.number(4)? as usize);
    let from = Window { array_buffer: call.argument(0), start: source_start, len };
    let to = Window { array_buffer: call.argument(2), start: dest_start, len };
    Some(Answer::Boolean(array_buffer::copy_between(from, to)))
}

/// `needStack(noop)` throws the engine's RangeError if less than 48 KiB of the stack are left. `noop` is a function that
/// does nothing.
fn need_stack(call: &Call) -> Option<Answer<'_>> {
    stack::need(call, call.argument(0));
    Some(Answer::Undefined)
}

/// `runChange(change)` calls the function `change`, and throws what it throws. The argument of `change` is the number of
/// calls of `runChange` that have not returned yet, this one included.
fn run_change(call: &Call) -> Option<Answer<'_>> {
    change::run(call, call.argument(0));
    Some(Answer::Undefined)
}

/// `changeDepth()`: the number of calls of `runChange` that have not returned yet.
fn change_depth(_: &Call) -> Option<Answer<'_>> {
    Some(Answer::Number(f64::from(change::depth())))
}

/// `resetBudget()` starts a new budget. JavaScript calls it once in each turn of the event loop, when finalizers have had
/// their chance to run.
fn reset_budget(_: &Call) -> Option<Answer<'_>> {
    budget::reset();
    Some(Answer::Undefined)
}

/// `lentBlocks()`: the number of blocks that allocations hold, on all threads of the process. Blocks in a cache do not
/// count. What other threads have not told yet may make the difference negative: then it is 0.
fn lent_blocks(_: &Call) -> Option<Answer<'_>> {
    Some(Answer::Number((block::live_blocks() as i64 - cached::total().lent_blocks).max(0) as f64))
}

/// `lentBytes()`: the bytes of the blocks that `lentBlocks` counts.
fn lent_bytes(_: &Call) -> Option<Answer<'_>> {
    Some(Answer::Number((block::live_bytes() as i64 - cached::total().lent_bytes).max(0) as f64))
}

/// `addCached(bytes, lentBlocks, lentBytes)` adds these numbers to the sums of what is in the caches. A number is negative
/// if the cache of this thread has become smaller. Returns the bytes in the caches of all threads.
fn add_cached(call: &Call) -> Option<Answer<'_>> {
    let (bytes, lent_blocks, lent_bytes) = (call.number(0)? as i64, call.number(1)? as i64, call.number(2)? as i64);
    cached::add(Cached { bytes, lent_blocks, lent_bytes });
    Some(Answer::Number(cached::total().bytes as f64))
}

/// `cachedBytes()`: the bytes that wait for the next allocation, in the caches of all threads and in dirty slots.
fn cached_bytes(_: &Call) -> Option<Answer<'_>> {
    Some(Answer::Number(memory::dirty_bytes() as f64 + cached::total().bytes as f64))
}

/// `trim()` returns the memory of all dirty slots to the system.
fn trim(_: &Call) -> Option<Answer<'_>> {
    memory::purge_all();
    Some(Answer::Undefined)
}
