'use strict'

// How one thread of the soak works, the main thread or a worker: rounds of random sequences, which run against the model of test/model/.
// Between two rounds the thread rests and holds nothing.
//
// Each thread also watches all of them: none may stand still, and resident memory may not be more than what they hold and an allowance.
// If all stand still, soak.js ends the process.

const { setImmediate: turned, setTimeout: passed } = require('node:timers/promises')
const v8 = require('node:v8')
const { isMainThread, parentPort, workerData } = require('node:worker_threads')
const fc = require('fast-check')
const { mersenne } = require('pure-rand/generator/mersenne')
const { run: runSequence } = require('../../test/model/runner')
const { soakSequences } = require('../../test/model/sequences')
const { MiB } = require('../bench/units')
const { plantedBugs } = require('./planted-bugs')
const { countersOfAll, fail, sum } = require('./shared')

/** So many sequences are made at once. */
const BATCH = 10

/** Disposed memory waits up to 0.8 s in the cache, then up to 1.25 s in Rust. Then the purge thread returns it to the system. */
const PAUSE_MS = 2200
const PAUSE_EVERY = 200

/** How often a thread that waits shows that its event loop turns, and how often a thread looks at the others. */
const BEAT_EVERY_MS = 100

/** One seed of several numbers. The Mersenne twister mixes well: similar numbers give seeds that have nothing in common. */
const seedOf = (...numbers) => numbers.reduce((seed, number) => mersenne(seed ^ number).next(), 0)

class Thread {
  #options
  #number
  #life
  #all
  #counters
  #plantedBug
  #stepsOfRound
  #lastLook = 0

  /** `number` is 0 on the main thread; `life` counts the workers of the same number. */
  constructor (options, shared, number, life) {
    this.#options = options
    this.#number = number
    this.#life = life
    this.#all = countersOfAll(shared)
    this.#counters = this.#all[number]
    if (options.plant?.thread === number) this.#plantedBug = plantedBugs[options.plant.name]
    this.#counters.lastBeat = Date.now()
  }

  /** Runs sequences until `isOver()`. */
  async work (round, isOver) {
    this.#stepsOfRound = 0
    this.#counters.round = round
    let batch
    for (let number = 0; !isOver(); number++) {
      const seed = seedOf(this.#options.seed, this.#number, this.#life, round, number)
      if (number % BATCH === 0) batch = fc.sample(soakSequences, { seed, numRuns: BATCH })
      await turned()
      this.#counters.sequence = number
      await this.#run(batch[number % BATCH])
      if (number % PAUSE_EVERY === 30) await this.wait(PAUSE_MS, isOver)
    }
  }

  async #run (sequence) {
    const counters = this.#counters
    const { allocatedBytes, comparedBytes } = counters
    const after = (run) => {
      counters.steps++
      counters.heldBytes = 2 * run.heldBytes() // the model holds as much as the sequence does
      counters.allocatedBytes = allocatedBytes + run.allocatedBytes
      counters.comparedBytes = comparedBytes + run.comparedBytes
      this.#beat()
      this.#plantedBug?.(run, ++this.#stepsOfRound)
    }
    try {
      await runSequence(sequence, { after })
    } catch (error) {
      error.message = `sequence ${counters.sequence} of round ${counters.round}: ${error.message}`
      throw error
    }
    counters.heldBytes = 0
  }

  /** Collects garbage, gives finalizers their turns, and says what is left. */
  async rest () {
    for (let times = 0; times < 2; times++) {
      globalThis.gc()
      await this.wait(BEAT_EVERY_MS)
    }
    const { total_physical_size: heapBytes, used_heap_size: objectBytes } = v8.getHeapStatistics()
    Object.assign(this.#counters, { heapBytes, objectBytes })
  }

  /** Waits, and shows that the event loop turns. */
  async wait (milliseconds, isOver = () => false) {
    for (let left = milliseconds; left > 0 && !isOver(); left -= BEAT_EVERY_MS) {
      await passed(Math.min(left, BEAT_EVERY_MS))
      this.#beat()
    }
  }

  /** The thread goes on. */
  #beat () {
    const now = Date.now()
    this.#counters.longestMs = Math.max(this.#counters.longestMs, now - this.#counters.lastBeat)
    this.#counters.lastBeat = now
    if (now - this.#lastLook < BEAT_EVERY_MS) return
    this.#lastLook = now
    this.#lookForStalls(now)
    this.#lookAtMemory()
  }

  #lookForStalls (now) {
    for (const [thread, { lastBeat, round, sequence }] of this.#all.entries()) {
      const stillMs = now - lastBeat
      if (stillMs <= this.#options.stallMs) continue
      fail(`thread ${thread} has stood still for ${Math.floor(stillMs / 1000)} s: sequence ${sequence} of round ${round}`)
    }
  }

  #lookAtMemory () {
    const [resident, held, allowance] = [process.memoryUsage.rss(), sum(this.#all, 'heldBytes'), this.#options.allowanceBytes]
      .map((bytes) => Math.round(bytes / MiB))
    if (resident - held > allowance) fail(`${resident} MiB are resident, ${held} MiB are held: more than ${allowance} MiB on top`)
  }
}

/** A worker works, and rests when it is told to. */
async function main () {
  const { options, shared, number, life } = workerData
  const thread = new Thread(options, shared, number, life)
  /** The round to work in, and the last one that is over: the main thread says so. */
  let { round } = workerData
  let over = round - 1
  parentPort.on('message', (message) => {
    if (message === 'exit') process.exit() // with all that is held
    round = message.round ?? round
    over = message.over ?? over
  })
  for (;;) {
    const now = round
    await thread.work(now, () => over >= now)
    await thread.rest()
    parentPort.postMessage('at rest')
    while (round === now) await thread.wait(BEAT_EVERY_MS)
  }
}

if (!isMainThread) main()

module.exports = { Thread, seedOf }
