'use strict'

// A worker thread of the soak: works, and rests when it is told to.

const { parentPort, workerData } = require('node:worker_threads')
const { Counters } = require('./counters')
const { Work } = require('./work')

const work = new Work(workerData, new Counters(workerData.shared, workerData.thread))

/** The round to work in, and the last one that is over: the main thread says so. */
let { round } = workerData
let over = round - 1

parentPort.on('message', (message) => {
  if (message === 'exit') process.exit() // with all that is held
  round = message.round ?? round
  over = message.over ?? over
})

async function main () {
  for (;;) {
    const now = round
    await work.round(now, () => over >= now)
    await work.collect()
    parentPort.postMessage('at rest')
    while (round === now) await work.wait(100)
  }
}

main()
