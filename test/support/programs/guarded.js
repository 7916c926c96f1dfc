'use strict'

// Allocates every size and kind, here and in a worker, then thousands more. Prints how many blocks were lent for the first, how
// many after dispose, and the sum of all fresh elements; and what the main thread reads in memory that the worker has posted,
// once the worker has ended.

const { isMainThread, parentPort, Worker } = require('node:worker_threads')
const { quick } = require('../long')
const { alloc, allocUnsafe, dispose, External, memoryUsage, view } = require('../../..')

function answer () {
  const made = [
    alloc(1), alloc(64), alloc(65, {}), alloc(3, {}), allocUnsafe(1000), alloc(1 << 20), new External(10), new External.Double(3)
  ]
  const { blocks } = memoryUsage()
  made.forEach(dispose)
  let sum = 0
  for (let i = 0; i < quick(10_000, 2_000); i++) {
    const object = alloc(i % 100 + 1)
    for (let j = 0; j <= i % 100; j++) sum += object[j]
    object[i % 100] = 1
    dispose(object)
  }
  return { blocks, after: memoryUsage().blocks, cached: memoryUsage().cached, sum }
}

if (isMainThread) {
  const here = answer()
  const worker = new Worker(__filename)
  worker.on('message', async ({ there, buffer }) => {
    await worker.terminate()
    const bytes = new Uint8Array(buffer)
    bytes[0] = 5
    console.log(JSON.stringify({ here, there, kept: [bytes[0], bytes[99], bytes.length] }))
  })
} else {
  const there = answer()
  const bytes = view(alloc(100))
  bytes[99] = 7
  for (const file of Object.keys(require.cache)) delete require.cache[file] // loads the addon once more, as Jest does
  require('../../..').alloc(100)
  parentPort.postMessage({ there, buffer: bytes.buffer }, ArrayBuffer.prototype.transfer ? [bytes.buffer] : [])
  setInterval(() => {}, 1000)
}
