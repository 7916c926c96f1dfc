'use strict'

// How much memory some loops hold at most, smalloc beside Buffer, each in a process of its own:
//
//   node tools/bench/memory-peaks.js [path of a node]

const { execFileSync } = require('node:child_process')
const { setImmediate: nextTurn, setTimeout: later } = require('node:timers/promises')
const { formatTable } = require('../table')
const { KiB, MiB } = require('./units')

const TIMEOUT_MS = 120_000

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
  '20,000 x 1 MiB, dropped': [allocAndDrop, 20_000, MiB],
  '20 x 256 MiB, filled and dropped': [fillAndDrop, 20, 256 * MiB],
  '400 x 16 MiB, filled and dropped, a turn each': [dropAcrossTurns, 400, 16 * MiB],
  '1 x 1 GiB, disposed, 3 s later': [freeAndWait, 1, 1024 * MiB],
  '64 x 16 MiB, disposed, 3 s later': [freeAndWait, 64, 16 * MiB],
  '1,024 x 1 MiB, disposed, 3 s later': [freeAndWait, 1024, MiB]
}

async function printResident (name, peer) {
  const [loop, times, size] = loops[name]
  const left = await loop(peers[peer](), times, size)
  console.log(left ?? process.resourceUsage().maxRSS * 1024)
}

function residentIn (node, name, peer) {
  const bytes = execFileSync(node, [__filename, name, peer], { encoding: 'utf8', timeout: TIMEOUT_MS })
  return `${Math.round(bytes / MiB)} MiB`
}

function printTable (node = process.execPath) {
  console.log(`Node ${execFileSync(node, ['-p', 'process.version'], { encoding: 'utf8' }).trim()}\n`)
  const lines = Object.keys(loops).map((name) => [name, ...Object.keys(peers).map((peer) => residentIn(node, name, peer))])
  console.log(formatTable(['loop', ...Object.keys(peers)], lines))
}

// With two arguments it is the process of one loop.
const args = process.argv.slice(2)
if (args.length === 2) printResident(...args)
else printTable(args[0])
