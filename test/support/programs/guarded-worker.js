'use strict'

// A worker posts the memory of an allocation, loads the addon once more, as test frameworks do, and ends. The main thread then
// reads and writes the memory. Prints what it read.

const { isMainThread, parentPort, Worker } = require('node:worker_threads')
const { alloc, view } = require('../../..')

if (isMainThread) {
  const worker = new Worker(__filename)
  worker.on('message', async (buffer) => {
    await worker.terminate()
    const bytes = new Uint8Array(buffer)
    bytes[0] = 5
    console.log(JSON.stringify([bytes[0], bytes[99], bytes.length]))
  })
} else {
  const bytes = view(alloc(100))
  bytes[99] = 7
  for (const file of Object.keys(require.cache)) delete require.cache[file]
  require('../../..').alloc(100)
  parentPort.postMessage(bytes.buffer, ArrayBuffer.prototype.transfer ? [bytes.buffer] : [])
  setInterval(() => {}, 1000)
}
