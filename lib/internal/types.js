'use strict'

const { constants } = require('node:buffer')
const { invalidType } = require('./errors')

const { trunc } = Math

/** The largest allocation, in bytes. */
const kMaxLength = constants.MAX_LENGTH

/** The types of elements, with the numbers that Node 0.12 gave them. */
const Types = Object.freeze({
  Int8: 1,
  Uint8: 2,
  Int16: 3,
  Uint16: 4,
  Int32: 5,
  Uint32: 6,
  Float: 7,
  Double: 8,
  Uint8Clamped: 9
})

const typedArrays = [
  undefined,
  Int8Array,
  Uint8Array,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  Uint8ClampedArray
]

/** Not by a look into the list: Array.prototype may have a property '10'. */
const isType = (value) => typeof value === 'number' && value >= Types.Int8 && value <= Types.Uint8Clamped && trunc(value) === value

/** The typed array constructor of a type. */
function typedArrayOf (type) {
  if (!isType(type)) throw invalidType(type)
  return typedArrays[type]
}

module.exports = { Types, kMaxLength, typedArrays, typedArrayOf }
