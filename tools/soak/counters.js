'use strict'

// What the threads of a soak have done, in memory that all of them see: it outlives a worker that is terminated, and the watcher
// reads it while a thread is stuck.

/**
 * `beats` is how often the thread has shown itself, and `longestMs` the longest time between two beats. `heapBytes` and `objectBytes`
 * are what V8 says at rest.
 */
const NAMES = ['beats', 'longestMs', 'steps', 'allocatedBytes', 'comparedBytes', 'heldBytes', 'heapBytes', 'objectBytes']
/** What the thread is at: the name of a call. */
const TEXT_BYTES = 40
const ROW_BYTES = NAMES.length * 8 + TEXT_BYTES

/** The counters of one thread, which alone changes them while it lives. */
class Counters {
  #text

  constructor (shared, thread) {
    const figures = new Float64Array(shared, thread * ROW_BYTES, NAMES.length)
    for (const [column, name] of NAMES.entries()) {
      Object.defineProperty(this, name, { get: () => figures[column], set: (value) => { figures[column] = value } })
    }
    this.#text = Buffer.from(shared, thread * ROW_BYTES + NAMES.length * 8, TEXT_BYTES)
  }

  get at () {
    return this.#text.toString('latin1').trim()
  }

  set at (name) {
    this.#text.write(name.padEnd(TEXT_BYTES), 'latin1')
  }
}

const sharedCounters = (threads) => new SharedArrayBuffer(threads * ROW_BYTES)
const countersOfAll = (shared) => Array.from({ length: shared.byteLength / ROW_BYTES }, (_, thread) => new Counters(shared, thread))
const sum = (all, name) => all.reduce((total, counters) => total + counters[name], 0)

module.exports = { Counters, countersOfAll, sharedCounters, sum }
