'use strict'

// Holds memory of every kind, in the main thread and in a worker that never ends by itself, and then ends as argv[2]
// says.

const { isMainThread, parentPort, Worker } = require('node:worker_threads')
const { alloc, dispose, External, sliceOnto, view } = require('../../..')

const MiB = 2 ** 20

function hold () {
  const held = [alloc(64), alloc(MiB), alloc(10, {}), alloc(MiB, {}), alloc(MiB, () => {}), new External(16 * MiB)]
  held.push(...Array.from({ length: 200 }, () => alloc(MiB / 8)))
  const slice = {}
  sliceOnto(held[1], slice, 10)
  for (const object of held) view(object).fill(1)
  for (const object of held.splice(100, 50)) dispose(object)
  return [...held, slice]
}

const ends = {
  'process.exit(7)': () => process.exit(7),
  'process.exit(7) within a handler of exit': () => {
    process.on('exit', () => {
      alloc(MiB)
      process.exit(7)
    })
    process.exit(1)
  },
  'process.exitCode = 7': (worker) => {
    process.exitCode = 7
    worker.unref()
  },
  'an exception that nobody catches': () => { throw new Error('on purpose') },
  'SIGTERM to itself': () => process.kill(process.pid, 'SIGTERM')
}

globalThis.held = hold()
if (isMainThread) {
  const worker = new Worker(__filename, { argv: process.argv.slice(2) })
  worker.once('message', () => ends[process.argv[2]](worker))
} else {
  parentPort.on('message', () => {})
  parentPort.postMessage('holding')
}
