'use strict'

const { Allocation } = require('../elements/allocation')
const { defineShared, hidden, inheritFrom } = require('../elements/shared-prototype')
const { fill } = require('../internal/primordials')
const { Types, aliases, defineAlias, typedArrays, zeroOf } = require('../internal/types')
const { backingStore, cachedBackingStore } = require('../memory/backing-store')

/** The constructor of External objects of one type. */
function externalOf (type, parent) {
  const TypedArray = typedArrays[type]
  const { BYTES_PER_ELEMENT } = TypedArray
  const zero = zeroOf(type)
  class External extends TypedArray {
    constructor (length) {
      const used = cachedBackingStore(length, BYTES_PER_ELEMENT)
      const store = used ?? backingStore(length, BYTES_PER_ELEMENT, true)
      super(store)
      if (used !== undefined) fill(this, zero)
      new Allocation(this, this, type, typeof store === 'number' ? undefined : store)
    }
  }
  // A byte stream moves the memory first, and then calls `new constructor(buffer, ...)`, which External does not support: the
  // memory would be lost. Without BYTES_PER_ELEMENT the stream refuses before it moves anything.
  Object.defineProperty(External, 'BYTES_PER_ELEMENT', hidden(undefined))
  inheritFrom(parent, External.prototype)
  return External
}

const External = externalOf(Types.Uint8, Object.prototype)
defineShared(External.prototype)
for (const [name, type] of Object.entries(Types)) {
  const value = type === Types.Uint8 ? External : externalOf(type, External.prototype)
  if (value !== External) Object.defineProperty(value, 'name', { value: name, configurable: true })
  Object.defineProperty(External, name, { value, enumerable: true })
}
for (const alias in aliases) defineAlias(External, alias, External[aliases[alias]])

module.exports = { External }
