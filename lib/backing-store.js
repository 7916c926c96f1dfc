'use strict'

// Where the bytes of an allocation live: in the engine's own backing store, or in a block that Rust owns and lends.

const { lend, turned, mayLend } = require('./binding')
const { noMemory } = require('./errors')
const { kMaxLength } = require('./types')
const { toCount } = require('./validate')

/**
 * In bytes; from here on Rust lends the block. Measured on Node 20 and 24 (EPYC, glibc 2.36):
 * - alloc, fill and dispose take 1.3 us of 64 KiB and 2.2 us of 128 KiB from the engine, 2.1 us and 3.0 us from Rust;
 *   from 1 MiB on Rust is ahead, at 64 MiB tenfold. A loan costs 1.2 us, whatever its size.
 * - of 1 GiB in blocks of up to 64 KiB, all but a sixteenth disposed, the engine's malloc keeps everything resident.
 *   From 128 KiB on (its threshold for mmap, which rises with the first large free) only Rust surely returns it.
 */
const CROSSOVER = 128 << 10

/** In bytes; up to here V8 keeps elements in its heap, and needs no ArrayBuffer. */
const IN_HEAP = 64

const { setImmediate } = globalThis
let turnExpected = false

/**
 * What a typed array constructor needs for `length` elements of `elementSize` bytes: an ArrayBuffer, or the length
 * itself where the engine may as well make its own.
 */
function backingStore (length, elementSize, zeroed) {
  if (typeof length === 'number' && length >= 0 && length * elementSize <= IN_HEAP) return length
  const byteLength = toCount(length, 'length', Math.floor(kMaxLength / elementSize)) * elementSize
  return (byteLength >= CROSSOVER && mayLend && lendBlock(byteLength, zeroed)) || engineMemory(byteLength)
}

function lendBlock (byteLength, zeroed) {
  if (!turnExpected) expectTurn()
  return lend(byteLength, zeroed)
}

/** Has the budget start afresh with the next turn of the event loop, without keeping the loop alive for it. */
function expectTurn () {
  turnExpected = true
  setImmediate(() => {
    turnExpected = false
    turned()
  }).unref()
}

function engineMemory (byteLength) {
  try {
    return new ArrayBuffer(byteLength)
  } catch (error) {
    throw noMemory(byteLength)
  }
}

module.exports = { backingStore }
