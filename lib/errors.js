'use strict'

// Every error that this package throws is made here.

const { inspect } = require('node:util')

const { Error, RangeError, TypeError } = globalThis
const { defineProperty } = Object

/** Defined, not assigned: Object.prototype may have a setter of that name, or a property that is read-only. */
function withCode (error, code) {
  return defineProperty(error, 'code', { __proto__: null, value: code, enumerable: true, configurable: true, writable: true })
}

/** Runs no code of the value's: the name of a function may be a getter. */
function show (value) {
  if (typeof value === 'function') return 'a function'
  if (typeof value === 'object' && value !== null) return 'an object'
  return `${typeof value} ${inspect(value)}`
}

const invalidArgument = (name, expected, value) =>
  withCode(new TypeError(`${name} must be ${expected}; received ${show(value)}`), 'ERR_INVALID_ARG_TYPE')

/** A receiver or dest of the right type that cannot take external array data. */
const invalidReceiver = (name, why) =>
  withCode(new TypeError(`${name} ${why}`), 'ERR_INVALID_ARG_VALUE')

const invalidType = (value) => typeof value === 'number'
  ? withCode(new TypeError(`type must be one of Types; received ${value}`), 'ERR_INVALID_ARG_VALUE')
  : invalidArgument('type', 'one of Types', value)

const outOfRange = (name, range, value) =>
  withCode(new RangeError(`${name} must be ${range}; received ${inspect(value)}`), 'ERR_OUT_OF_RANGE')

const noMemory = (byteLength) =>
  withCode(new RangeError(`cannot allocate ${byteLength} bytes`), 'ERR_MEMORY_ALLOCATION_FAILED')

const noExternalData = (name) =>
  withCode(new Error(`${name} has no external array data`), 'ERR_NO_EXTERNAL_DATA')

/** What the engine throws in strict mode; whether the assignment was in strict mode cannot be known here. */
const cannotSet = (key) =>
  withCode(new TypeError(`${nameOf(key)} cannot be set on an object that is not extensible`), 'ERR_INVALID_ARG_VALUE')

const nameOf = (key) => typeof key === 'number' ? `element ${key}` : key

const incompleteAddon = (name) =>
  withCode(new Error(`the native addon has no ${name}: is there one on Object.prototype?`), 'ERR_DLOPEN_FAILED')

module.exports = {
  cannotSet,
  incompleteAddon,
  invalidArgument,
  invalidReceiver,
  invalidType,
  outOfRange,
  noMemory,
  noExternalData
}
