'use strict'

const typedArrays = {
  Int8: Int8Array,
  Uint8: Uint8Array,
  Int16: Int16Array,
  Uint16: Uint16Array,
  Int32: Int32Array,
  Uint32: Uint32Array,
  Float: Float32Array,
  Double: Float64Array,
  Uint8Clamped: Uint8ClampedArray
}

/** The first `length` elements of an object, as an Array. */
const elementsOf = (object, length) => Array.from({ length }, (_, index) => object[index])

/** Sets the elements of an object from `values` on; returns the object. */
function fill (object, values) {
  values.forEach((value, index) => { object[index] = value })
  return object
}

module.exports = { typedArrays, elementsOf, fill }
