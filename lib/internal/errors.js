'use strict'

// Every error that this package throws is made here, except those that say why the addon did not load: see ../native/.

const { inspect } = require('node:util')

const { Error, RangeError, TypeError } = globalThis
const { defineProperty } = Object

/** Defines `code`. An assignment could meet a setter or a read-only property on Object.prototype. */
function withCode (error, code) {
  return defineProperty(error, 'code', { __proto__: null, value: code, enumerable: true, configurable: true, writable: true })
}

/** How much an error shows of a string or a bigint. */
const SHOWN_CHARACTERS = 40

/** The value in words. Runs no code of the value's: even the name of a function may be a getter. */
function show (value) {
  if (typeof value === 'function') return 'a function'
  if (typeof value === 'object' && value !== null) return 'an object'
  if (typeof value === 'symbol') return 'a symbol'
  if (typeof value === 'string') return `the string ${inspect(value, { __proto__: null, maxStringLength: SHOWN_CHARACTERS })}`
  if (typeof value === 'bigint') return showBigInt(`${value}n`)
  return inspect(value)
}

const showBigInt = (text) => text.length > SHOWN_CHARACTERS ? 'a bigint' : `${text} (a bigint)`

const invalidArgType = (name, expected, value) =>
  withCode(new TypeError(`${name} must be ${expected}; received ${show(value)}`), 'ERR_INVALID_ARG_TYPE')

/** For an object of the right type that this call cannot use. */
const invalidArgValue = (name, why) =>
  withCode(new TypeError(`${name} ${why}`), 'ERR_INVALID_ARG_VALUE')

/** If the value is the constructor of a typed array, `name` is the name of its type. */
const invalidType = (value, name) => typeof value === 'number'
  ? withCode(new TypeError(`type must be one of Types; received ${value}`), 'ERR_INVALID_ARG_VALUE')
  : invalidArgType('type', name === undefined ? 'one of Types' : `Types.${name}`, value)

const unknownType = (name) => withCode(new TypeError(name === 'Float16'
  ? 'Types has no Float16: this runtime has no Float16Array'
  : `Types has no ${name.length > SHOWN_CHARACTERS ? 'such type' : name}`), 'ERR_INVALID_ARG_VALUE')

/** The memory is no whole number of elements of `type`, or does not begin where such an element may. */
const misfit = (why) => withCode(new RangeError(`type must fit the memory of obj: ${why}`), 'ERR_OUT_OF_RANGE')

const outOfRange = (name, range, value) =>
  withCode(new RangeError(`${name} must be ${range}; received ${inspect(value)}`), 'ERR_OUT_OF_RANGE')

const notWhole = (name, elementSize, byteLength) =>
  withCode(new RangeError(`${name} must be a multiple of ${elementSize} bytes long; it has ${byteLength}`), 'ERR_OUT_OF_RANGE')

const noMemory = (byteLength) =>
  withCode(new RangeError(`cannot allocate ${byteLength} bytes`), 'ERR_MEMORY_ALLOCATION_FAILED')

/** The words of Node 0.12, then `why` if there is more to say: see ../elements/no-data.js. */
const noExternalData = (name, why) =>
  withCode(new Error(`${name} has no external array data${why ? `: ${why}` : ''}`), 'ERR_NO_EXTERNAL_DATA')

const untransferable = () => invalidArgValue('obj', 'has memory that cannot be detached: it is marked as untransferable')

/** The engine throws this in strict mode only. Whether the assignment was in strict mode cannot be known here. */
const cannotSet = (key) =>
  withCode(new TypeError(`${nameOf(key)} cannot be set on an object that is not extensible`), 'ERR_INVALID_ARG_VALUE')

const nameOf = (key) => typeof key === 'number' ? `element ${key}` : key

const noTrace = () =>
  withCode(new Error('report() needs the environment variable SMALLOC_TRACE=1 from the start of the process'), 'ERR_INVALID_STATE')

module.exports = {
  cannotSet,
  invalidArgType,
  invalidArgValue,
  invalidType,
  notWhole,
  misfit,
  unknownType,
  outOfRange,
  noMemory,
  noExternalData,
  noTrace,
  untransferable
}
