'use strict'

// Checks of arguments that several functions share.

const { invalidArgType, outOfRange } = require('./errors')

const { trunc } = Math

/**
 * A number of elements, or a position among them: `value` without its fraction, from 0 to `max`. Without a `max` it may be
 * infinite, and the caller then compares it with a length, which it reads last.
 * Only numbers are accepted. Nothing is converted, so no code of the caller's runs here.
 */
function toCount (value, name, max = Infinity) {
  if (typeof value !== 'number') throw invalidArgType(name, 'a number', value)
  if (!(value >= 0)) throw outOfRange(name, 'a number from 0 on', value)
  if (!(value <= max)) throw outOfRange(name, `at most ${max}`, value) // not `value > max`: a NaN as `max` must allow nothing
  return trunc(value)
}

const isObject = (value) => (typeof value === 'object' && value !== null) || typeof value === 'function'

module.exports = { toCount, isObject }
