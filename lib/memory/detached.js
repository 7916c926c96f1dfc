'use strict'

// Tells whether an ArrayBuffer, or the one behind a view, has lost its memory.

const { types: { isSharedArrayBuffer } } = require('node:util')
const { bufferOf, detached, lengthOf } = require('../internal/primordials')
const { needStack } = require('../native/stack')

const { Uint8Array } = globalThis

/** Whether there is memory behind a view. There is none after `dispose`, or after its ArrayBuffer was transferred. */
function isLive (view) {
  return lengthOf(view) > 0 || !isDetached(bufferOf(view))
}

function isDetached (buffer) {
  if (detached !== undefined) return !isSharedArrayBuffer(buffer) && detached(buffer)
  try {
    return !new Uint8Array(buffer)
  } catch (error) {
    needStack() // which throws the engine's error, if a lack of stack was the reason
    return true
  }
}

module.exports = { isDetached, isLive }
