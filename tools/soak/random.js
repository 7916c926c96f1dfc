'use strict'

// Pseudo-random numbers that a seed repeats, by the library that fast-check uses. Its Mersenne twister mixes the seed well:
// with xoroshiro128+ the first number is the same for all small seeds.

const { mersenne } = require('pure-rand/generator/mersenne')

class Random {
  #generator

  /** The same numbers, all of 32 bits, give the same sequence; others another. */
  constructor (...seeds) {
    let seed = 0
    for (const next of seeds) seed = mersenne(seed ^ next).next()
    this.#generator = mersenne(seed)
  }

  #next () {
    return this.#generator.next() >>> 0
  }

  /** A whole number from 0 to `limit - 1`. */
  below (limit) {
    return Math.floor(this.#next() / 2 ** 32 * limit)
  }

  /** A whole number from `min` to `max`. */
  between (min, max) {
    return min + this.below(max - min + 1)
  }

  /** A whole number from `min` to `max`, each power of two as likely as the next. */
  spread (min, max) {
    return Math.floor(min * (max / min) ** (this.#next() / 2 ** 32))
  }

  /** True `times` out of `of`. */
  chance (times, of) {
    return this.below(of) < times
  }

  pick (list) {
    return list[this.below(list.length)]
  }

  /** One of the pairs of weight and value: its value. The weights are whole numbers. */
  weighted (pairs) {
    let left = this.below(pairs.reduce((sum, [weight]) => sum + weight, 0))
    return pairs.find(([weight]) => (left -= weight) < 0)[1]
  }
}

module.exports = { Random }
