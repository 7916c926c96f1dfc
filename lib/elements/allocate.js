'use strict'

// Makes elements: first the memory, then the object that has them.

const { invalidArgType } = require('../internal/errors')
const { fill } = require('../internal/primordials')
const { Types, typedArrayOf, zeroOf } = require('../internal/types')
const { isObject } = require('../internal/validate')
const { backingStore, freeBackingStore, cachedBackingStore } = require('../memory/backing-store')
const { bares } = require('./bare')
const { attach, checkReceiver } = require('./receiver')

/** What `alloc` and `allocUnsafe` share. Makes a bare object if there is no receiver. */
function allocate (length, receiver, type = Types.Uint8, zeroed) {
  const TypedArray = typedArrayOf(type)
  const { BYTES_PER_ELEMENT } = TypedArray
  const zero = zeroed ? zeroOf(type) : undefined
  if (receiver === undefined) return typedArray(bares[type], length, BYTES_PER_ELEMENT, zero)
  if (!isObject(receiver)) throw invalidArgType('receiver', 'an object or a function', receiver)
  checkReceiver('receiver', receiver)
  const view = typedArray(TypedArray, length, BYTES_PER_ELEMENT, zero)
  try {
    attach('receiver', receiver, view, type)
  } catch (error) {
    freeBackingStore(view)
    throw error
  }
  return receiver
}

/** `zero` is the value of all elements, 0 or 0n; undefined if they may have any value. */
function typedArray (TypedArray, length, elementSize, zero) {
  const used = cachedBackingStore(length, elementSize)
  if (used === undefined) return new TypedArray(backingStore(length, elementSize, zero !== undefined))
  const array = new TypedArray(used)
  if (zero !== undefined) fill(array, zero)
  return array
}

module.exports = { allocate, typedArray }
