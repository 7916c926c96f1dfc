'use strict'

// A worker thread of the soak: works, and rests when it is told to.

const { parentPort, workerData } = require('node:worker_threads')
const { Tallies } = require('./tally')
const { Work } = require('./work')

const { thread, life, seed, limit, fault } = workerData
const tally = new Tallies(workerData).of(thread)
const work = new Work({ seed, thread, life, limit, tally, fault })

/** What the main thread wants: 'work' or 'rest'. */
let wanted = 'work'
let { round } = workerData

parentPort.on('message', (message) => {
  if (message.wanted === 'exit') process.exit() // with all that is held
  ;({ wanted, round } = message)
})

async function main () {
  for (;;) {
    await work.round(round, () => wanted === 'rest')
    await work.collect()
    parentPort.postMessage('at rest')
    while (wanted === 'rest') await work.wait(100)
  }
}

main()
