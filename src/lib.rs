//! smalloc owns raw memory on behalf of JavaScript objects.
//!
//! This file is everything JavaScript may call; `lib/native/binding.js` is its only caller. Bytes are held by [`block`],
//! in slots of [`memory`], lent to the engine by [`array_buffer`] within the limits of [`budget`], and moved by [`copy`].
//! All Node-API calls are in [`node_api`].

#![deny(unsafe_op_in_unsafe_fn)]
#![deny(clippy::undocumented_unsafe_blocks)]

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
#[cfg_attr(test, allow(dead_code))] // in test builds napi-derive registers nothing
mod node_api;
mod stack;
mod sync;
mod testing;
mod thread;

use array_buffer::{Freed, Window};
use block::{Block, Fill};
use cached::Waiting;
use guard::Event;
use napi::bindgen_prelude::Object;
use napi_derive::napi;
use node_api::{call, Answer, Call, Export};

static FUNCTIONS: [Export; 18] = [
    Export { name: c"guardIsOn", callback: call::<0>, method: is_guarded },
    Export { name: c"lend", callback: call::<2>, method: lend },
    Export { name: c"notePlace", callback: call::<3>, method: note_place },
    Export { name: c"hasRoom", callback: call::<1>, method: has_room },
    Export { name: c"mayReuse", callback: call::<1>, method: may_reuse },
    Export { name: c"takeBack", callback: call::<1>, method: take_back },
    Export { name: c"adviseHuge", callback: call::<1>, method: advise_huge },
    Export { name: c"purge", callback: call::<1>, method: purge },
    Export { name: c"copyBytes", callback: call::<5>, method: copy_bytes },
    Export { name: c"needStack", callback: call::<1>, method: need_stack },
    Export { name: c"runChange", callback: call::<1>, method: run_change },
    Export { name: c"depthOfChange", callback: call::<0>, method: depth_of_change },
    Export { name: c"turned", callback: call::<0>, method: turned },
    Export { name: c"lentBlocks", callback: call::<0>, method: lent_blocks },
    Export { name: c"lentBytes", callback: call::<0>, method: lent_bytes },
    Export { name: c"tellCached", callback: call::<3>, method: tell_cached },
    Export { name: c"cachedBytes", callback: call::<0>, method: cached_bytes },
    Export { name: c"trim", callback: call::<0>, method: trim },
];

#[napi(module_exports)]
pub fn define_functions(exports: Object) -> napi::Result<()> {
    node_api::define(&exports, &FUNCTIONS)?;
    #[cfg(feature = "faults")]
    node_api::define(&exports, &testing::faults::FUNCTIONS)?;
    Ok(())
}

/// `guardIsOn()`: whether `SMALLOC_GUARD=1` is in force.
fn is_guarded(_: &Call) -> Option<Answer<'_>> {
    Some(Answer::Boolean(guard::is_on()))
}

/// `lend(byteLength, zeroed)` lends a block to the engine and returns its external ArrayBuffer.
///
/// Returns null where the engine has to serve the request itself, because the turn's budget is spent or the runtime
/// forbids external ArrayBuffers; and false where there is no memory.
fn lend(call: &Call) -> Option<Answer<'_>> {
    let (byte_length, zeroed) = (call.number(0)? as usize, call.boolean(1)?);
    if guard::is_on() {
        return Some(lend_guarded(call, byte_length));
    }
    if array_buffer::is_forbidden() || !budget::allows(byte_length) {
        return Some(Answer::Null);
    }
    let fill = if zeroed { Fill::Zeroed } else { Fill::Raw };
    Some(match Block::new(byte_length, fill) {
        Some(block) => array_buffer::lend(call, block).map_or(Answer::Null, Answer::Value),
        None => Answer::Boolean(false),
    })
}

/// On every thread. Null, too, where the guard has no room.
fn lend_guarded<'call>(call: &'call Call, byte_length: usize) -> Answer<'call> {
    let may_lend = !array_buffer::is_forbidden() && budget::allows_guarded(byte_length);
    let block = if may_lend { Block::guarded(byte_length) } else { None };
    let lent = block.and_then(|block| array_buffer::lend(call, block));
    lent.map_or_else(
        || {
            guard::tell_once_unguarded();
            Answer::Null
        },
        Answer::Value,
    )
}

/// `notePlace(arrayBuffer, isDisposed, place)`: says where the guarded block in an ArrayBuffer was made or is being disposed,
/// for a message. Does nothing to any other memory.
fn note_place(call: &Call) -> Option<Answer<'_>> {
    let (is_disposed, place) = (call.boolean(1)?, call.text(2)?);
    let event = if is_disposed { Event::Disposed } else { Event::Made };
    array_buffer::note(call.argument(0), event, &place);
    Some(Answer::Null)
}

/// `hasRoom(byteLength)`: whether the engine may take so many bytes of its own and still has what it needs to collect
/// garbage.
fn has_room(call: &Call) -> Option<Answer<'_>> {
    let byte_length = call.number(0)? as usize;
    engine_memory::seen(call.held_outside_heap());
    Some(Answer::Boolean(memory::has_room(byte_length)))
}

/// `mayReuse(byteLength)`: whether the engine, without room, may all the same be asked for so many bytes: it has let go of as
/// many before, which its malloc has kept.
fn may_reuse(call: &Call) -> Option<Answer<'_>> {
    Some(Answer::Boolean(engine_memory::may_reuse(call.number(0)? as usize, call.held_outside_heap())))
}

/// `takeBack(view)` detaches the ArrayBuffer behind a typed array, so that all its views have length 0, and takes back the
/// block in it. Returns true where there was one, false where the memory was the engine's, and null where it cannot be
/// detached: then nothing has happened.
fn take_back(call: &Call) -> Option<Answer<'_>> {
    Some(match array_buffer::take_back(call.argument(0))? {
        Freed::Ours => Answer::Boolean(true),
        Freed::Engines => Answer::Boolean(false),
        Freed::Nothing => Answer::Null,
    })
}

/// `adviseHuge(arrayBuffer)` asks for huge pages for those that lie within an ArrayBuffer. Returns whether there may be some;
/// does nothing to what is no ArrayBuffer, or detached. It splits the mapping: each costs the process up to two more.
fn advise_huge(call: &Call) -> Option<Answer<'_>> {
    Some(Answer::Boolean(array_buffer::advise_huge(call.argument(0))))
}

/// `purge(arrayBuffer)` gives the whole pages within an ArrayBuffer back to the system, which read as zeros from then on.
/// Returns false where it cannot: then some may be zeros. Does nothing to what is no ArrayBuffer, or detached.
fn purge(call: &Call) -> Option<Answer<'_>> {
    Some(Answer::Boolean(array_buffer::purge(call.argument(0))))
}

/// `copyBytes(source, sourceStart, dest, destStart, byteLength)` copies between two ArrayBuffers, all in bytes; overlap is
/// handled as memmove does. Returns false, and copies nothing, where they do not fit.
fn copy_bytes(call: &Call) -> Option<Answer<'_>> {
    let (source_start, dest_start, len) =
        (call.number(1)? as usize, call.number(3)? as usize, call.number(4)? as usize);
    let from = Window { array_buffer: call.argument(0), start: source_start, len };
    let to = Window { array_buffer: call.argument(2), start: dest_start, len };
    Some(Answer::Boolean(array_buffer::copy_between(from, to)))
}

/// `needStack(nothing)` throws the engine's RangeError where there are no 48 KiB of stack left; `nothing` is a function that
/// does nothing.
fn need_stack(call: &Call) -> Option<Answer<'_>> {
    stack::is_left(call, call.argument(0));
    Some(Answer::Null)
}

/// `runChange(change)` calls the function with the number of calls of `runChange` that have not returned, this one
/// included. What it throws is thrown.
fn run_change(call: &Call) -> Option<Answer<'_>> {
    change::run(call, call.argument(0));
    Some(Answer::Null)
}

/// `depthOfChange()`: how many calls of `runChange` have not returned.
fn depth_of_change(_: &Call) -> Option<Answer<'_>> {
    Some(Answer::Number(f64::from(change::depth())))
}

/// `turned()`: the event loop has turned. Finalizers have had their chance to run, and the budget starts afresh.
fn turned(_: &Call) -> Option<Answer<'_>> {
    budget::reset();
    Some(Answer::Null)
}

/// `lentBlocks()`: blocks that allocations have in this process, on all threads. Those that wait in a cache do not count.
fn lent_blocks(_: &Call) -> Option<Answer<'_>> {
    Some(Answer::Number((block::lent_blocks() as i64 - cached::all().lent_blocks) as f64))
}

/// `lentBytes()`: the bytes of these blocks.
fn lent_bytes(_: &Call) -> Option<Answer<'_>> {
    Some(Answer::Number((block::lent_bytes() as i64 - cached::all().lent_bytes) as f64))
}

/// `tellCached(bytes, lentBlocks, lentBytes)`: what waits in this thread's cache has grown by so much. Returns the bytes
/// that wait in those of all threads.
fn tell_cached(call: &Call) -> Option<Answer<'_>> {
    let (bytes, lent_blocks, lent_bytes) = (call.number(0)? as i64, call.number(1)? as i64, call.number(2)? as i64);
    cached::tell(Waiting { bytes, lent_blocks, lent_bytes });
    Some(Answer::Number(cached::all().bytes as f64))
}

/// `cachedBytes()`: what waits for the next allocation, in the caches of all threads and in slots.
fn cached_bytes(_: &Call) -> Option<Answer<'_>> {
    Some(Answer::Number(memory::dirty_bytes() as f64 + cached::all().bytes as f64))
}

/// `trim()` gives what waits in slots back to the system.
fn trim(_: &Call) -> Option<Answer<'_>> {
    memory::purge_all();
    Some(Answer::Null)
}
