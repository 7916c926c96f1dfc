'use strict'

// Prints the nanoseconds that a new process, or a worker in it, takes to allocate 64 MiB and to write to each of its pages.
//
//   node first-touch.js ours|theirs [worker]

const { isMainThread, Worker } = require('node:worker_threads')
const smalloc = require('../..')
const { MiB } = require('./units')

const PAGE_BYTES = 4096
const LENGTH_BYTES = 64 * MiB

function touch (bytes, end) {
  for (let i = 0; i < end; i += PAGE_BYTES) bytes[i] = 1
}

function main (side) {
  // V8 has compiled the loop before it is timed.
  for (let i = 0; i < 20; i++) touch(new Uint8Array(PAGE_BYTES * 100), PAGE_BYTES * 100)
  const start = process.hrtime.bigint()
  const memory = side === 'ours' ? smalloc.alloc(LENGTH_BYTES) : new Uint8Array(LENGTH_BYTES)
  touch(memory, LENGTH_BYTES)
  const nanoseconds = Number(process.hrtime.bigint() - start)
  if (memory[LENGTH_BYTES - PAGE_BYTES] !== 1 || memory[1] !== 0) throw new Error('the pages were not written')
  process.stdout.write(JSON.stringify(nanoseconds))
}

const args = process.argv.slice(2)
if (args[1] === 'worker' && isMainThread) new Worker(__filename, { argv: args })
else main(args[0])
