'use strict'

// From an object to the typed array that holds its elements: its view.

const { types: { isSharedArrayBuffer } } = require('node:util')
const { Allocation } = require('./allocation')
const { invalidArgument, noExternalData } = require('../internal/errors')
const { bufferOf, byteOffsetOf, detached, kindOf, lengthOf } = require('../internal/primordials')
const { whyNone } = require('./no-data')
const { isObject } = require('../internal/validate')

const { TypeError, Uint8Array } = globalThis
const { getPrototypeOf } = Object

const constructors = { __proto__: null }
for (const name of Object.getOwnPropertyNames(globalThis)) {
  if (/^(Int|Uint|Float|BigInt|BigUint)\d+(Clamped)?Array$/.test(name)) constructors[name] = globalThis[name]
}

/** The view of an allocation, or `value` itself if it is a typed array, or undefined. */
function viewOf (value) {
  if (!isObject(value)) return undefined
  if (Allocation.is(value)) return Allocation.viewOf(value)
  return kindOf(value) === undefined ? undefined : value
}

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

/** The view of the argument `name`. Throws if it has no external array data. */
function liveViewOf (name, value) {
  if (!isObject(value)) throw invalidArgument(name, 'an object or a function', value)
  const view = viewOf(value)
  if (view === undefined || !isLive(view)) throw noExternalData(name, whyNone(name, value))
  return view
}

/** A new typed array of the type of `view`, over `length` of its elements from `start` on. No copy. */
function windowOf (view, start, length) {
  const TypedArray = constructors[kindOf(view)]
  const byteOffset = byteOffsetOf(view) + start * TypedArray.BYTES_PER_ELEMENT
  return new TypedArray(bufferOf(view), byteOffset, length)
}

/** In bytes. It does not divide the byte length by the length, because another thread may grow shared memory in between. */
const elementSizeOf = (view) => constructors[kindOf(view)].BYTES_PER_ELEMENT

module.exports = { viewOf, isDetached, isLive, liveViewOf, elementSizeOf, windowOf }
