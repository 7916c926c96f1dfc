'use strict'

// Tells whether an ArrayBuffer, or the one behind a view, has lost its memory.

const { types: { isSharedArrayBuffer } } = require('node:util')
const { bufferOf, detached, lengthOf } = require('../internal/primordials')
const native = require('../native/binding')

/** Whether there is memory behind a view. There is none after `dispose`, or after its ArrayBuffer was transferred. */
function isLive (view) {
  return lengthOf(view) > 0 || !isDetached(bufferOf(view))
}

/** `new Uint8Array(buffer)` would throw for a detached buffer, but also if the stack is full: the two are hard to tell apart. */
function isDetached (buffer) {
  return detached === undefined ? native.isDetached(buffer) : !isSharedArrayBuffer(buffer) && detached(buffer)
}

module.exports = { isDetached, isLive }
