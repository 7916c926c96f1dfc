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
  Uint8Clamped: Uint8ClampedArray,
  BigInt64: BigInt64Array,
  BigUint64: BigUint64Array
}
if (globalThis.Float16Array !== undefined) typedArrays.Float16 = globalThis.Float16Array

/** A number as elements of a type are read, given by its name: as a BigInt where they are such. */
const toElement = (type, number) => /^Big/.test(type) ? BigInt(number) : number

/** The first `length` elements of an object, as an Array. */
const elementsOf = (object, length) => Array.from({ length }, (_, index) => object[index])

/** Sets the elements of an object from `values` on; returns the object. */
function fill (object, values) {
  values.forEach((value, index) => { object[index] = value })
  return object
}

/** The names that for-in visits, in their order. */
function namesIn (object) {
  const names = []
  for (const name in object) names.push(name)
  return names
}

/** '0', '1', and so on: the keys of `length` elements. */
const indices = (length) => Array.from({ length }, (_, index) => String(index))

module.exports = { typedArrays, toElement, elementsOf, fill, namesIn, indices }
