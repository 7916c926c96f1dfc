'use strict'

// Runs the sequences that fuzz.js sends, each as a line of JSON, with the module that it names.

const { createInterface } = require('node:readline')
const smalloc = require(process.argv[2])
const { run } = require('../test/model/runner')
const { Statistics } = require('../test/model/statistics')
const { collect } = require('../test/support/collect')

const statistics = new Statistics()

async function answerTo (question) {
  if (question === 'end') {
    await collect(100, () => smalloc.memoryUsage().blocks === 0)
    return { usage: smalloc.memoryUsage(), table: statistics.table(), missing: statistics.missing() }
  }
  try {
    return { lines: await run(question, { smalloc, count: statistics.count }) }
  } catch (error) {
    return { problem: error.message }
  }
}

async function main () {
  for await (const line of createInterface({ input: process.stdin })) {
    process.stdout.write(`${JSON.stringify(await answerTo(JSON.parse(line)))}\n`)
  }
}

main()
