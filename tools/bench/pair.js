'use strict'

// Measures one row of the targets, whose number and settings are the arguments, and prints the result as JSON.

const { isMainThread, Worker } = require('node:worker_threads')
const { comparePair } = require('./measure')
const { rows } = require('./rows')

async function main () {
  const row = rows[Number(process.argv[2])]
  if (row.inWorker && isMainThread) return new Worker(__filename, { argv: process.argv.slice(2) })
  const settings = JSON.parse(process.argv[3])
  const [ours, theirs] = row.sides()
  const least = row.batchBytes ? Math.max(4, row.batchBytes / settings.divisor / row.size) : 1
  process.stdout.write(JSON.stringify(await comparePair(ours, theirs, { ...settings, least })))
}

main()
