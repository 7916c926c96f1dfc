'use strict'

// How one thread works: rounds of random sequences, which run against the model of test/model/. Between two rounds the thread rests
// and holds nothing.

const { setImmediate: turned, setTimeout: passed } = require('node:timers/promises')
const v8 = require('node:v8')
const fc = require('fast-check')
const { mersenne } = require('pure-rand/generator/mersenne')
const { run: runSequence } = require('../../test/model/runner')
const { soakSequences } = require('../../test/model/sequences')
const { plantedBugs } = require('./planted-bugs')

/** So many sequences are made at once. */
const BATCH = 10

/** Disposed memory waits up to 0.8 s in the cache, then up to 1.25 s in Rust. Then the purge thread returns it to the system. */
const PAUSE_MS = 2200
const PAUSE_EVERY = 200

/** How often a thread that waits shows that its event loop turns. */
const BEAT_EVERY_MS = 100

/** One seed of several numbers. The Mersenne twister mixes well: similar numbers give seeds that have nothing in common. */
const seedOf = (...numbers) => numbers.reduce((seed, number) => mersenne(seed ^ number).next(), 0)

class Work {
  #options
  #counters
  #lastBeat = performance.now()
  #stepsOfRound

  /** `plant` names the bug that is planted in this thread. */
  constructor ({ seed, thread, life = 0, plant }, counters) {
    this.#options = { seed, thread, life, plantedBug: plantedBugs[plant] }
    this.#counters = counters
  }

  /** Runs sequences until `isOver()`. */
  async round (round, isOver) {
    const { seed, thread, life } = this.#options
    this.#stepsOfRound = 0
    let batch
    for (let number = 0; !isOver(); number++) {
      const seedOfBatch = seedOf(seed, thread, life, round, number)
      if (number % BATCH === 0) batch = fc.sample(soakSequences, { seed: seedOfBatch, numRuns: BATCH })
      await turned()
      this.#beat()
      await this.#run(batch[number % BATCH], `sequence ${number} of round ${round}`)
      if (number % PAUSE_EVERY === 30) await this.#pause(isOver)
    }
  }

  async #run (sequence, name) {
    const counters = this.#counters
    const { allocatedBytes, comparedBytes } = counters
    const after = (run) => {
      counters.steps++
      counters.heldBytes = 2 * run.heldBytes() // the model holds as much as the sequence does
      counters.allocatedBytes = allocatedBytes + run.allocatedBytes
      counters.comparedBytes = comparedBytes + run.comparedBytes
      this.#beat()
      this.#options.plantedBug?.(run, ++this.#stepsOfRound)
    }
    try {
      await runSequence(sequence, { before: (kind) => { counters.at = kind }, after })
    } catch (error) {
      error.message = `${name}: ${error.message}`
      throw error
    }
    counters.heldBytes = 0
  }

  async #pause (isOver) {
    this.#counters.at = 'pause'
    for (let waited = 0; waited < PAUSE_MS && !isOver(); waited += BEAT_EVERY_MS) await this.wait(BEAT_EVERY_MS)
  }

  /** Collects garbage, gives finalizers their turns, and says what is left. */
  async collect () {
    this.#counters.at = 'rest'
    for (let times = 0; times < 2; times++) {
      globalThis.gc()
      await this.wait(BEAT_EVERY_MS)
    }
    const { total_physical_size: heapBytes, used_heap_size: objectBytes } = v8.getHeapStatistics()
    Object.assign(this.#counters, { heapBytes, objectBytes })
  }

  /** Waits, and shows that the event loop turns. */
  async wait (milliseconds) {
    for (let left = milliseconds; left > 0; left -= BEAT_EVERY_MS) {
      await passed(Math.min(left, BEAT_EVERY_MS))
      this.#beat()
    }
  }

  /** The thread goes on. */
  #beat () {
    const now = performance.now()
    this.#counters.beats++
    this.#counters.longestMs = Math.max(this.#counters.longestMs, now - this.#lastBeat)
    this.#lastBeat = now
  }
}

module.exports = { Work, seedOf }
