'use strict'

// Says why a value has no external array data, if there is a reason to name. It runs no code of the value's, so it looks into no
// Proxy.

const { types } = require('node:util')
const { isView, typedArrayNameOf, lengthOf } = require('../internal/primordials')
const { Allocation } = require('./allocation')

const { getPrototypeOf } = Object
const { isArray } = Array
const { isAnyArrayBuffer, isProxy } = types

/** Why `value`, the argument `name`, has no data; undefined if the words of Node 0.12 say enough. */
function whyNone (name, value) {
  if (Allocation.is(value)) return Allocation.isDisposed(value) ? disposed(name) : 'its memory was transferred'
  if (typedArrayNameOf(value) !== undefined) return 'its memory was disposed or transferred'
  if (isProxy(value)) return whoHasIt(value)
  if (isArray(value)) return 'an Array is no typed array'
  if (isAnyArrayBuffer(value)) return 'an ArrayBuffer has no elements; pass new Uint8Array(buffer)'
  if (isView(value)) return 'a DataView has no elements; pass new Uint8Array(buffer, byteOffset, byteLength)'
  return whoHasIt(value)
}

/** For `source` and `dest` the message is the one that Node 0.12 documents, with nothing added. */
const disposed = (name) => name === 'obj' ? 'its memory was disposed or released' : undefined

/** Which object to pass instead of `value`, which is no allocation; undefined if there is none. */
function whoHasIt (value) {
  if (isProxy(value)) return 'a Proxy has no data of its own; pass its target'
  if (isAnyArrayBuffer(value)) return 'an ArrayBuffer has no elements; pass the object that has, or use disposeBuffer for memory that is not smalloc\'s'
  return inheritsElements(value) ? 'its prototype has; pass that' : undefined
}

function inheritsElements (object) {
  for (let parent = getPrototypeOf(object); parent !== null && !isProxy(parent); parent = getPrototypeOf(parent)) {
    if (hasElements(parent)) return true
  }
  return false
}

function hasElements (object) {
  if (Allocation.is(object)) return lengthOf(Allocation.viewOf(object)) > 0
  return typedArrayNameOf(object) !== undefined && lengthOf(object) > 0
}

module.exports = { whoHasIt, whyNone }
