'use strict'

// Where the bytes of an allocation live: in the engine's own backing store, or in a block that Rust owns and lends.

const { setImmediate } = require('node:timers') // the global may be a fake one, as test frameworks have
const { engineFreed, hasRoom, lend, mallocHasKept, mayLend, takeBack, turned } = require('./binding')
const { noMemory } = require('./errors')
const { byteLengthOf } = require('./intrinsics')
const { kMaxLength } = require('./types')
const { needStack } = require('./stack')
const { toCount } = require('./validate')

/**
 * In bytes; from here on Rust lends the block. Measured on Node 20 and 24 (EPYC, glibc 2.36):
 * - lend or make, fill and take back: 64 KiB take 1.3 us from the engine and 2.0 us from Rust, 128 KiB 2.1 and 2.6, 1 MiB 15.1
 *   from both (the least of 25 rounds, Node 20); at 64 MiB Rust is tenfold ahead.
 * - of 1 GiB in blocks of up to 64 KiB, all but a sixteenth disposed, the engine's malloc keeps everything resident.
 *   From 128 KiB on (its threshold for mmap, which rises with the first large free) only Rust surely returns it.
 */
const CROSSOVER = 128 << 10

/** In bytes; up to here V8 keeps elements in its heap, and needs no ArrayBuffer. */
const IN_HEAP = 64

/** In bytes; an eighth of the headroom in src/region.rs, so that some threads may fill theirs at once. */
const SEE_EVERY = 16 << 20

/** In bytes. */
const TELL_EVERY = 1 << 20

const { ArrayBuffer } = globalThis
const { floor, max } = Math
let turnExpected = false

/**
 * What a typed array constructor needs for `length` elements of `elementSize` bytes: an ArrayBuffer, or the length
 * itself where the engine may as well make its own.
 */
function backingStore (length, elementSize, zeroed) {
  if (typeof length === 'number' && length >= 0 && length * elementSize <= IN_HEAP) return length
  const byteLength = toCount(length, 'length', floor(kMaxLength / elementSize)) * elementSize
  const block = byteLength >= CROSSOVER && mayLend ? lendBlock(byteLength, zeroed) : null
  return block ?? engineMemory(byteLength)
}

/** An external ArrayBuffer; null where the engine has to serve. */
function lendBlock (byteLength, zeroed) {
  if (!turnExpected) expectTurn()
  const block = lend(byteLength, zeroed)
  if (block !== false) return block
  if (!mallocHasKept(byteLength)) throw noMemory(byteLength)
  return null
}

/**
 * Has the budget start afresh with the next turn of the event loop, without keeping the loop alive for it. Noted last: the
 * execution may end at any step here, and a turn noted but not asked for would be the last. One asked for twice does no harm.
 */
function expectTurn () {
  needStack()
  setImmediate(() => {
    turnExpected = false
    turned()
  }).unref()
  turnExpected = true
}

/** In bytes: what the engine has given since it was last seen to have room. */
let unseen = 0

/**
 * An ArrayBuffer of the engine's. Without room it may have what malloc keeps; for more the engine is not asked: it would
 * collect garbage first, and end the process where it lacks the memory for that.
 */
function engineMemory (byteLength) {
  unseen += byteLength
  if (unseen >= SEE_EVERY) {
    if (hasRoom(max(byteLength, SEE_EVERY))) unseen = 0
    else if (!mallocHasKept(byteLength)) throw noMemory(byteLength)
  }
  try {
    return new ArrayBuffer(byteLength)
  } catch (error) {
    throw noMemory(byteLength)
  }
}

/** In bytes: what dispose has returned to the engine and Rust does not know of yet. */
let returned = 0

/**
 * Frees the memory behind `view` in this call. What goes back to the engine, malloc may keep: Rust is told of it, in
 * sums that are worth a call, and sees that it goes on to the system.
 */
function freeBackingStore (view) {
  const byteLength = byteLengthOf(view)
  if (takeBack(view)) return
  returned += byteLength
  if (returned >= TELL_EVERY) {
    engineFreed(returned)
    returned = 0
  }
}

module.exports = { backingStore, freeBackingStore }
