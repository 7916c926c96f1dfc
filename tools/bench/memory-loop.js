'use strict'

// Runs one loop that says how well memory comes back, and prints as JSON the most bytes that were resident (`peak`), and what
// the loop returned (`left`). The test of the loops runs it, too. Without a name: a table of all loops, smalloc beside Buffer.
//
//   node memory-loop.js [<name> [smalloc|Buffer]]

const { setImmediate: nextTurn, setTimeout: later } = require('node:timers/promises')
const { answerOf } = require('./child')
const { KiB, MiB } = require('./units')
const { formatTable } = require('../table')

const peers = {
  smalloc () {
    const { alloc, dispose, view } = require('../..')
    return { alloc: (size) => alloc(size), free: dispose, bytesOf: view }
  },
  /** A Buffer cannot be freed: its memory comes back when the collector has found that it is gone. */
  Buffer: () => ({ alloc: (size) => Buffer.alloc(size), free () {}, bytesOf: (buffer) => buffer })
}

function allocAndFree ({ alloc, free }, times, size) {
  for (let i = 0; i < times; i++) free(alloc(size))
}

function allocAndDrop ({ alloc }, times, size) {
  for (let i = 0; i < times; i++) alloc(size)
}

function fillAndDrop ({ alloc, bytesOf }, times, size) {
  for (let i = 0; i < times; i++) bytesOf(alloc(size)).fill(1)
}

async function dropAcrossTurns ({ alloc, bytesOf }, times, size) {
  for (let i = 0; i < times; i++) {
    bytesOf(alloc(size)).fill(1)
    await nextTurn()
  }
}

/** Fills so many blocks, frees all in one turn, and returns what is resident three seconds later. */
async function freeAndWait ({ alloc, free, bytesOf }, times, size) {
  const objects = Array.from({ length: times }, () => alloc(size))
  for (const object of objects) bytesOf(object).fill(1)
  for (const object of objects) free(object)
  objects.length = 0
  await later(3000)
  return process.memoryUsage.rss()
}

const loops = {
  '1,000,000 x 32 KiB, each disposed': [allocAndFree, 1e6, 32 * KiB],
  '1,000,000 x 128 KiB, each disposed': [allocAndFree, 1e6, 128 * KiB],
  '20,000 x 1 MiB, never touched, dropped': [allocAndDrop, 20_000, MiB],
  '4,000 x 1 MiB, filled and dropped': [fillAndDrop, 4_000, MiB],
  '20 x 256 MiB, filled and dropped': [fillAndDrop, 20, 256 * MiB],
  '400 x 16 MiB, filled and dropped, a turn each': [dropAcrossTurns, 400, 16 * MiB],
  '1 x 1 GiB, disposed, 3 s later': [freeAndWait, 1, 1024 * MiB],
  '64 x 16 MiB, disposed, 3 s later': [freeAndWait, 64, 16 * MiB],
  '1,024 x 1 MiB, disposed, 3 s later': [freeAndWait, 1024, MiB]
}

async function runLoop (name, peer = 'smalloc') {
  const [loop, times, size] = loops[name]
  const left = await loop(peers[peer](), times, size)
  console.log(JSON.stringify({ peak: process.resourceUsage().maxRSS * 1024, left }))
}

async function printTable () {
  const lines = []
  for (const name of Object.keys(loops)) {
    const line = [name]
    for (const peer of Object.keys(peers)) {
      const { peak, left = peak } = await answerOf(process.execPath, ['memory-loop.js', name, peer])
      line.push(`${Math.round(left / MiB)} MiB`)
    }
    lines.push(line)
  }
  console.log(formatTable(['loop', ...Object.keys(peers)], lines))
}

if (process.argv.length > 2) runLoop(...process.argv.slice(2))
else printTable()
