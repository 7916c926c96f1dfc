'use strict'

// Allocates argv[3] blocks of argv[2] bytes, in as many turns of the event loop as that needs, and writes to each page of some.
// It disposes half of the blocks, at random, waits, and disposes the rest. Prints the mappings and the resident bytes after each
// step.

const fs = require('node:fs')
const { setImmediate: turn, setTimeout: passed } = require('node:timers/promises')
const { alloc, dispose, memoryUsage } = require('../../..')

const [size, count] = process.argv.slice(2, 4).map(Number)

const MiB = 2 ** 20
/** The budget of a turn; half of what is written to. */
const BYTES_A_TURN = 256 * MiB
const WRITTEN_BYTES = 512 * MiB

const state = () => ({
  mappings: fs.readFileSync('/proc/self/maps', 'latin1').split('\n').length - 1,
  resident: process.memoryUsage.rss(),
  lent: memoryUsage().blocks
})

/** Whether the block with this number is the first to go: half of them are, at random. */
const goesFirst = (index) => (Math.imul(index, 0x9e3779b1) >>> 16 & 1) === 0

async function main () {
  const blocks = []
  while (blocks.length < count) {
    for (let i = 0; i < BYTES_A_TURN / size && blocks.length < count; i++) blocks.push(alloc(size))
    await turn()
  }
  const untouched = state()
  const step = Math.ceil(count / Math.floor(WRITTEN_BYTES / size))
  for (let i = 0; i < count; i += step) {
    for (const index of [i, i + 1]) if (index < count) write(blocks[index])
  }
  const written = state()
  for (let i = 0; i < count; i++) if (goesFirst(i)) dispose(blocks[i])
  const half = await fallen(0.4 * (written.resident - untouched.resident), written)
  for (let i = 0; i < count; i++) if (!goesFirst(i)) dispose(blocks[i])
  const none = await fallen(written.resident - untouched.resident - 50 * MiB, written)
  console.log(JSON.stringify({ untouched, written, half, none }))
}

/** Waits until so many resident bytes have gone, at most half a minute, and returns the state. */
async function fallen (bytes, since) {
  for (let waited = 0; waited < 300 && since.resident - process.memoryUsage.rss() <= bytes; waited++) await passed(100)
  return state()
}

function write (block) {
  for (let i = 0; i < size; i += 4096) block[i] = 1
}

main()
