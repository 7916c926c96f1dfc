'use strict'

// Where the bytes of an allocation live: in memory from the cache, in memory of the engine's, or in a block that Rust owns
// and lends.

const { allocUnsafeSlow } = require('node:buffer').Buffer
const { noMemory, untransferable } = require('../internal/errors')
const { bufferOf, byteLengthOf, byteLengthOfBuffer, set, transfer } = require('../internal/primordials')
const { kMaxLength } = require('../internal/types')
const { toCount } = require('../internal/validate')
const {
  adviseHuge, isGuarded, isTraced, lend, makeRoom, mayLend, mayReuse, needStack, purge, resetBudget, takeBack
} = require('../native/binding')
const { Adopted, Lent } = require('./brands')
const cache = require('./cache')
const { isLive } = require('./detached')
const foreign = require('./foreign')
const { onceATurn } = require('./turn')

/**
 * From this size on Rust lends the block, on the main thread. glibc gives each piece of 128 KiB or more a mapping of its own,
 * which goes back to the system when it is freed. But the first large free raises that limit. From then on malloc keeps such
 * pieces: after 1 GiB of them, with 15 in 16 disposed, all of it was still resident. Rust always returns it. With the guard,
 * Rust lends every block, to watch it.
 */
const CROSSOVER_BYTES = isGuarded ? 1 : 128 << 10

/** Up to this size V8 keeps elements in its heap, without an ArrayBuffer. The guard and the trace follow ArrayBuffers. */
const IN_HEAP_BYTES = isGuarded || isTraced ? 0 : 64

/** Whether disposed memory goes to the cache. Not on Node 20, which cannot move memory; not with the guard, which watches it. */
const isRecycled = transfer !== undefined && !isGuarded

/**
 * How much memory the engine may give before Rust looks again whether the system has more: an eighth of the room that Rust
 * demands, because several threads may take memory at the same time.
 */
const CHECK_ROOM_EVERY_BYTES = 16 << 20

/**
 * From this size on the pages of engine memory go back to the system before the engine's malloc gets them, which might keep
 * them. This takes 40 us a MiB. The first touch of fresh pages takes 100.
 */
const PURGE_BYTES = 1 << 20

/** From this size on glibc always gives the engine a mapping of its own. The advice for huge pages would split a shared one. */
const HUGE_BYTES = 32 << 20

const { ArrayBuffer, Uint8Array } = globalThis
const { floor, max } = Math

/**
 * An ArrayBuffer from the cache, with the bytes that its last allocation left there. Undefined if none of this length waits,
 * or if `length` is not a length.
 */
function cachedBackingStore (length, elementSize) {
  return typeof length === 'number' && length >>> 0 === length ? cache.take(length * elementSize) : undefined
}

/**
 * The argument for a typed array's constructor that makes `length` elements of `elementSize` bytes: an ArrayBuffer, or the
 * length itself if the elements fit into V8's heap.
 */
function backingStore (length, elementSize, zeroed) {
  if (typeof length === 'number' && length >= 0 && length * elementSize <= IN_HEAP_BYTES) return length
  const byteLength = toCount(length, 'length', floor(kMaxLength / elementSize)) * elementSize
  const arrayBuffer = fresh(byteLength, zeroed)
  if (arrayBuffer !== undefined) return arrayBuffer
  cache.clear() // the system may lack just what waits there
  return fresh(byteLength, zeroed) ?? outOfMemory(byteLength)
}

function outOfMemory (byteLength) {
  throw noMemory(byteLength)
}

/** Memory that is not from the cache; undefined if there is none. */
function fresh (byteLength, zeroed) {
  const block = byteLength >= CROSSOVER_BYTES && mayLend ? lendBlock(byteLength, zeroed) : null
  return block === null ? engineMemory(byteLength, zeroed) : block
}

/** A block of Rust's; null if the engine has to serve instead; undefined if there is no memory. */
function lendBlock (byteLength, zeroed) {
  resetBudgetNextTurn()
  const block = lend(byteLength, zeroed)
  if (block === false) return mayReuse(byteLength) ? null : undefined
  return block === null ? null : new Lent(asTheEngines(block))
}

/**
 * Moves a block from the external ArrayBuffer to one that the engine makes, in 0.2 us. Node can post the engine's to a worker.
 * And at the end of the process Node detaches external ArrayBuffers only; Node 24 aborts if such a one is marked as
 * untransferable.
 */
function asTheEngines (block) {
  return transfer === undefined ? block : transfer(block)
}

/** Renews the budget of Rust's loans in the next turn of the event loop: see src/budget.rs. */
const resetBudgetNextTurn = onceATurn(resetBudget)

/** What the engine has given since Rust last saw that the system has more. */
let uncheckedBytes = 0

/**
 * An ArrayBuffer with memory of the engine's; undefined if there is none. If the system has no room, only as much is allocated
 * as the engine has freed before. For more, V8 would collect garbage, and end the process if it has no memory for that.
 */
function engineMemory (byteLength, zeroed) {
  uncheckedBytes += byteLength
  if (uncheckedBytes >= CHECK_ROOM_EVERY_BYTES) {
    if (makeRoom(max(byteLength, CHECK_ROOM_EVERY_BYTES))) uncheckedBytes = 0
    else if (!mayReuse(byteLength)) return undefined
  }
  try {
    const arrayBuffer = zeroed ? new ArrayBuffer(byteLength) : bufferOf(allocUnsafeSlow(byteLength))
    if (byteLength >= HUGE_BYTES) adviseHuge(arrayBuffer)
    return arrayBuffer
  } catch (error) {
    needStack() // which throws the engine's error, if a lack of stack was the reason
    return undefined
  }
}

/**
 * Takes the memory behind `view` away from all its views, in this call. The memory goes to the cache if that has room, and is
 * freed otherwise. Does nothing if the view is detached already. `knownBuffer` is the ArrayBuffer of the view, if the caller
 * knows it.
 */
function freeBackingStore (view, knownBuffer) {
  if (!isLive(view)) return
  const arrayBuffer = knownBuffer ?? bufferOf(view)
  if (anyAdopted && Adopted.is(arrayBuffer)) return freeAdopted(arrayBuffer)
  const byteLength = byteLengthOf(view)
  const isLent = byteLength >= CROSSOVER_BYTES && Lent.is(arrayBuffer)
  if (!isRecycled) return freeAtOnce(arrayBuffer, byteLength, isLent)
  if (isLent) needStack() // once the memory has moved nothing may fail, and `new Lent` needs stack
  if (byteLength > 0 && cache.hasRoom(byteLength, isLent)) {
    cache.expectPut(byteLength)
    const moved = move(arrayBuffer, isLent)
    try {
      cache.put(moved, byteLength, isLent)
    } catch (error) {
      // The stack is full. The memory has moved, so an error would be wrong: the collector frees it, and the next tick counts anew.
    }
  } else free(arrayBuffer, isLent)
}

function freeAdopted (arrayBuffer) {
  if (!foreign.tryFree(arrayBuffer)) throw untransferable()
}

/** Frees memory at once: on Node 20, which detaches even what is marked as untransferable, and with the guard. */
function freeAtOnce (arrayBuffer, byteLength, isLent) {
  if (foreign.isMarked(arrayBuffer)) throw untransferable() // a native detach would end the process on Node 24
  if (!isLent && byteLength >= PURGE_BYTES) return freeLarge(arrayBuffer)
  if (!takeBack(arrayBuffer)) throw untransferable()
}

/** Frees large engine memory. Its pages are purged only once it has moved: asm.js may hold it, and then its bytes must stay. */
function freeLarge (arrayBuffer) {
  needStack() // once the memory has moved nothing may fail
  const moved = foreign.tryMove(arrayBuffer)
  if (moved !== undefined) purge(moved)
  if (!takeBack(moved ?? arrayBuffer)) throw untransferable()
}

/** Moves the memory to a fresh ArrayBuffer. Throws, and nothing has moved, if it is marked as untransferable (not on Node 22). */
function move (arrayBuffer, isLent) {
  let moved
  try {
    moved = transfer(arrayBuffer)
  } catch (error) {
    needStack() // which throws the engine's error, if a lack of stack was the reason
    throw untransferable()
  }
  return isLent ? new Lent(moved) : moved
}

/** Gives memory back. The pages of large engine memory go to the system first: the engine's malloc might keep them. */
function free (arrayBuffer, isLent) {
  const moved = move(arrayBuffer, isLent)
  if (isLent) return takeBack(moved)
  if (byteLengthOfBuffer(moved) >= PURGE_BYTES) purge(moved)
  transfer(moved, 0)
}

cache.onIdle(free)

/**
 * Takes the memory behind `view` away from all its views, and returns it as an ArrayBuffer of exactly its bytes. That one has
 * no brand of ours: the collector frees it. Throws, and nothing has happened, if the memory cannot be detached.
 */
function releaseBackingStore (view, knownBuffer) {
  const arrayBuffer = knownBuffer ?? bufferOf(view)
  if (transfer === undefined && Lent.is(arrayBuffer)) return copyOff(view)
  const moved = foreign.tryMove(arrayBuffer)
  if (moved === undefined) throw untransferable()
  return moved
}

/** Copies, because Node 20 cannot move an external ArrayBuffer. */
function copyOff (view) {
  const byteLength = byteLengthOf(view)
  const copy = engineMemory(byteLength, false) ?? outOfMemory(byteLength)
  set(new Uint8Array(copy), new Uint8Array(bufferOf(view)))
  freeBackingStore(view)
  return copy
}

/** Whether anything was ever adopted: a program that adopts nothing need not look for the brand. */
let anyAdopted = false

/**
 * Moves the memory of somebody else's ArrayBuffer to one that only the allocation has. Undefined, and nothing has happened, if
 * the memory cannot be detached.
 */
function adoptBackingStore (arrayBuffer) {
  const moved = foreign.tryMove(arrayBuffer)
  if (moved === undefined) return undefined
  anyAdopted = true
  return new Adopted(moved)
}

const functions = { adoptBackingStore, backingStore, freeBackingStore, releaseBackingStore, cachedBackingStore }
module.exports = isTraced ? require('./trace').traced(functions) : functions
