'use strict'

const { types: { isArrayBuffer, isSharedArrayBuffer } } = require('node:util')
const { Allocation } = require('../elements/allocation')
const { endSlicesOf, hasSlices } = require('../elements/slices')
const { invalidArgType, invalidArgValue } = require('../internal/errors')
const {
  bufferOf, bufferOfDataView, byteLengthOf, byteLengthOfBuffer, byteLengthOfDataView, isImmutable, isView, typedArrayNameOf
} = require('../internal/primordials')
const { isObject } = require('../internal/validate')
const { isOfAllocation } = require('../memory/brands')
const { isDetached } = require('../memory/detached')
const foreign = require('../memory/foreign')
const { needStack } = require('../native/binding')

const { Uint8Array } = globalThis

/**
 * Frees, in this call, the memory behind a Buffer, a typed array, a DataView or an ArrayBuffer that is not smalloc's. The
 * buffer must own its whole ArrayBuffer. A second call does nothing.
 */
function disposeBuffer (buffer) {
  if (isObject(buffer) && Allocation.is(buffer)) throw invalidArgValue('buffer', USE_DISPOSE)
  const arrayBuffer = arrayBufferOf(buffer)
  if (isSharedArrayBuffer(arrayBuffer)) throw invalidArgValue('buffer', 'must not be shared: other threads may use it')
  if (isDetached(arrayBuffer)) return
  checkOwner(buffer, arrayBuffer)
  // Node hands out some Buffers of length 0 again and again: they must stay as they are.
  if (byteLengthOfBuffer(arrayBuffer) > 0) freeForeign(arrayBuffer)
}

const USE_DISPOSE = 'has the memory of an allocation: use dispose'

function arrayBufferOf (buffer) {
  if (isArrayBuffer(buffer) || isSharedArrayBuffer(buffer)) return buffer
  if (isView(buffer)) return typedArrayNameOf(buffer) === undefined ? bufferOfDataView(buffer) : bufferOf(buffer)
  throw invalidArgType('buffer', 'a Buffer, a typed array, a DataView or an ArrayBuffer', buffer)
}

/** Throws if somebody else may have a part of the memory. */
function checkOwner (buffer, arrayBuffer) {
  if (isOfAllocation(arrayBuffer)) throw invalidArgValue('buffer', USE_DISPOSE)
  if (isImmutable !== undefined && isImmutable(arrayBuffer)) throw invalidArgValue('buffer', 'has an immutable ArrayBuffer')
  const all = byteLengthOfBuffer(arrayBuffer)
  const own = byteLengthIn(buffer, all)
  if (own !== all) {
    throw invalidArgValue('buffer', `must own its whole ArrayBuffer: it has ${own} of ${all} bytes, and others may have the rest`)
  }
}

/** How many bytes of its ArrayBuffer the buffer covers: `all` if it is the ArrayBuffer itself. */
function byteLengthIn (buffer, all) {
  if (!isView(buffer)) return all
  if (typedArrayNameOf(buffer) !== undefined) return byteLengthOf(buffer)
  try {
    return byteLengthOfDataView(buffer)
  } catch (error) {
    needStack() // which throws the engine's error, if a lack of stack was the reason
    return 0 // it lies outside of a resizable ArrayBuffer that has become shorter
  }
}

function freeForeign (arrayBuffer) {
  needStack()
  const view = new Uint8Array(arrayBuffer)
  const mayHaveSlices = hasSlices(view)
  if (!foreign.tryFree(arrayBuffer)) throw foreign.undetachable('buffer', arrayBuffer)
  if (mayHaveSlices) endSlicesOf(view)
}

module.exports = { disposeBuffer }
