'use strict'

const { Allocation } = require('./allocation')
const { copyBytes } = require('./binding')
const { outOfRange } = require('./errors')
const { bufferOf, byteLengthOf, byteOffsetOf, kindOf, lengthOf, set } = require('./intrinsics')
const { toCount } = require('./validate')
const { liveViewOf } = require('./view')

const { Uint8Array } = globalThis
const { floor } = Math

/** In bytes; from here on Rust's streaming copy is faster than the engine's memmove: see src/copy.rs. */
const STREAM = 32 << 20

/**
 * Copies `copyLength` elements of `source`, from `sourceStart` on, to `dest`, from its element `destStart` on: bytes as
 * they are, whatever the types. Starts and length count elements of their own side; no argument is optional.
 */
function copyOnto (source, sourceStart, dest, destStart, copyLength) {
  if (!Allocation.copy(source, sourceStart, dest, destStart, copyLength)) {
    copyAny(source, sourceStart, dest, destStart, copyLength)
  }
}

function copyAny (source, sourceStart, dest, destStart, copyLength) {
  const from = liveViewOf('source', source)
  const to = liveViewOf('dest', dest)
  sourceStart = toCount(sourceStart, 'sourceStart')
  destStart = toCount(destStart, 'destStart')
  copyLength = toCount(copyLength, 'copyLength')

  const sourceLength = lengthOf(from)
  const destLength = lengthOf(to)
  if (sourceStart > sourceLength) throw outOfRange('sourceStart', `at most ${sourceLength}`, sourceStart)
  if (destStart > destLength) throw outOfRange('destStart', `at most ${destLength}`, destStart)
  const room = sourceLength - sourceStart
  if (copyLength > room) throw outOfRange('copyLength', `at most ${room}, what source has left`, copyLength)
  if (copyLength === 0) return

  const elementSize = byteLengthOf(from) / sourceLength
  const destElementSize = destLength === 0 ? 1 : byteLengthOf(to) / destLength
  const destRoom = floor((destLength - destStart) * destElementSize / elementSize)
  if (copyLength > destRoom) throw outOfRange('copyLength', `at most ${destRoom}, what fits into dest`, copyLength)

  const isWhole = copyLength === sourceLength && copyLength * elementSize < STREAM && kindOf(from) === kindOf(to)
  if (isWhole) set(to, from, destStart)
  else copyWindow(from, sourceStart * elementSize, to, destStart * destElementSize, copyLength * elementSize)
}

/** All in bytes, and in range. */
function copyWindow (from, sourceStart, to, destStart, byteLength) {
  const source = bufferOf(from)
  const dest = bufferOf(to)
  sourceStart += byteOffsetOf(from)
  destStart += byteOffsetOf(to)
  if (byteLength >= STREAM && copyBytes(source, sourceStart, dest, destStart, byteLength)) return
  set(new Uint8Array(dest, destStart, byteLength), new Uint8Array(source, sourceStart, byteLength))
}

module.exports = { copyOnto }
