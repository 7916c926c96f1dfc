'use strict'

// Drops 400 x 16 MiB, one a turn of the event loop. Prints the most bytes that were out, and the most that V8 knew of.

const { alloc, view } = require('../../..')
const { inUse } = require('../usage')

const MiB = 2 ** 20

async function main () {
  const before = process.memoryUsage().external
  let object = alloc(16 * MiB)
  const accounted = process.memoryUsage().external - before
  let most = 0
  for (let i = 0; i < 400; i++) {
    object = alloc(16 * MiB)
    view(object).fill(1)
    most = Math.max(most, inUse().bytes)
    await new Promise((resolve) => setImmediate(resolve))
  }
  console.log(JSON.stringify({ accounted, most, elements: view(object).length }))
}

main()
