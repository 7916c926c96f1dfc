'use strict'

// Prints the nanoseconds that a frame takes from the main thread, where it is made and filled, to a worker that adds up its
// bytes, a page apart, and lets go of it. Two frames are in flight: while one is worked on, the next is filled.
//
//   node frames-to-worker.js WAY BYTES MILLISECONDS

const { once } = require('node:events')
const { isMainThread, parentPort, Worker } = require('node:worker_threads')
const smalloc = require('../..')

const PAGE = 4096
const IN_FLIGHT = 2

/** How a frame is made and posted. */
const ways = {
  release (worker, size) {
    const frame = smalloc.allocUnsafe(size)
    smalloc.view(frame).fill(1)
    const memory = smalloc.release(frame)
    worker.postMessage({ memory }, [memory])
  },
  copy (worker, size) {
    worker.postMessage({ bytes: new Uint8Array(size).fill(1) })
  },
  transfer (worker, size) {
    const bytes = new Uint8Array(size).fill(1)
    worker.postMessage({ bytes }, [bytes.buffer])
  },
  shared (worker, size) {
    worker.postMessage({ bytes: new Uint8Array(new SharedArrayBuffer(size)).fill(1) })
  }
}

const sumOf = (bytes) => {
  let sum = 0
  for (let i = 0; i < bytes.length; i += PAGE) sum += bytes[i]
  return sum
}

function work () {
  parentPort.on('message', ({ memory, bytes }) => {
    if (memory === undefined) return parentPort.postMessage(sumOf(bytes))
    const frame = smalloc.adopt(memory)
    const sum = sumOf(smalloc.view(frame))
    smalloc.dispose(frame)
    parentPort.postMessage(sum)
  })
}

async function run (worker, send, size, count) {
  const start = process.hrtime.bigint()
  for (let sent = 0, received = 0; received < count;) {
    while (sent < count && sent - received < IN_FLIGHT) {
      send(worker, size)
      sent++
    }
    const [sum] = await once(worker, 'message')
    if (sum !== Math.ceil(size / PAGE)) throw new Error(`the sum is ${sum}`)
    received++
  }
  return Number(process.hrtime.bigint() - start) / count
}

async function main (way, size, milliseconds) {
  const worker = new Worker(__filename)
  let count = 10
  let time = await run(worker, ways[way], size, count) // warms up
  count = Math.max(10, Math.ceil(milliseconds * 1e6 / time))
  time = await run(worker, ways[way], size, count)
  await worker.terminate()
  console.log(JSON.stringify(time))
}

if (isMainThread) main(process.argv[2], Number(process.argv[3]), Number(process.argv[4]))
else work()
