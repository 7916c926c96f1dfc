'use strict'

const { Buffer, constants } = require('node:buffer')
const { invalidReceiver, invalidType, unknownType } = require('./errors')
const { SafeMap, uncurry } = require('./primordials')

const { trunc } = Math
const { get: getProperty } = Reflect
const match = uncurry(RegExp.prototype.exec)

/** The largest allocation, in bytes. */
const kMaxLength = constants.MAX_LENGTH

/** By number. The first nine have those of Node 0.12; Float16Array is there from Node 24 on. */
const typedArrays = [
  undefined,
  Int8Array,
  Uint8Array,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  Uint8ClampedArray,
  BigInt64Array,
  BigUint64Array,
  globalThis.Float16Array
]

/** What the language calls these types. Not enumerable: a loop over Types meets each type once. */
const aliases = { __proto__: null, Float32: 'Float', Float64: 'Double' }

/** A word that was meant for a type: not `then` or `toJSON`, which others ask of any object. */
const nameOfType = /^(?:[A-Z]|(?:u?int|float|double|big(?:u?int))(?:\d|$))/

/**
 * What Types inherits from. Undefined for a type means Uint8, because programs pass on a type that may be left out
 * (`alloc(length, this, type)`). So a name that is misspelt must not be read as undefined: `Types.Flaot` throws. Only a name
 * that Types does not have comes here: the others take 0.4 ns to read, as of any object; with a Proxy for Types it was 24.
 */
const misspelt = new Proxy(Object.freeze({}), {
  __proto__: null,
  get (target, key, receiver) {
    if (typeof key === 'string' && !(key in target) && match(nameOfType, key) !== null) throw unknownType(key)
    return getProperty(target, key, receiver)
  }
})

/** The types of elements. */
const Types = {
  __proto__: misspelt,
  Int8: 1,
  Uint8: 2,
  Int16: 3,
  Uint16: 4,
  Int32: 5,
  Uint32: 6,
  Float: 7,
  Double: 8,
  Uint8Clamped: 9,
  BigInt64: 10,
  BigUint64: 11,
  ...globalThis.Float16Array === undefined ? {} : { Float16: 12 }
}
for (const alias in aliases) defineAlias(Types, alias, Types[aliases[alias]])
Object.freeze(Types)

function defineAlias (object, alias, value) {
  Object.defineProperty(object, alias, { __proto__: null, value })
}

/**
 * Classes that are not what a caller means for a receiver: `alloc(3, Float32Array)` would give the class three elements.
 * The name of the type is by it, where there is one.
 */
const memoryClasses = new SafeMap()
for (const [name, type] of Object.entries(Types)) memoryClasses.set(typedArrays[type], name)
for (const Class of [Object.getPrototypeOf(Uint8Array), ArrayBuffer, globalThis.SharedArrayBuffer, DataView, Buffer]) {
  memoryClasses.set(Class, undefined)
}

/** Throws where `object`, the argument `name`, is such a class. */
function refuseMemoryClass (name, object) {
  if (typeof object !== 'function' || !memoryClasses.has(object)) return
  const type = memoryClasses.get(object)
  throw invalidReceiver(name, `must not be a constructor of memory${type === undefined ? '' : `: for its type, pass Types.${type}`}`)
}

/** Not by a look into the list: Array.prototype may have a property '20'. */
const isType = (value) =>
  typeof value === 'number' && value >= 1 && value < typedArrays.length && trunc(value) === value && typedArrays[value] !== undefined

/** The typed array constructor of a type. */
function typedArrayOf (type) {
  if (!isType(type)) throw invalidType(type, memoryClasses.get(type))
  return typedArrays[type]
}

/** What zeroes elements of a type. */
const zeroOf = (type) => type === Types.BigInt64 || type === Types.BigUint64 ? 0n : 0

module.exports = { Types, kMaxLength, aliases, defineAlias, refuseMemoryClass, typedArrays, typedArrayOf, zeroOf }
