'use strict'

// The thread that watches the others, the main thread among them: that none stands still, and that resident memory is
// no more than what is held and an allowance.

const { workerData } = require('node:worker_threads')
const { fail } = require('./failure')
const { Tallies } = require('./tally')

const { peaks, stall, allowance } = workerData
const tallies = new Tallies(workerData)

const MiB = 2 ** 20
const LOOK_EVERY = 100

const seen = tallies.all().map((tally) => ({ tally, beats: -1, since: performance.now() }))

function lookForStalls () {
  const now = performance.now()
  for (const [thread, last] of seen.entries()) {
    const beats = last.tally.beats()
    if (beats !== last.beats) Object.assign(last, { beats, since: now })
    else if (now - last.since > stall) {
      fail(`thread ${thread} has stood still for ${Math.floor((now - last.since) / 1000)} s: ${last.tally.operation()}`)
    }
  }
}

function lookAtMemory () {
  const resident = process.memoryUsage.rss()
  const held = tallies.sum('held')
  peaks[0] = Math.max(peaks[0], resident)
  peaks[1] = Math.max(peaks[1], resident - held)
  if (resident - held > allowance) {
    fail(`${mib(resident)} MiB are resident, ${mib(held)} MiB are held: more than ${mib(allowance)} MiB on top`)
  }
}

const mib = (bytes) => Math.round(bytes / MiB)

setInterval(() => {
  lookForStalls()
  lookAtMemory()
}, LOOK_EVERY)
