'use strict'

// The thread that watches the others, the main thread among them: none may stand still, and resident memory may not be more than
// what they hold and an allowance.

const { workerData } = require('node:worker_threads')
const { MiB } = require('../bench/units')
const { countersOfAll, sum } = require('./counters')
const { fail } = require('./failure')

const { shared, stallMs, allowanceBytes } = workerData
const LOOK_EVERY_MS = 100

const all = countersOfAll(shared)
const seen = all.map((counters) => ({ counters, beats: -1, since: performance.now() }))

function lookForStalls () {
  const now = performance.now()
  for (const [thread, last] of seen.entries()) {
    const { beats, at } = last.counters
    const stillMs = now - last.since
    if (beats !== last.beats) Object.assign(last, { beats, since: now })
    else if (stillMs > stallMs) fail(`thread ${thread} has stood still for ${Math.floor(stillMs / 1000)} s: ${at}`)
  }
}

function lookAtMemory () {
  const resident = process.memoryUsage.rss()
  const held = sum(all, 'heldBytes')
  if (resident - held > allowanceBytes) {
    fail(`${mib(resident)} MiB are resident, ${mib(held)} MiB are held: more than ${mib(allowanceBytes)} MiB on top`)
  }
}

const mib = (bytes) => Math.round(bytes / MiB)

setInterval(() => {
  lookForStalls()
  lookAtMemory()
}, LOOK_EVERY_MS)
