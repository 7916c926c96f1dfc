'use strict'

const { types: { isSharedArrayBuffer } } = require('node:util')
const { Allocation } = require('../elements/allocation')
const { elementSizeOf, liveViewOf, windowOf } = require('../elements/view-of')
const { invalidArgValue, outOfRange } = require('../internal/errors')
const { bufferOf, byteOffsetOf, isImmutable, typedArrayNameOf, lengthOf, set } = require('../internal/primordials')
const { toCount } = require('../internal/validate')
const { copyBytes } = require('../native/binding')

const { Uint8Array } = globalThis
const { floor } = Math

/** From this size on Rust's streaming copy is faster than the engine's memmove: see src/copy.rs. */
const STREAM_BYTES = 32 << 20

/** Fewer elements than this are fewer bytes than `STREAM_BYTES`, of whatever type. */
const LARGE_COPY_ELEMENTS = STREAM_BYTES / 8

/**
 * Copies `copyLength` elements. It reads `source` from element `sourceStart` on, and writes `dest` from element `destStart` on.
 * The bytes stay as they are, whatever the types. `sourceStart` and `copyLength` count elements of `source`, `destStart` those of
 * `dest`. No argument is optional.
 */
function copyOnto (source, sourceStart, dest, destStart, copyLength) {
  if (!Allocation.copy(source, sourceStart, dest, destStart, copyLength)) {
    copyAny(source, sourceStart, dest, destStart, copyLength)
  }
}

/** Takes all arguments. To get here costs a Buffer 35 ns: `Allocation.copy` must find that it has no brand. */
function copyAny (source, sourceStart, dest, destStart, copyLength) {
  const from = liveViewOf('source', source)
  const to = liveViewOf('dest', dest)
  sourceStart = toCount(sourceStart, 'sourceStart')
  destStart = toCount(destStart, 'destStart')
  copyLength = toCount(copyLength, 'copyLength')

  if (isImmutable !== undefined && !isShared(to) && isImmutable(bufferOf(to))) {
    throw invalidArgValue('dest', 'has an immutable ArrayBuffer')
  }

  // Each length is read once, because another thread may grow shared memory. Nothing makes memory shorter before the copy.
  const sourceLength = lengthOf(from)
  const destLength = lengthOf(to)
  if (sourceStart > sourceLength) throw outOfRange('sourceStart', `at most ${sourceLength}`, sourceStart)
  if (destStart > destLength) throw outOfRange('destStart', `at most ${destLength}`, destStart)
  const room = sourceLength - sourceStart
  if (copyLength > room) throw outOfRange('copyLength', `at most ${room}, what source has left`, copyLength)
  if (copyLength === 0) return

  const isOneType = typedArrayNameOf(from) === typedArrayNameOf(to)
  // Not if shared: `set` reads the length of `from` again.
  if (isOneType && copyLength < LARGE_COPY_ELEMENTS && copyLength <= destLength - destStart && !isShared(from)) {
    return set(to, copyLength === sourceLength ? from : windowOf(from, sourceStart, copyLength), destStart)
  }
  const elementSize = elementSizeOf(from)
  const destElementSize = elementSizeOf(to)
  const destRoom = floor((destLength - destStart) * destElementSize / elementSize)
  if (copyLength > destRoom) throw outOfRange('copyLength', `at most ${destRoom}, what fits into dest`, copyLength)
  copyWindow(from, sourceStart * elementSize, to, destStart * destElementSize, copyLength * elementSize)
}

const isShared = (view) => isSharedArrayBuffer(bufferOf(view))

/**
 * All numbers are in bytes and in range. The engine copies shared memory: another thread may write to it meanwhile, which
 * would be a data race in Rust.
 */
function copyWindow (from, sourceStart, to, destStart, byteLength) {
  const source = bufferOf(from)
  const dest = bufferOf(to)
  sourceStart += byteOffsetOf(from)
  destStart += byteOffsetOf(to)
  const isNative = byteLength >= STREAM_BYTES && !isShared(from) && !isShared(to)
  if (isNative && copyBytes(source, sourceStart, dest, destStart, byteLength)) return
  set(new Uint8Array(dest, destStart, byteLength), new Uint8Array(source, sourceStart, byteLength))
}

module.exports = { copyOnto }
