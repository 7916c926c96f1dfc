'use strict'

const { allocate, typedArray } = require('../elements/allocate')
const { bares } = require('../elements/bare')
const { Types } = require('../internal/types')

const BareUint8 = bares[Types.Uint8]

/**
 * Gives `receiver` (default: a new object) external array data of `length` elements of `type` (default: Uint8), all 0,
 * and returns it. A number as the second argument is the type.
 */
function alloc (length, receiver, type) {
  if (receiver === undefined && type === undefined) return typedArray(BareUint8, length, 1, 0)
  if (typeof receiver === 'number' && type === undefined) return allocate(length, undefined, receiver, true)
  return allocate(length, receiver, type, true)
}

module.exports = { alloc }
