'use strict'

// Tells whether an ArrayBuffer, or the one behind a view, has lost its memory.

const { types: { isSharedArrayBuffer } } = require('node:util')
const { bufferOf, detached, lengthOf } = require('../internal/primordials')

const { TypeError, Uint8Array } = globalThis
const { getPrototypeOf } = Object

/** Whether there is memory behind a view. There is none after `dispose`, or after its ArrayBuffer was transferred. */
function isLive (view) {
  return lengthOf(view) > 0 || !isDetached(bufferOf(view))
}

function isDetached (buffer) {
  if (detached !== undefined) return !isSharedArrayBuffer(buffer) && detached(buffer)
  try {
    return !new Uint8Array(buffer)
  } catch (error) {
    if (getPrototypeOf(error) !== TypeError.prototype) throw error // a RangeError: the stack is full
    return true
  }
}

module.exports = { isDetached, isLive }
