'use strict'

// Binds a view to an object that exists already, the receiver, and puts the object back as it was. Few elements become own
// accessors of the receiver. Many become a layer on its prototype chain, which costs the same for any number.

const { inspect, types } = require('node:util')
const { invalidArgValue } = require('../internal/errors')
const { getterOf, isView, lengthOf } = require('../internal/primordials')
const { refuseMemoryClass } = require('../internal/types')
const { isLive } = require('../memory/detached')
const { changeDepth, needStack, runChange } = require('../native/binding')
const { Allocation } = require('./allocation')
const { inspectAllocation } = require('./inspect')
const { Layer } = require('./prototype-layer')
const { windowOf } = require('./view-of')

/**
 * Up to this number each element is an own property. One property takes 0.4 us and 80 bytes of heap; one layer takes 1 to 3 us,
 * so from 10 elements on it is cheaper. But own keys matter for small objects: programs compare, spread and print them.
 */
const OWN_LIMIT_ELEMENTS = 64

const {
  defineProperty, deleteProperty, getOwnPropertyDescriptor, getPrototypeOf, isExtensible, ownKeys, setPrototypeOf
} = Reflect
const { hasOwn } = Object
const { isArray } = Array
const { isProxy } = types
const { env } = process
const plainPrototype = Object.prototype

const accessors = Array.from({ length: OWN_LIMIT_ELEMENTS }, (_, index) => Allocation.accessorOf(index))
/** The same with Object.prototype as prototype: V8 reads ten such descriptors in 2.2 us, without a prototype in 3.1. */
const plainAccessors = accessors.map(({ get, set, enumerable, configurable }) => ({ get, set, enumerable, configurable }))
const inspectMethod = {
  __proto__: null, value: inspectAllocation, enumerable: false, configurable: true, writable: true
}

/**
 * What is on a receiver, or may be. The receiver has its Attachment before the first change of it, and keeps it until all is
 * taken off again. So if an error or a termination leaves a change half done, the next call on the receiver finds it here and
 * takes it off. (A timeout of node:vm, for example, runs no `finally`.)
 */
class Attachment {
  /** The number of elements that are own properties. */
  elements = 0
  /** The Layer between the receiver and its prototype, if there is one. */
  layer = undefined
  /** The receiver's former elements, as descriptors by key. They come back if the new ones cannot all be attached. */
  removed = undefined
  /**
   * The number of `runChange` calls under way when this Proxy began to change; 0 if it is not changing. Meanwhile `alloc` refuses
   * the Proxy.
   */
  depth = 0
}

const LOST = 'has lost the memory that it was made with, and cannot be allocated again: pass another object'
const HAS_ITS_OWN = 'must not be a Buffer, a typed array or a DataView: it has memory of its own'

/** Throws unless `object`, the argument `name`, can take external array data. */
function checkReceiver (name, object) {
  refuseMemoryClass(name, object)
  checkFree(name, object)
  if (isView(object)) throw invalidArgValue(name, Allocation.is(object) ? LOST : HAS_ITS_OWN)
  if (isArray(object)) throw invalidArgValue(name, 'must not be an Array')
  if (!isExtensible(object)) throw invalidArgValue(name, 'must be extensible')
  if (!isProxy(object)) checkOrdinary(name, object)
}

/** Some objects of the runtime treat each property in their own way: they cannot have elements. */
function checkOrdinary (name, object) {
  if (object === env) throw invalidArgValue(name, 'must not be process.env')
  if (object !== globalThis && getOwnPropertyDescriptor(object, 'globalThis')?.value === object) {
    throw invalidArgValue(name, 'must not be the global object of another context')
  }
  const prototype = getPrototypeOf(object)
  if (prototype !== plainPrototype && prototype !== null && prototype === globalThis.Storage?.prototype) {
    throw invalidArgValue(name, 'must not be a Storage')
  }
}

function checkFree (name, object) {
  if (!Allocation.is(object)) return
  const attachment = Allocation.attachmentOf(object)
  if (isLive(Allocation.viewOf(object)) || (attachment !== undefined && isChanging(attachment))) throw hasData(name)
}

const hasData = (name) => invalidArgValue(name, 'has external array data already')

const attachmentOf = (object) => Allocation.is(object) ? Allocation.attachmentOf(object) : undefined

/**
 * Whether the receiver is being changed right now. `depth` stays above 0 if a termination ended the change, but then
 * `changeDepth()` is lower.
 */
const isChanging = (attachment) => attachment.depth > 0 && attachment.depth <= changeDepth()

/**
 * Makes the elements of `view` those of `receiver`, the argument `name`, which has passed `checkReceiver`. If it throws, the
 * receiver is as before. `type` is 0 for a slice, because the memory is its source's.
 */
function attach (name, receiver, view, type) {
  const attachment = attachFor(name, receiver, view, type, false)
  if (isLive(view)) attachment.removed = undefined // otherwise `sliceOnto` takes all off again
}

/**
 * The same, for a view that `exchange` will replace. Until then the memory belongs to whoever has passed it, as a slice's does.
 * If `takeOff` comes instead, the receiver gets its former elements back.
 */
function attachForNow (name, receiver, view) {
  attachFor(name, receiver, view, 0, true)
}

/** Replaces the receiver's view by `view`, which has the same length. Runs no code of others. */
function exchange (receiver, view, type) {
  const attachment = Allocation.attachmentOf(receiver)
  attachment.layer?.exchange(windowOf(view, 0, lengthOf(view)))
  Allocation.attach(receiver, view, type)
  attachment.removed = undefined
}

/** Attaches, and returns the Attachment. */
function attachFor (name, receiver, view, type, isForNow) {
  needStack()
  checkFree(name, receiver) // once more: a trap may have allocated since
  if (attachmentOf(receiver) !== undefined) settle(name, receiver)
  const attachment = new Attachment()
  const length = lengthOf(view)
  const elements = length > OWN_LIMIT_ELEMENTS ? windowOf(view, 0, length) : undefined
  const isInspected = !inspectsItself(receiver) // may run a getter, which may dispose the source of a slice
  if (elements === undefined) attachment.elements = length
  else attachment.layer = new Layer(receiver, elements, isInspected ? inspectMethod : undefined, isForNow)
  attachment.removed = elementsOf(name, receiver)
  // A getter or a trap may have done anything since the checks. From here on only traps run code of others.
  if (!isExtensible(receiver)) throw invalidArgValue(name, 'must be extensible') // first: its trap may allocate the receiver
  if (attachmentOf(receiver) !== undefined) throw hasData(name)
  Allocation.begin(receiver, attachment)
  change(receiver, attachment, () => bind(name, receiver, attachment, isInspected))
  Allocation.attach(receiver, view, type)
  return attachment
}

/** Takes off what is left on the receiver: its memory was transferred, or a change was left half done. */
function settle (name, receiver) {
  const attachment = Allocation.attachmentOf(receiver)
  elementsOf(name, receiver) // runs traps, which may dispose the receiver and allocate it anew
  if (Allocation.attachmentOf(receiver) === attachment) takeOff(receiver)
}

/**
 * Runs `step`, which changes the receiver. If that is a Proxy, its traps run code of others meanwhile, and `isChanging` tells
 * them so. If it is an ordinary object, no other code runs.
 */
function change (receiver, attachment, step) {
  if (!isProxy(receiver)) return step()
  runChange((depth) => {
    attachment.depth = depth
    try {
      step()
    } finally {
      attachment.depth = 0
    }
  })
}

function bind (name, receiver, attachment, isInspected) {
  try {
    removeElements(name, receiver, attachment.removed)
    if (attachment.layer !== undefined) insertLayer(name, receiver, attachment.layer)
    else defineElements(name, receiver, attachment.elements, isInspected)
  } catch (error) {
    unbind(receiver, attachment)
    Allocation.forget(receiver)
    throw error
  }
}

function removeElements (name, receiver, elements) {
  for (const key in elements) {
    if (!deleteProperty(receiver, key)) throw invalidArgValue(name, `does not give up its property ${key}`)
  }
}

/** The receiver's own elements: descriptors by key. Throws where one of them cannot give way. */
function elementsOf (name, receiver) {
  let elements
  const keys = ownKeys(receiver)
  for (let i = 0; i < keys.length; i++) { // not for-of: others may have changed how Arrays are iterated
    const key = keys[i]
    if (!isArrayIndex(key)) continue
    elements ??= { __proto__: null }
    elements[key] = descriptorOf(receiver, key)
    if (!elements[key].configurable) throw invalidArgValue(name, `has a property ${key} that is not configurable`)
  }
  return elements
}

/** The descriptor has no prototype: what others put on Object.prototype must not become part of the property. */
const descriptorOf = (object, key) => ({ __proto__: null, ...getOwnPropertyDescriptor(object, key) })

const isArrayIndex = (key) => typeof key === 'string' && `${key >>> 0}` === key && key !== '4294967295'

/** Defines them one by one: Object.defineProperties takes a quarter longer. */
function defineElements (name, receiver, length, isInspected) {
  const described = 'value' in plainPrototype || 'writable' in plainPrototype ? accessors : plainAccessors
  for (let index = 0; index < length; index++) {
    if (!defineProperty(receiver, index, described[index])) throw invalidArgValue(name, `does not take a property ${index}`)
  }
  if (isInspected) defineProperty(receiver, inspect.custom, inspectMethod)
}

/**
 * Whether the object has an inspect method of its own, or an own property in its place. An inherited method of ours does not
 * count: it goes with the ancestor's data.
 */
function inspectsItself (object) {
  const method = object[inspect.custom]
  return method === undefined ? hasOwn(object, inspect.custom) : method !== inspectAllocation
}

function insertLayer (name, receiver, { prototype, proxy }) {
  const isFree = getPrototypeOf(receiver) === prototype // which a static getter of a class may have changed
  if (!isFree || !setPrototypeOf(receiver, proxy)) throw invalidArgValue(name, 'has a prototype that cannot be changed')
}

/** Undoes `attach`. The elements that the receiver had before come back only after `attachForNow` without `exchange`. */
function takeOff (receiver) {
  const attachment = Allocation.attachmentOf(receiver)
  if (isChanging(attachment)) return
  Allocation.clear(receiver)
  change(receiver, attachment, () => unbind(receiver, attachment))
  Allocation.forget(receiver)
}

/**
 * Takes off what is still ours: the program may have redefined an element or changed the prototype. If it is cut short, it can
 * run again.
 */
function unbind (receiver, { elements, layer, removed }) {
  for (let index = 0; index < elements; index++) {
    if (hasElement(receiver, index)) deleteProperty(receiver, index)
  }
  if (ownValueOf(receiver, inspect.custom) === inspectAllocation) deleteProperty(receiver, inspect.custom)
  if (layer !== undefined && getPrototypeOf(receiver) === layer.proxy) setPrototypeOf(receiver, layer.prototype)
  for (const key in removed) {
    if (getOwnPropertyDescriptor(receiver, key) === undefined) defineProperty(receiver, key, removed[key])
  }
}

/** Whether `index` is still one of our accessors. It asks for the getter, because a whole descriptor takes twice as long. */
function hasElement (receiver, index) {
  if (!hasOwn(receiver, index)) return false // `getterOf` would go on to the prototypes
  const getter = getterOf(receiver, index)
  return getter === accessors[index].get || Allocation.isGetter(getter)
}

function ownValueOf (object, key) {
  const descriptor = getOwnPropertyDescriptor(object, key)
  return descriptor !== undefined && hasOwn(descriptor, 'value') ? descriptor.value : undefined
}

module.exports = { attach, attachForNow, checkReceiver, takeOff, exchange }
