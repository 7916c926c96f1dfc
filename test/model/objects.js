'use strict'

// The model's objects: what an object with elements answers to reads, writes, `in`, delete, defineProperty and so on.
// An ordinary object without a prototype keeps the other properties, so the engine itself applies its rules to them.

const engine = require('./engine')
const { isIndex, isNumeric } = require('./memory')

/** The property in `own` that stands for an element of a small receiver. */
const element = { get: () => {}, set: function (value) { return value }, enumerable: true, configurable: true }

/** The model expects an error: any one of `errors`, each a name and a code as in 'RangeError ERR_OUT_OF_RANGE'. */
class Refusal extends Error {
  constructor (...errors) {
    super(errors.join(' or '))
    this.errors = errors
  }
}

const { defineProperty, getOwnPropertyDescriptor, ownKeys } = Reflect

class ModelObject {
  /** All properties but elements. A small receiver has its elements here, too, as `element`. Extensible if the object is. */
  own = Object.create(null)
  /** A ModelObject or null. */
  proto = null
  /** The elements, if there are or were some. */
  window = undefined
  /** Whether it is a typed array itself, as bare and External objects are. */
  isTypedArray = false
  /** Whether it has ever been allocated. */
  isOurs = false
  /** False for a slice. */
  ownsMemory = false
  /** The object that a large receiver has put before its prototype. */
  layer = undefined
  /** Of a layer: the receiver. */
  layerOf = undefined
  /** The real object, where no step changes it: Object.prototype, for example. */
  leaf = undefined
  /** Whether it is a Proxy, as layers are: the engine does not look behind it for circles of prototypes. */
  isProxy = false
  /** Whether it was sealed or frozen. */
  isSealed = false
  isDataView = false
  isArray = false
  isArrayBuffer = false
  /** The bytes of an ArrayBuffer. */
  memory = undefined

  constructor (name, real) {
    this.name = name
    this.real = real
  }

  get hasData () {
    return this.window !== undefined && this.window.memory.live
  }

  get isExtensible () {
    return Object.isExtensible(this.own)
  }
}

/** By the getter alone: a user may have replaced that and left the setter. */
const isElement = (descriptor) => descriptor !== undefined && descriptor.get === element.get

/** Whether the object answers for this key alone, whatever it inherits. */
const keepsToItself = (object, key) => (object.isTypedArray || object.layerOf !== undefined) && isNumeric(key)

/** The nearest object with such an element, from `target` on. All small receivers share their accessors, which search like this. */
function nearest (target, key) {
  for (let object = target; object !== null; object = object.proto) {
    if (object.isOurs && object.hasData && object.window.has(key)) return object
  }
}

function get (object, key, target = object) {
  if (object === null) return undefined
  if (object.leaf !== undefined) return Reflect.get(object.leaf, key, target.real)
  if (keepsToItself(object, key)) return object.window.has(key) ? object.window.read(key) : undefined
  const descriptor = getOwnPropertyDescriptor(object.own, key)
  if (descriptor === undefined) return get(object.proto, key, target)
  if (isElement(descriptor)) return nearest(target, key)?.window.read(key)
  return descriptor.get === undefined ? descriptor.value : descriptor.get.call(target.real)
}

function has (object, key) {
  if (object === null) return false
  if (object.leaf !== undefined) return Reflect.has(object.leaf, key)
  if (keepsToItself(object, key)) return object.window.has(key)
  return getOwnPropertyDescriptor(object.own, key) !== undefined || has(object.proto, key)
}

/**
 * Whether the assignment is done; it is a TypeError where not. `value` has the value itself and `numberFor`, which
 * converts it to what a window takes.
 */
function set (object, key, value, target = object) {
  if (object === null || object.leaf !== undefined) return setOwn(target, key, value)
  if (keepsToItself(object, key)) {
    if (object === target || (object.layerOf === target && isIndex(key))) return setElement(object.window, key, value)
    if (object.layerOf !== undefined) return setOwn(target, key, value)
    if (!object.window.has(key)) return setPastEndOfParent(object.window, key, value, target)
    return setOwn(target, key, value)
  }
  const descriptor = getOwnPropertyDescriptor(object.own, key)
  if (descriptor === undefined) return set(object.proto, key, value, target)
  if (descriptor.set === element.set) {
    if (target.hasData && target.window.has(key)) return setElement(target.window, key, value)
    return getOwnPropertyDescriptor(target.own, key) !== undefined || setOwn(target, key, value)
  }
  if (descriptor.get !== undefined || !descriptor.writable) return false
  return setOwn(target, key, value)
}

function setElement (window, key, value) {
  const number = value.numberFor(window)
  if (window.has(key)) window.write(key, number)
  return true
}

function setOwn (target, key, { value }) {
  const descriptor = getOwnPropertyDescriptor(target.own, key)
  if (descriptor === undefined) {
    return defineProperty(target.own, key, { value, enumerable: true, configurable: true, writable: true })
  }
  return descriptor.writable === true && defineProperty(target.own, key, { value })
}

/** A write to an object that inherits from a typed array without such an element. */
function setPastEndOfParent (window, key, value, target) {
  const { becomesOwn, isConverted } = engine.writeOfHeir(key)
  if (becomesOwn) return setOwn(target, key, value)
  if (isConverted) value.numberFor(window)
  return true
}

function define (object, key, descriptor, value) {
  if (!keepsToItself(object, key)) return defineProperty(object.own, key, descriptor)
  if (!object.window.has(key) || descriptor.get !== undefined) return false
  if ([descriptor.writable, descriptor.enumerable, descriptor.configurable].includes(false)) return false
  return 'value' in descriptor ? setElement(object.window, key, value) : true
}

function remove (object, key) {
  if (keepsToItself(object, key)) return !object.window.has(key)
  return Reflect.deleteProperty(object.own, key)
}

/** The descriptor of an own property. That of an accessor for an element has `element: true`. */
function descriptorOf (object, key) {
  if (keepsToItself(object, key)) {
    if (!object.window.has(key)) return undefined
    return { value: object.window.read(key), writable: true, enumerable: true, configurable: true }
  }
  const descriptor = getOwnPropertyDescriptor(object.own, key)
  if (!isElement(descriptor)) return descriptor
  return { element: true, enumerable: descriptor.enumerable, configurable: descriptor.configurable }
}

/** '0', '1' and so on, as far as they have been asked for. */
const indexNames = []

function keysOf (object) {
  if (!object.isTypedArray && object.layerOf === undefined) return ownKeys(object.own)
  while (indexNames.length < object.window.length) indexNames.push(String(indexNames.length))
  return [...indexNames.slice(0, object.window.length), ...ownKeys(object.own)]
}

/** Of a key that the object has. */
const isEnumerable = (object, key) => keepsToItself(object, key) || getOwnPropertyDescriptor(object.own, key).enumerable

/** The keys of a for-in loop. Sorted, because the order of inherited keys is not specified. */
function forIn (object) {
  const seen = new Set()
  const result = []
  let hidesNumbers = false
  for (let at = object; at !== null; at = at.proto) {
    for (const key in at.leaf) if (!seen.has(key)) result.push(key)
    for (const key of keysOf(at)) {
      if (typeof key === 'symbol' || seen.has(key) || (hidesNumbers && isNumeric(key))) continue
      seen.add(key)
      if (isEnumerable(at, key)) result.push(key)
    }
    hidesNumbers ||= at.isTypedArray || at.layerOf !== undefined
  }
  return result.sort()
}

/**
 * Whether an engine's for-in may visit too many or too few keys of this object:
 *
 * - JavaScriptCore visits keys that a typed array hides.
 * - V8 visits too few or too many keys behind a Proxy of the user's.
 * - Behind a layer, which is a Proxy, V8 also visits a property that it should not: a nearer object has one of the same name that
 *   is not enumerable, and hides it.
 */
function isMissedByForIn (object) {
  const hidden = new Set()
  let isBehindProxy = false
  let hidesNumbers = false
  for (let at = object; at !== null; at = at.proto) {
    if (at.isProxy && at.layerOf === undefined) return true
    isBehindProxy ||= at.isProxy
    for (const key of keysOf(at)) {
      if (!isEnumerable(at, key)) hidden.add(key)
      else if (isBehindProxy && hidden.has(key)) return true
      if (hidesNumbers && isNumeric(key) && !engine.forInAsksTypedArrays) return true
    }
    hidesNumbers ||= at.isTypedArray || at.layerOf !== undefined
  }
  return false
}

/** `method` is 'freeze', 'seal' or 'preventExtensions'. False where it throws a TypeError. */
function restrict (object, method) {
  const { isDone, effect } = object.isTypedArray
    ? engine.integrityOf(method, object.window.length)
    : { isDone: true, effect: method }
  if (effect !== undefined) Object[effect](object.own)
  if (effect === 'freeze' || effect === 'seal') object.isSealed = true
  return isDone
}

/** What Reflect.setPrototypeOf returns. Undefined for a circle with a Proxy in it, which the engine does not see. */
function setProto (object, proto) {
  if (object.proto === proto) return true
  if (!object.isExtensible) return false
  let isSeen = !object.isProxy
  for (let at = proto; at !== null; at = at.proto) {
    if (at === object) return isSeen ? false : undefined
    if (at.isProxy) isSeen = false
  }
  object.proto = proto
  return true
}

module.exports = {
  ModelObject, Refusal, element, isElement, get, set, has, define, remove, descriptorOf, keysOf, forIn, isMissedByForIn, restrict, setProto
}
