'use strict'

// What can be observed of an object. The same questions go to a real object and to its model.

const { inspect } = require('node:util')
const { isArrayIndex, isNumeric, types } = require('./memory')
const objects = require('./objects')
const { getter, sign } = require('./values')

/** The keys that every object is asked for, beside the indices. */
const KEYS = ['-1', '1.5', '-0', 'NaN', '4294967294', '4294967295', '01', 'x', sign]

/** Longer lists of keys take too long to make. */
const LISTED_ELEMENTS = 200

/**
 * Whether V8 may miss what the object inherits under this key. A load that has not found such a number behind a typed array,
 * five times in one place, does not find it either once an object between the two defines it: Node 20 to 26, without
 * smalloc, too. Reflect looks anew each time.
 */
function isMissedByLoads (object, key) {
  const name = toKey(key)
  return isNumeric(name) && !isArrayIndex(name) && !Object.hasOwn(object, name)
}

/** The getter itself: the ArrayBuffer may have another prototype. */
const { get: byteLengthOf } = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, 'byteLength')

/** How to ask a real object. `nameOf` gives the name of an object that the sequence knows. */
function realFace (smalloc, nameOf) {
  return {
    hasData: (object) => smalloc.hasExternalData(object),
    window (object) {
      const elements = smalloc.view(object)
      const bytes = new Uint8Array(elements.buffer, elements.byteOffset, elements.byteLength)
      return { type: elements.constructor.name, length: elements.length, bytes }
    },
    arrayBuffer: (object) => byteLengthOf.call(object) === 0 ? new Uint8Array(0) : new Uint8Array(object), // detached or not
    isExtensible: Object.isExtensible,
    proto: (object) => nameOf(Object.getPrototypeOf(object)),
    get: (object, key) => isMissedByLoads(object, key) ? Reflect.get(object, key) : object[key],
    has: (object, key) => isMissedByLoads(object, key) ? Reflect.has(object, key) : key in object,
    descriptor (object, key) {
      const found = Reflect.getOwnPropertyDescriptor(object, key)
      return found?.get === undefined || found.get === getter ? found : { ...found, element: true }
    },
    keys: (object) => Reflect.ownKeys(object).filter((key) => key !== inspect.custom),
    forIn (object) {
      const keys = []
      for (const key in object) keys.push(key)
      return keys.sort()
    },
    ownInspect: (object) => Object.hasOwn(object, inspect.custom)
  }
}

/** The name of the typed array that has elements of the type. */
const arrayNameOf = (type) => types[type].clamped ? 'Uint8ClampedArray' : `${types[type].method}Array`

/** How to ask a ModelObject the same. */
const modelFace = {
  hasData: (object) => object.hasData,
  window: ({ window }) => ({ type: arrayNameOf(window.type), length: window.length, bytes: window.bytes() }),
  arrayBuffer: ({ memory }) => memory.bytes,
  isExtensible: (object) => object.isExtensible,
  proto: ({ proto }) => proto === null ? 'null' : proto.name,
  get: (object, key) => objects.get(object, toKey(key)),
  has: (object, key) => objects.has(object, toKey(key)),
  descriptor: (object, key) => objects.descriptorOf(object, toKey(key)),
  keys: objects.keysOf,
  forIn: objects.forIn
}

const toKey = (key) => typeof key === 'symbol' ? key : String(key)

/** The indices to ask for: all if there are few. Else those near the ends, and near the lengths that lib/ treats differently. */
function indicesOf (length, isThorough) {
  if (!isThorough) return [0, length >> 1, length - 1, length].filter((index) => index >= 0)
  const all = [0, 1, 2, 15, 16, 17, 63, 64, 65, length >> 1, length - 2, length - 1, length, length + 1]
  if (length <= LISTED_ELEMENTS) for (let index = 0; index < length; index++) all.push(index)
  return [...new Set(all.filter((index) => index >= 0))]
}

/** The largest number of elements that the object or one of its prototypes has. */
function longest (object) {
  let length = 0
  for (let at = object; at !== null; at = at.proto) length = Math.max(length, at.window?.length ?? 0)
  return length
}

/** What to ask about a ModelObject: the indices and `keys`, and more where `isThorough`. */
function questionsOf (object, keys, isThorough) {
  const length = object.window?.count ?? 0
  const most = longest(object)
  const listed = isThorough ? LISTED_ELEMENTS : 20
  return {
    keys: [...indicesOf(length, isThorough), ...isThorough ? KEYS : ['-1', '4294967295', 'x'], ...keys],
    isArrayBuffer: object.isArrayBuffer,
    listsKeys: !object.isTypedArray || length <= listed,
    listsAll: most <= listed && !objects.isMissedByForIn(object)
  }
}

/** The answers, each after its question and the key that this is about: all in one list, because there are very many. */
function factsOf (face, object, { keys, listsKeys, listsAll, isArrayBuffer }) {
  const facts = []
  const tell = (answer, question, key = '') => facts.push(question, key, answer)
  if (isArrayBuffer) tell(face.arrayBuffer(object), 'bytes of the ArrayBuffer')
  const hasData = face.hasData(object)
  tell(hasData, 'hasExternalData')
  if (hasData) {
    const { type, length, bytes } = face.window(object)
    tell(type, 'view: type')
    tell(length, 'view: length')
    tell(bytes, 'view: bytes')
  }
  tell(face.isExtensible(object), 'isExtensible')
  tell(face.proto(object), 'prototype')
  for (const key of keys) {
    tell(face.get(object, key), 'get', key)
    tell(face.has(object, key), 'in', key)
    const descriptor = face.descriptor(object, key)
    tell(descriptor === undefined ? 'none' : flagsOf(descriptor), 'own', key)
    if (descriptor !== undefined && 'value' in descriptor) tell(descriptor.value, 'own value', key)
  }
  if (listsKeys) tell(face.keys(object).map(String).join(), 'own keys')
  if (listsAll) tell(face.forIn(object).join(), 'for-in')
  return facts
}

function flagsOf ({ element, get, writable, enumerable, configurable }) {
  const kind = element ? 'element' : get !== undefined ? 'accessor' : writable ? 'writable' : 'read-only'
  return `${kind}${enumerable ? ' enumerable' : ''}${configurable ? ' configurable' : ''}`
}

/** Asks the real object and its model the same. Returns what is different, or undefined. */
function compare (face, object, questions) {
  const found = factsOf(face, object.real, questions)
  const expected = factsOf(modelFace, object, questions)
  for (let at = 0; at < Math.max(found.length, expected.length); at++) {
    if (!isSame(found[at], expected[at])) return difference(found, expected, at)
  }
}

const isSame = (one, other) =>
  one instanceof Uint8Array && other instanceof Uint8Array ? Buffer.compare(one, other) === 0 : Object.is(one, other)

/** An answer makes further questions: so the two may also differ in these. */
function difference (found, expected, at) {
  const start = at - at % 3
  const [question, other] = [found, expected].map((facts) => facts.slice(start, start + 2).map(String).join(' '))
  if (question !== other) return `${question} stands where ${other} was expected`
  const [value, answer] = [found[at], expected[at]]
  if (value instanceof Uint8Array && answer instanceof Uint8Array) return differentBytes(value, answer)
  return `${question} is ${textOf(value)} instead of ${textOf(answer)}`
}

function differentBytes (found, expected) {
  if (found.length !== expected.length) return `there are ${found.length} bytes instead of ${expected.length}`
  const at = expected.findIndex((byte, index) => found[index] !== byte)
  return `byte ${at} is ${found[at]} instead of ${expected[at]}`
}

function textOf (value) {
  if (Object.is(value, -0)) return '-0'
  if (typeof value === 'object' && value !== null) return 'an object'
  return typeof value === 'bigint' ? `${value}n` : String(value)
}

module.exports = { realFace, questionsOf, compare, toKey }
