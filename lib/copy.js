'use strict'

const { copyBytes } = require('./binding')
const { outOfRange } = require('./errors')
const { bufferOf, byteLengthOf, byteOffsetOf, lengthOf, set } = require('./intrinsics')
const { toCount } = require('./validate')
const { liveViewOf } = require('./view')

/** In bytes; from here on Rust's streaming copy is faster than the engine's memmove. */
const STREAM = 32 << 20

function copyOnto (source, sourceStart, dest, destStart, copyLength) {
  const max = Number.MAX_SAFE_INTEGER
  const from = liveViewOf('source', source)
  const to = liveViewOf('dest', dest)
  sourceStart = toCount(sourceStart, 'sourceStart', max)
  destStart = toCount(destStart, 'destStart', max)
  copyLength = toCount(copyLength, 'copyLength', max)
  const sourceLength = lengthOf(from)
  if (sourceStart > sourceLength) throw outOfRange('sourceStart', `at most ${sourceLength}`, sourceStart)
  if (copyLength > sourceLength - sourceStart) throw outOfRange('copyLength', `at most ${sourceLength - sourceStart}`, copyLength)
  const destLength = lengthOf(to)
  if (destStart > destLength) throw outOfRange('destStart', `at most ${destLength}`, destStart)
  if (copyLength === 0) return
  const elementSize = byteLengthOf(from) / sourceLength
  const destElementSize = destLength === 0 ? 1 : byteLengthOf(to) / destLength
  const bytes = copyLength * elementSize
  const room = (destLength - destStart) * destElementSize
  if (bytes > room) throw outOfRange('copyLength', `at most ${Math.floor(room / elementSize)}`, copyLength)
  const fromByte = byteOffsetOf(from) + sourceStart * elementSize
  const toByte = byteOffsetOf(to) + destStart * destElementSize
  if (bytes >= STREAM && copyBytes(bufferOf(from), fromByte, bufferOf(to), toByte, bytes)) return
  set(new Uint8Array(bufferOf(to), toByte, bytes), new Uint8Array(bufferOf(from), fromByte, bytes))
}

module.exports = { copyOnto }
