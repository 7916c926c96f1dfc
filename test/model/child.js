'use strict'

// Runs the sequences that player.js sends, with the module that it names.

const smalloc = require(process.argv[2])
const { run } = require('./runner')
const { Statistics } = require('./statistics')

const statistics = new Statistics()

const answers = {
  async run ({ sequence }) {
    try {
      return { lines: await run(JSON.parse(sequence), { smalloc, count: statistics.count }) }
    } catch (error) {
      return { problem: error.message }
    }
  },

  /** What is left once garbage has been collected. */
  async end () {
    for (let time = 0; time < 10 && smalloc.memoryUsage().blocks > 0; time++) {
      globalThis.gc()
      await new Promise((resolve) => { setTimeout(resolve, 10) })
    }
    return { usage: smalloc.memoryUsage(), rows: statistics.rows() }
  }
}

process.on('message', async (message) => {
  process.send(await answers[message.do](message))
})
