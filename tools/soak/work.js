'use strict'

// How one thread works: rounds of random sequences, which run against the model of test/model/. Between two rounds the thread rests
// and holds nothing.

const { setImmediate: turned, setTimeout: passed } = require('node:timers/promises')
const v8 = require('node:v8')
const fc = require('fast-check')
const { mersenne } = require('pure-rand/generator/mersenne')
const { run: runSequence } = require('../../test/model/runner')
const { soakSequences } = require('../../test/model/sequences')
const { Statistics } = require('../../test/model/statistics')
const { burstOfLoans, Lending } = require('./lending')
const { plantedBugs } = require('./planted-bugs')

/** So many sequences are made at once. */
const BATCH = 10

/** Disposed memory waits up to 0.8 s in the cache, then up to 1.25 s in Rust. Then the purge thread returns it to the system. */
const PAUSE_MS = 2200
const PAUSE_EVERY = 200

const BURST_OF_LOANS_EVERY = 300

/** How often a thread that waits shows that its event loop turns. */
const BEAT_EVERY_MS = 100

/** One seed of several numbers. The Mersenne twister mixes well: similar numbers give seeds that have nothing in common. */
const seedOf = (...numbers) => numbers.reduce((seed, number) => mersenne(seed ^ number).next(), 0)

class Work {
  statistics = new Statistics()
  #options
  #counters
  #steps
  #last = performance.now()
  #lending = new Lending()
  /** What has been counted of the run. */
  #seen

  /** `steps` is a histogram of the time from one beat to the next. `plant` names the bug that is planted in this thread. */
  constructor ({ seed, thread, life = 0, plant }, counters, steps) {
    this.#options = { seed, thread, life, plantedBug: plantedBugs[plant] }
    this.#counters = counters
    this.#steps = steps
  }

  /** Runs sequences until `isOver()`. */
  async round (round, isOver) {
    const { seed, thread, life } = this.#options
    let stepsOfRound = 0
    const after = (run) => {
      this.#show(run)
      this.#options.plantedBug?.(run, ++stepsOfRound)
    }
    let batch
    for (let number = 0; !isOver(); number++) {
      const seedOfBatch = seedOf(seed, thread, life, round, number)
      if (number % BATCH === 0) batch = fc.sample(soakSequences, { seed: seedOfBatch, numRuns: BATCH })
      await this.#run(batch[number % BATCH], after, `sequence ${number} of round ${round}`)
      if (number % BURST_OF_LOANS_EVERY === 5) this.#burstOfLoans()
      if (number % PAUSE_EVERY === 30) await this.#pause(isOver)
    }
  }

  async #run (sequence, after, name) {
    await this.#turn()
    this.#seen = { allocatedBytes: 0, comparedBytes: 0 }
    try {
      await runSequence(sequence, {
        after,
        isDigested: false,
        before: (kind) => { this.#counters.at = kind },
        count: (kind, isDone) => {
          this.statistics.count(kind, isDone)
          if (kind === 'turn') this.#lending.turned()
        }
      })
    } catch (error) {
      error.message = `${name}: ${error.message}`
      throw error
    }
    this.#counters.sequences++
    this.#counters.heldBytes = 0
  }

  async #turn () {
    await turned()
    this.#lending.turned()
    this.beat()
  }

  /** The model holds as much as the sequence does. */
  #show (run) {
    const counters = this.#counters
    const heldBytes = run.heldBytes()
    counters.heldBytes = 2 * heldBytes
    counters.steps++
    for (const name of ['allocatedBytes', 'comparedBytes']) {
      counters[name] += run[name] - this.#seen[name]
      this.#seen[name] = run[name]
    }
    this.#lending.check(heldBytes)
    this.beat()
  }

  #burstOfLoans () {
    this.#counters.at = 'burst of loans'
    burstOfLoans(() => this.beat())
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
      this.beat()
    }
  }

  /** The thread goes on. */
  beat () {
    this.#counters.beats++
    const now = performance.now()
    this.#steps.record(Math.max(1, Math.round(1e6 * (now - this.#last))))
    this.#last = now
  }
}

module.exports = { Work, seedOf }
