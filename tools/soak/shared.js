'use strict'

// What all threads of a soak have: counters, in memory that outlives a worker that is terminated, and the way to end the process.

const fs = require('node:fs')

/**
 * `lastBeat` is when the thread last showed itself, `longestMs` the longest time between two beats. `round` and `sequence` say what it is
 * at. `heapBytes` and `objectBytes` are what V8 says at rest.
 */
const NAMES = ['lastBeat', 'longestMs', 'round', 'sequence', 'steps', 'allocatedBytes', 'comparedBytes', 'heldBytes', 'heapBytes', 'objectBytes']
const ROW_BYTES = NAMES.length * 8

/** The counters of one thread, which alone changes them while it lives. */
class Counters {
  constructor (shared, thread) {
    const figures = new Float64Array(shared, thread * ROW_BYTES, NAMES.length)
    for (const [column, name] of NAMES.entries()) {
      Object.defineProperty(this, name, { get: () => figures[column], set: (value) => { figures[column] = value } })
    }
  }
}

const sharedCounters = (threads) => new SharedArrayBuffer(threads * ROW_BYTES)
const countersOfAll = (shared) => Array.from({ length: shared.byteLength / ROW_BYTES }, (_, thread) => new Counters(shared, thread))
const sum = (all, name) => all.reduce((total, counters) => total + counters[name], 0)

/**
 * Ends the process at once, whatever its threads are at. process.exit() may never return: Node 24 waits there for the
 * compiler threads of V8, and these for the main thread to collect garbage (nodejs/node#54918; one in 30 here).
 */
function fail (message) {
  fs.writeSync(2, `${message}\n`)
  process.kill(process.pid, 'SIGKILL')
}

module.exports = { countersOfAll, sharedCounters, sum, fail }
