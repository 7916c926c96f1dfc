'use strict'

const { backingStore, freeBackingStore, usedBackingStore } = require('./backing-store')
const { bares } = require('./external')
const { invalidArgument } = require('./errors')
const { fill } = require('./intrinsics')
const { attach, checkReceiver } = require('./receiver')
const { Types, typedArrayOf } = require('./types')
const { isObject } = require('./validate')

const BareUint8 = bares[Types.Uint8]

/**
 * Gives `receiver` (default: a new object) external array data of `length` elements of `type` (default: Uint8), all 0,
 * and returns it. A number in second place is the type.
 */
function alloc (length, receiver, type) {
  if (receiver === undefined && type === undefined) return typedArray(BareUint8, length, 1, true)
  if (typeof receiver === 'number' && type === undefined) return allocate(length, undefined, receiver, true)
  return allocate(length, receiver, type, true)
}

/** The same with memory that is not zeroed, where that is faster. */
function allocUnsafe (length, receiver, type) {
  if (typeof receiver === 'number' && type === undefined) return allocate(length, undefined, receiver, false)
  return allocate(length, receiver, type, false)
}

function allocate (length, receiver, type = Types.Uint8, zeroed) {
  const TypedArray = typedArrayOf(type)
  const { BYTES_PER_ELEMENT } = TypedArray
  if (receiver === undefined) return typedArray(bares[type], length, BYTES_PER_ELEMENT, zeroed)
  if (!isObject(receiver)) throw invalidArgument('receiver', 'an object or a function', receiver)
  checkReceiver('receiver', receiver)
  const view = typedArray(TypedArray, length, BYTES_PER_ELEMENT, zeroed)
  try {
    attach('receiver', receiver, view, type)
  } catch (error) {
    freeBackingStore(view)
    throw error
  }
  return receiver
}

function typedArray (TypedArray, length, elementSize, zeroed) {
  const used = usedBackingStore(length, elementSize)
  if (used === undefined) return new TypedArray(backingStore(length, elementSize, zeroed))
  const array = new TypedArray(used)
  if (zeroed) fill(array, 0)
  return array
}

module.exports = { alloc, allocUnsafe }
