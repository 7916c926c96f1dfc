'use strict'

// Pseudo-random numbers that a seed repeats: Marsaglia's xorshift of 32 bits. Its period of 2^32 - 1 is some hundred
// times what one thread of a soak of ten minutes draws.

class Random {
  #state = 0x2545f491

  /** The same numbers, all of 32 bits, give the same sequence; others another. */
  constructor (...seeds) {
    for (const seed of seeds) {
      this.#state = Math.imul(this.#state ^ seed, 0x9e3779b1)
      this.#state = (this.#state ^ (this.#state >>> 15)) || 1
      for (let round = 0; round < 8; round++) this.#next()
    }
  }

  #next () {
    let state = this.#state
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    this.#state = state
    return state >>> 0
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
