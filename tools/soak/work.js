'use strict'

// How one thread works: rounds of the mix, a turn of the event loop at a time, each with numbers of its own; between
// two rounds a rest, in which it holds nothing.

const { setImmediate: turned, setTimeout: passed } = require('node:timers/promises')
const v8 = require('node:v8')
const { faults } = require('./faults')
const { Mix } = require('./mix')
const { Random } = require('./random')

/** In turns. Longer than what comes back waits: then the purge thread has returned it. */
const PAUSE = { at: 70, every: 500, milliseconds: 1400 }

/** In milliseconds: how often a thread that waits shows that its event loop turns. */
const BEAT_EVERY = 100

class Work {
  #seed
  #thread
  #life
  #tally
  #mix
  #fault

  /** `fault`: the name of what this thread does wrong on purpose. */
  constructor ({ seed, thread, life = 0, limit, tally, fault }) {
    this.#seed = seed
    this.#thread = thread
    this.#life = life
    this.#tally = tally
    this.#mix = new Mix({ random: this.#randomOf(0), tally, limit, thread, life })
    this.#fault = faults[fault]
  }

  #randomOf (round) {
    return new Random(this.#seed, this.#thread, this.#life, round)
  }

  /** Works until `isOver()`, and lets go of everything. */
  async round (number, isOver) {
    this.#mix.start(this.#randomOf(number))
    for (let turn = 1; !isOver(); turn++) {
      this.#mix.turn()
      this.#fault?.(this.#mix, turn)
      if (turn % PAUSE.every === PAUSE.at) await this.#pause(isOver)
      else await turned()
    }
    this.#tally.begin('rest')
    this.#mix.end()
    const held = this.#tally.get('held')
    if (held !== 0) throw new Error(`${held} bytes are held by nobody`)
  }

  async #pause (isOver) {
    this.#tally.begin('pause')
    for (let waited = 0; waited < PAUSE.milliseconds && !isOver(); waited += BEAT_EVERY) await this.wait(BEAT_EVERY)
  }

  /** Collects garbage, gives finalizers their turns, and says what is left. */
  async collect () {
    for (let times = 0; times < 2; times++) {
      globalThis.gc()
      await this.wait(BEAT_EVERY)
    }
    const { total_physical_size: heap, used_heap_size: objects } = v8.getHeapStatistics()
    this.#tally.set('heap', heap)
    this.#tally.set('objects', objects)
  }

  /** Waits, and shows that the event loop turns. */
  async wait (milliseconds) {
    for (let left = milliseconds; left > 0; left -= BEAT_EVERY) {
      await passed(Math.min(left, BEAT_EVERY))
      this.#tally.beat()
    }
  }
}

module.exports = { Work }
