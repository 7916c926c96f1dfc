'use strict'

const { types: { isArrayBuffer, isSharedArrayBuffer } } = require('node:util')
const { bares } = require('../elements/bare')
const { attachForNow, checkReceiver, takeOff, exchange } = require('../elements/receiver')
const { invalidArgType, invalidArgValue, notWhole } = require('../internal/errors')
const { byteLengthOfBuffer, isImmutable, resizable } = require('../internal/primordials')
const { Types, typedArrayOf } = require('../internal/types')
const { isObject } = require('../internal/validate')
const { adoptBackingStore } = require('../memory/backing-store')
const { isOfAllocation } = require('../memory/brands')
const { isDetached } = require('../memory/detached')
const { undetachable } = require('../memory/foreign')
const { needStack } = require('../native/binding')

/**
 * Makes the memory of `arrayBuffer` that of `receiver` (default: a new object), as elements of `type` (default: Uint8), and
 * returns it. No byte is copied; `arrayBuffer` is detached. A number in second place is the type.
 */
function adopt (arrayBuffer, receiver, type) {
  if (typeof receiver === 'number' && type === undefined) return adoptAs(arrayBuffer, undefined, receiver)
  return adoptAs(arrayBuffer, receiver, type)
}

function adoptAs (arrayBuffer, receiver, type = Types.Uint8) {
  const TypedArray = typedArrayOf(type)
  if (receiver !== undefined && !isObject(receiver)) throw invalidArgType('receiver', 'an object or a function', receiver)
  if (!isArrayBuffer(arrayBuffer) && !isSharedArrayBuffer(arrayBuffer)) {
    throw invalidArgType('arrayBuffer', 'an ArrayBuffer', arrayBuffer)
  }
  if (receiver !== undefined) checkReceiver('receiver', receiver)
  checkArrayBuffer(arrayBuffer, TypedArray.BYTES_PER_ELEMENT)
  needStack()
  return receiver === undefined ? new bares[type](moved(arrayBuffer)) : adoptOnto(arrayBuffer, receiver, TypedArray, type)
}

/** Throws if the memory cannot be moved, or is not a whole number of elements. */
function checkArrayBuffer (arrayBuffer, elementSize) {
  const refuse = (why) => { throw invalidArgValue('arrayBuffer', why) }
  if (isSharedArrayBuffer(arrayBuffer)) refuse('must not be shared: other threads may use it')
  if (isDetached(arrayBuffer)) refuse('must not be detached: its memory is gone')
  if (isOfAllocation(arrayBuffer)) refuse('has the memory of an allocation: release that first')
  if (isImmutable !== undefined && isImmutable(arrayBuffer)) refuse('must not be immutable')
  if (resizable !== undefined && resizable(arrayBuffer)) refuse('must not be resizable')
  const byteLength = byteLengthOfBuffer(arrayBuffer)
  if (byteLength % elementSize !== 0) throw notWhole('arrayBuffer', elementSize, byteLength)
}

/**
 * Attaches first and moves the memory last. While the receiver is changed, a trap of a Proxy may throw, and memory that has
 * moved cannot go back to its ArrayBuffer. After the move nothing throws, and no code of others runs.
 */
function adoptOnto (arrayBuffer, receiver, TypedArray, type) {
  attachForNow('receiver', receiver, new TypedArray(arrayBuffer))
  exchange(receiver, new TypedArray(movedOrUndo(arrayBuffer, () => takeOff(receiver))), type)
  return receiver
}

function moved (arrayBuffer) {
  const ours = adoptBackingStore(arrayBuffer)
  if (ours === undefined) throw undetachable('arrayBuffer', arrayBuffer)
  return ours
}

/** As `moved`. If that throws, `undo` is called first. */
function movedOrUndo (arrayBuffer, undo) {
  try {
    return moved(arrayBuffer)
  } catch (error) {
    undo()
    throw error
  }
}

module.exports = { adopt }
