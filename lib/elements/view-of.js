'use strict'

// From an object to the typed array that holds its elements: its view.

const { invalidArgType, noExternalData } = require('../internal/errors')
const { bufferOf, byteOffsetOf, typedArrayNameOf } = require('../internal/primordials')
const { typedArrays } = require('../internal/types')
const { isObject } = require('../internal/validate')
const { isLive } = require('../memory/detached')
const { Allocation } = require('./allocation')
const { whyNone } = require('./no-data')

/** The constructors, by the names that `typedArrayNameOf` gives. */
const constructors = { __proto__: null }
for (const TypedArray of typedArrays) {
  if (TypedArray !== undefined) constructors[TypedArray.name] = TypedArray
}

/**
 * The view of an allocation, or `value` itself if it is a typed array, or undefined. External and bare objects are their own
 * view; and to find that a Buffer has no brand takes 45 ns.
 */
function viewOf (value) {
  if (!isObject(value)) return undefined
  if (typedArrayNameOf(value) !== undefined) return value
  return Allocation.is(value) ? Allocation.viewOf(value) : undefined
}

/** The view of the argument `name`. Throws if it has no external array data. */
function liveViewOf (name, value) {
  if (!isObject(value)) throw invalidArgType(name, 'an object or a function', value)
  const view = viewOf(value)
  if (view === undefined || !isLive(view)) throw noExternalData(name, whyNone(name, value))
  return view
}

/** A new typed array of the type of `view`, over `length` of its elements from `start` on. No copy. */
function windowOf (view, start, length) {
  const TypedArray = constructors[typedArrayNameOf(view)]
  const byteOffset = byteOffsetOf(view) + start * TypedArray.BYTES_PER_ELEMENT
  return new TypedArray(bufferOf(view), byteOffset, length)
}

/** In bytes. It does not divide the byte length by the length, because another thread may grow shared memory in between. */
const elementSizeOf = (view) => constructors[typedArrayNameOf(view)].BYTES_PER_ELEMENT

module.exports = { viewOf, liveViewOf, elementSizeOf, windowOf }
