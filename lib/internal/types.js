'use strict'

// The types of elements: their numbers, their names and their typed arrays.

const { Buffer, constants } = require('node:buffer')
const { invalidArgValue, invalidType, unknownType } = require('./errors')
const { SafeMap, uncurry } = require('./primordials')

const { trunc } = Math
const { get: getProperty } = Reflect
const exec = uncurry(RegExp.prototype.exec)

/** The largest allocation, in bytes. */
const kMaxLength = constants.MAX_LENGTH

/** The constructors, by type. The first nine have the numbers of Node 0.12. Float16Array exists from Node 24 on. */
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

/** The language's names of two types. They are not enumerable, so a loop over Types meets each type once. */
const aliases = { __proto__: null, Float32: 'Float', Float64: 'Double' }

/** Matches a word that was meant for a type. Not `then` or `toJSON`, which the engine reads of any object. */
const nameOfType = /^(?:[A-Z]|(?:(?:big)?[uU]?[iI]nt|float|double)(?:\d|$))/

/**
 * The prototype of Types. It makes a misspelt name such as `Types.Flaot` throw: as undefined it would mean Uint8, because
 * programs pass on a type that may be left out (`alloc(length, this, type)`). Only names that Types does not have come here.
 * The others take 0.4 ns to read; if Types itself were a Proxy, they would take 24.
 */
const misspelt = new Proxy(Object.freeze({}), {
  __proto__: null,
  get (target, key, receiver) {
    if (typeof key === 'string' && !(key in target) && exec(nameOfType, key) !== null) throw unknownType(key)
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
 * Constructors of memory, which nobody means as a receiver: `alloc(3, Float32Array)` would give three elements to the class.
 * Each has the name of its type, if there is one.
 */
const memoryClasses = new SafeMap()
for (const [name, type] of Object.entries(Types)) memoryClasses.set(typedArrays[type], name)
for (const Class of [Object.getPrototypeOf(Uint8Array), ArrayBuffer, globalThis.SharedArrayBuffer, DataView, Buffer]) {
  memoryClasses.set(Class, undefined)
}

/** Throws if `object`, the argument `name`, is such a constructor. */
function refuseMemoryClass (name, object) {
  if (typeof object !== 'function' || !memoryClasses.has(object)) return
  const type = memoryClasses.get(object)
  throw invalidArgValue(name, `must not be a constructor of memory${type === undefined ? '' : `: for its type, pass Types.${type}`}`)
}

/** Compares with the length first, because Array.prototype may have a property '20'. */
const isType = (value) =>
  typeof value === 'number' && value >= 1 && value < typedArrays.length && trunc(value) === value && typedArrays[value] !== undefined

/** The typed array constructor of a type. */
function typedArrayOf (type) {
  if (!isType(type)) throw invalidType(type, memoryClasses.get(type))
  return typedArrays[type]
}

/** The value 0 of a type. */
const zeroOf = (type) => type === Types.BigInt64 || type === Types.BigUint64 ? 0n : 0

module.exports = { Types, kMaxLength, aliases, defineAlias, refuseMemoryClass, typedArrays, typedArrayOf, zeroOf }
