'use strict'

const { backingStore } = require('./backing-store')
const { bares } = require('./external')
const { invalidArgument } = require('./errors')
const { attach, checkReceiver } = require('./receiver')
const { Types, typedArrayOf, typedArrays } = require('./types')
const { isObject } = require('./validate')
const { takeBack } = require('./binding')

const BareUint8 = bares[Types.Uint8]

/**
 * Gives `receiver` (default: a new object) external array data of `length` elements of `type` (default: Uint8), all 0,
 * and returns it. A number in second place is the type.
 */
function alloc (length, receiver, type) {
  if (receiver === undefined && type === undefined) return new BareUint8(backingStore(length, 1, true))
  return allocate(length, receiver, type, true)
}

/** The same with memory that is not zeroed, where that is faster. */
function allocUnsafe (length, receiver, type) {
  return allocate(length, receiver, type, false)
}

function allocate (length, receiver, type, zeroed) {
  if (typeof receiver === 'number' && type === undefined) {
    type = receiver
    receiver = undefined
  }
  const TypedArray = typedArrayOf(type)
  if (receiver === undefined) {
    const Bare = bares[typedArrays.indexOf(TypedArray)]
    return new Bare(backingStore(length, TypedArray.BYTES_PER_ELEMENT, zeroed))
  }
  if (!isObject(receiver)) throw invalidArgument('receiver', 'an object or a function', receiver)
  checkReceiver('receiver', receiver)
  const view = new TypedArray(backingStore(length, TypedArray.BYTES_PER_ELEMENT, zeroed))
  try {
    attach('receiver', receiver, view, true)
  } catch (error) {
    takeBack(view)
    throw error
  }
  return receiver
}

module.exports = { alloc, allocUnsafe }
