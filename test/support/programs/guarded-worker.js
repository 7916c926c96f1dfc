'use strict'

// A worker posts the memory of an allocation and ends. The main thread then reads and writes it. Prints what it read.

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
  parentPort.postMessage(bytes.buffer, ArrayBuffer.prototype.transfer ? [bytes.buffer] : [])
  setInterval(() => {}, 1000)
}
