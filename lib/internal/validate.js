'use strict'

const { invalidArgument, outOfRange } = require('./errors')

const { trunc } = Math

/**
 * A number of elements or a position among them: `value` without its fraction, at least 0, at most `max`. Without a `max`
 * it may be infinite: the caller compares it with a length, which is read last.
 * What is no number is refused, not coerced: no code of the caller's runs here.
 */
function toCount (value, name, max = Infinity) {
  if (typeof value !== 'number') throw invalidArgument(name, 'a number', value)
  if (!(value >= 0)) throw outOfRange(name, 'a number from 0 on', value)
  if (!(value <= max)) throw outOfRange(name, `at most ${max}`, value) // a `max` that is NaN allows nothing
  return trunc(value)
}

const isObject = (value) => (typeof value === 'object' && value !== null) || typeof value === 'function'

module.exports = { toCount, isObject }
