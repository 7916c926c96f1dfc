'use strict'

const { invalidArgument, outOfRange } = require('./errors')

const { trunc } = Math

/**
 * A number of elements or a position among them: `value` without its fraction, at least 0, at most `max`.
 * What is no number is refused, not coerced: no code of the caller's runs here.
 */
function toCount (value, name, max) {
  if (typeof value !== 'number') throw invalidArgument(name, 'a number', value)
  if (!(value >= 0 && value <= max)) throw outOfRange(name, `at least 0 and at most ${max}`, value)
  return trunc(value)
}

const isObject = (value) => (typeof value === 'object' && value !== null) || typeof value === 'function'

module.exports = { toCount, isObject }
