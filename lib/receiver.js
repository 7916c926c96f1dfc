'use strict'

// Binds a view to an object that exists already, and puts the object back as it was. The elements of few are accessors
// of the receiver's own; those of many are a layer on its prototype chain, which costs the same whatever their number.

const { inspect } = require('node:util')
const { Allocation } = require('./allocation')
const { invalidReceiver } = require('./errors')
const { inspectAllocation } = require('./inspect')
const { isView, lengthOf } = require('./intrinsics')
const { layerOver } = require('./layer')
const { needStack } = require('./stack')
const { isLive, windowOf } = require('./view')

/**
 * In elements; up to here each is an own property. An own property costs 0.4 us and 80 bytes of heap, a layer 1 to 3 us:
 * they meet below 10 elements. Up to 64 own keys are worth more: what is that small is compared, spread and printed.
 */
const OWN_ELEMENTS = 64

const {
  defineProperty, deleteProperty, getOwnPropertyDescriptor, getPrototypeOf, isExtensible, ownKeys, setPrototypeOf
} = Reflect
const { defineProperties } = Object
const { isArray } = Array

const accessors = Array.from({ length: OWN_ELEMENTS }, (_, index) => Allocation.accessorOf(index))
const inspectMethod = {
  __proto__: null, value: inspectAllocation, enumerable: false, configurable: true, writable: true
}

/** By number of elements, made when first asked for. */
const descriptors = { __proto__: null }
const descriptorsOf = (length) => (descriptors[length] ??= describe(length))

function describe (length) {
  const described = { __proto__: null }
  for (let index = 0; index < length; index++) described[index] = accessors[index]
  return described
}

/** How a receiver holds on to its view. */
class Attachment {
  /** False for a slice: the memory is its source's. */
  ownsMemory
  /** Of own properties. */
  elements = 0
  /** The object put between the receiver and its prototype, if there is one. */
  layer = undefined
  /** The prototype that is below the layer. */
  prototype = undefined

  constructor (ownsMemory) {
    this.ownsMemory = ownsMemory
  }
}

/** Receivers between two states, which the traps of a Proxy, run meanwhile, must not allocate; the innermost first. */
let changing

const LOST = 'has lost the memory that it was made with, and cannot be allocated again: pass another object'
const HAS_ITS_OWN = 'must not be a Buffer, a typed array or a DataView: it has memory of its own'

/** Throws unless `object`, the argument `name`, can take external array data. */
function checkReceiver (name, object) {
  checkFree(name, object)
  if (isView(object)) throw invalidReceiver(name, Allocation.is(object) ? LOST : HAS_ITS_OWN)
  if (isArray(object)) throw invalidReceiver(name, 'must not be an Array')
  if (!isExtensible(object)) throw invalidReceiver(name, 'must be extensible')
}

function checkFree (name, object) {
  const hasData = Allocation.is(object) && isLive(Allocation.viewOf(object))
  if (hasData || isChanging(object)) throw invalidReceiver(name, 'has external array data already')
}

/**
 * Makes the elements of `view` those of `receiver`, the argument `name`, which has passed `checkReceiver`. All of it is
 * done, or nothing. `type` is 0 for a slice: its memory is its source's.
 */
function attach (name, receiver, view, type) {
  needStack()
  checkFree(name, receiver) // once more: a trap may have allocated since
  const wasTransferred = Allocation.is(receiver) && Allocation.attachmentOf(receiver) !== undefined
  if (wasTransferred) {
    elementsOf(name, receiver)
    detach(receiver)
  }
  const attachment = new Attachment(type !== 0)
  whileChanging(receiver, () => bind(name, receiver, view, type, attachment))
}

function whileChanging (receiver, change) {
  const outer = changing
  changing = { receiver, outer }
  try {
    change()
  } finally {
    changing = outer
  }
}

function isChanging (object) {
  let change = changing
  while (change !== undefined && change.receiver !== object) change = change.outer
  return change !== undefined
}

function bind (name, receiver, view, type, attachment) {
  const removed = { __proto__: null }
  try {
    removeElements(name, receiver, removed)
    if (lengthOf(view) <= OWN_ELEMENTS) defineElements(receiver, view, attachment)
    else insertLayer(name, receiver, view, attachment)
    Allocation.attach(receiver, view, type, attachment)
  } catch (error) {
    unbind(receiver, attachment)
    for (const key in removed) defineProperty(receiver, key, removed[key])
    throw error
  }
}

/** Moves the receiver's own elements, which give way to the data, to `removed`: descriptors by key. */
function removeElements (name, receiver, removed) {
  const elements = elementsOf(name, receiver)
  for (const key in elements) {
    removed[key] = elements[key]
    if (!deleteProperty(receiver, key)) throw invalidReceiver(name, `does not give up its property ${key}`)
  }
}

/** Their descriptors by key. Throws where one of them cannot give way. */
function elementsOf (name, receiver) {
  const elements = { __proto__: null }
  const keys = ownKeys(receiver)
  for (let i = 0; i < keys.length; i++) { // not for-of: others may have changed how Arrays are iterated
    const key = keys[i]
    if (!isArrayIndex(key)) continue
    elements[key] = descriptorOf(receiver, key)
    if (!elements[key].configurable) throw invalidReceiver(name, `has a property ${key} that is not configurable`)
  }
  return elements
}

/** Without a prototype: what others put on Object.prototype must not become part of the property. */
const descriptorOf = (object, key) => ({ __proto__: null, ...getOwnPropertyDescriptor(object, key) })

const isArrayIndex = (key) => typeof key === 'string' && `${key >>> 0}` === key && key !== '4294967295'

function defineElements (receiver, view, attachment) {
  attachment.elements = lengthOf(view)
  defineProperties(receiver, descriptorsOf(attachment.elements))
  if (!inspectsItself(receiver)) defineProperty(receiver, inspect.custom, inspectMethod)
}

/** Whether the object has an inspect method that is not ours. Ours may be an ancestor's, and go with its elements. */
function inspectsItself (object) {
  const method = object[inspect.custom]
  return method !== undefined && method !== inspectAllocation
}

function insertLayer (name, receiver, view, attachment) {
  const elements = windowOf(view, 0, lengthOf(view))
  if (!inspectsItself(receiver)) defineProperty(elements, inspect.custom, inspectMethod)
  attachment.prototype = getPrototypeOf(receiver)
  attachment.layer = layerOver(receiver, attachment.prototype, elements)
  if (!setPrototypeOf(receiver, attachment.layer)) throw invalidReceiver(name, 'has a prototype that cannot be changed')
}

/** Ends what `attach` began. Elements that gave way to the data do not come back. */
function detach (receiver) {
  const attachment = Allocation.attachmentOf(receiver)
  Allocation.release(receiver)
  whileChanging(receiver, () => unbind(receiver, attachment))
  Allocation.forget(receiver)
}

/** Takes off what is still ours: the receiver's owner may have redefined an element or changed the prototype. */
function unbind (receiver, attachment) {
  for (let index = 0; index < attachment.elements; index++) {
    if (Allocation.isElement(getOwnPropertyDescriptor(receiver, index))) deleteProperty(receiver, index)
  }
  if (descriptorOf(receiver, inspect.custom).value === inspectAllocation) {
    deleteProperty(receiver, inspect.custom)
  }
  const { layer, prototype } = attachment
  if (layer !== undefined && getPrototypeOf(receiver) === layer) setPrototypeOf(receiver, prototype)
}

module.exports = { attach, checkReceiver, detach }
