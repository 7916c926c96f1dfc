'use strict'

// Where the bytes of an allocation live: in memory that waits for its next use, in the engine's own backing store, or in
// a block that Rust owns and lends.

const { allocUnsafeSlow } = require('node:buffer').Buffer
const {
  adviseHuge, isGuarded, isTraced, lend, makeRoom, mayLend, mayReuse, purge, resetBudget, takeBack
} = require('../native/binding')
const { Adopted, Lent } = require('./brands')
const cache = require('./cache')
const { noMemory, untransferable } = require('../internal/errors')
const foreign = require('./foreign')
const { bufferOf, byteLengthOf, byteLengthOfBuffer, set, transfer } = require('../internal/primordials')
const { kMaxLength } = require('../internal/types')
const { onceATurn } = require('../internal/turn')
const { needStack } = require('../native/stack')
const { toCount } = require('../internal/validate')
const { isLive } = require('../elements/view-of')

/**
 * From here on Rust lends the block, on the main thread: of 1 GiB in smaller ones, all but a sixteenth disposed, the
 * engine's malloc keeps everything resident. From 128 KiB on (its threshold for mmap, which rises with the first large
 * free) only Rust surely returns it. A guard has all blocks to watch.
 */
const CROSSOVER_BYTES = isGuarded ? 1 : 128 << 10

/** Up to here V8 keeps elements in its heap, and needs no ArrayBuffer. What is watched has one. */
const IN_HEAP_BYTES = isGuarded || isTraced ? 0 : 64

/** Whether memory that is disposed serves the next allocation. Node 20 moves none; a guard watches what is disposed. */
const isRecycled = transfer !== undefined && !isGuarded

/** An eighth of the headroom that Rust leaves, so that some threads may fill theirs at once. */
const SEE_EVERY_BYTES = 16 << 20

/**
 * From here on the pages of the engine's memory go to the system before its malloc has them, which may keep them. To purge
 * takes 40 us a MiB, and to touch the pages anew 100.
 */
const PURGE_BYTES = 1 << 20

/** From here on glibc always gives the engine a mapping of its own; the advice would split a smaller one's. */
const HUGE_BYTES = 32 << 20

const { ArrayBuffer, TypeError, Uint8Array } = globalThis
const { getPrototypeOf } = Object
const { floor, max } = Math

/**
 * An ArrayBuffer that held an allocation of the same length before, and still has what that has left; undefined where
 * none waits, and where the length is none.
 */
function usedBackingStore (length, elementSize) {
  return typeof length === 'number' && length >>> 0 === length ? cache.take(length * elementSize) : undefined
}

/**
 * What a typed array constructor needs for `length` elements of `elementSize` bytes: an ArrayBuffer, or the length
 * itself where the engine may as well make its own.
 */
function backingStore (length, elementSize, zeroed) {
  if (typeof length === 'number' && length >= 0 && length * elementSize <= IN_HEAP_BYTES) return length
  const byteLength = toCount(length, 'length', floor(kMaxLength / elementSize)) * elementSize
  const arrayBuffer = fresh(byteLength, zeroed)
  if (arrayBuffer !== undefined) return arrayBuffer
  cache.clear() // what waits there may be just what the system lacks
  return fresh(byteLength, zeroed) ?? outOfMemory(byteLength)
}

function outOfMemory (byteLength) {
  throw noMemory(byteLength)
}

/** Undefined where there is no memory. */
function fresh (byteLength, zeroed) {
  const block = byteLength >= CROSSOVER_BYTES && mayLend ? lendBlock(byteLength, zeroed) : null
  return block === null ? engineMemory(byteLength, zeroed) : block
}

/** An external ArrayBuffer; null where the engine has to serve; undefined where there is no memory. */
function lendBlock (byteLength, zeroed) {
  expectTurn()
  const block = lend(byteLength, zeroed)
  if (block === false) return mayReuse(byteLength) ? null : undefined
  return block === null ? null : new Lent(asTheEngines(block))
}

/**
 * Moves a block to an ArrayBuffer of the engine's making: Node posts that to a worker, and does not detach it as the process
 * ends, which aborts on Node 24 and later where it has been marked as untransferable. It takes 0.2 us.
 */
function asTheEngines (block) {
  return transfer === undefined ? block : transfer(block)
}

/** Has the budget start afresh with the next turn. */
const expectTurn = onceATurn(resetBudget)

/** In bytes: what the engine has given since it was last seen to have room. */
let unseen = 0

/**
 * An ArrayBuffer of the engine's; undefined where there is no memory. Without room it may have as much as it has let go
 * before; for more it is not asked: it would collect garbage first, and end the process where it lacks the memory for that.
 */
function engineMemory (byteLength, zeroed) {
  unseen += byteLength
  if (unseen >= SEE_EVERY_BYTES) {
    if (makeRoom(max(byteLength, SEE_EVERY_BYTES))) unseen = 0
    else if (!mayReuse(byteLength)) return undefined
  }
  try {
    const arrayBuffer = zeroed ? new ArrayBuffer(byteLength) : bufferOf(allocUnsafeSlow(byteLength))
    if (byteLength >= HUGE_BYTES) adviseHuge(arrayBuffer)
    return arrayBuffer
  } catch (error) {
    return undefined
  }
}

/**
 * Takes the memory behind `view` away from all its views, in this call. It waits for the next allocation of its length
 * where there is room; else it is freed. Nothing where it has gone already. `knownBuffer`: its ArrayBuffer, where known.
 */
function freeBackingStore (view, knownBuffer) {
  if (!isLive(view)) return
  const arrayBuffer = knownBuffer ?? bufferOf(view)
  if (anyAdopted && Adopted.is(arrayBuffer)) return freeAdopted(arrayBuffer)
  const byteLength = byteLengthOf(view)
  const isLent = byteLength >= CROSSOVER_BYTES && Lent.is(arrayBuffer)
  if (!isRecycled) return detach(view, arrayBuffer, isLent)
  if (isLent) needStack() // for its mark, once it has moved
  if (byteLength > 0 && cache.hasRoom(byteLength, isLent)) {
    cache.expectTick()
    cache.put(move(arrayBuffer, isLent), byteLength, isLent)
  } else free(arrayBuffer, isLent)
}

function freeAdopted (arrayBuffer) {
  if (!foreign.free(arrayBuffer)) throw untransferable()
}

/** What is done where no memory is recycled. */
function detach (view, arrayBuffer, isLent) {
  if (!isLent && byteLengthOf(view) >= PURGE_BYTES) purge(arrayBuffer)
  if (takeBack(view) === null) throw untransferable()
}

/** Moves the memory to a fresh ArrayBuffer. What is marked as untransferable stays where it is. */
function move (arrayBuffer, isLent) {
  let moved
  try {
    moved = transfer(arrayBuffer)
  } catch (error) {
    throw getPrototypeOf(error) === TypeError.prototype ? untransferable() : error // the other: the stack has ended
  }
  return isLent ? new Lent(moved) : moved
}

/** Gives the memory back. What is the engine's and large goes to the system first: its malloc may keep the addresses. */
function free (arrayBuffer, isLent) {
  const moved = move(arrayBuffer, isLent)
  if (isLent) return takeBack(new Uint8Array(moved))
  if (byteLengthOfBuffer(moved) >= PURGE_BYTES) purge(moved)
  transfer(moved, 0)
}

cache.onIdle(free)

/**
 * Takes the memory behind `view` away from all its views, and returns it as an ArrayBuffer of exactly its bytes, of which
 * this module knows nothing: whoever drops it frees it. Throws, and nothing has happened, where it cannot be detached.
 */
function releaseBackingStore (view, knownBuffer) {
  const arrayBuffer = knownBuffer ?? bufferOf(view)
  if (transfer === undefined && Lent.is(arrayBuffer)) return copyOff(view)
  const moved = foreign.move(arrayBuffer)
  if (moved === undefined) throw untransferable()
  return moved
}

/** Node 20 moves no external ArrayBuffer. */
function copyOff (view) {
  const copy = allocUnsafeSlow(byteLengthOf(view))
  set(copy, new Uint8Array(bufferOf(view)))
  freeBackingStore(view)
  return bufferOf(copy)
}

/** False until the first: those who adopt nothing need not ask. */
let anyAdopted = false

/**
 * Moves the memory of an ArrayBuffer that is somebody else's to one that nobody has. Undefined, and nothing has happened,
 * where it cannot be detached.
 */
function adoptBackingStore (arrayBuffer) {
  const moved = foreign.move(arrayBuffer)
  if (moved === undefined) return undefined
  anyAdopted = true
  return new Adopted(moved)
}

const functions = { adoptBackingStore, backingStore, freeBackingStore, releaseBackingStore, usedBackingStore }
module.exports = isTraced ? require('./trace').traced(functions) : functions
