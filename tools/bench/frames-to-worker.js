'use strict'

// Prints the nanoseconds that a frame takes from the main thread, where it is made and filled, to a worker that adds up one
// byte of each page, and frees it. Two frames are in flight: while one is worked on, the next is filled.
//
//   node frames-to-worker.js release|copy|transfer|shared <bytes> <milliseconds>

const { once } = require('node:events')
const { isMainThread, parentPort, Worker } = require('node:worker_threads')
const smalloc = require('../..')

const PAGE_BYTES = 4096
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

function sumOf (bytes) {
  let sum = 0
  for (let i = 0; i < bytes.length; i += PAGE_BYTES) sum += bytes[i]
  return sum
}

function answer ({ memory, bytes }) {
  if (memory === undefined) return parentPort.postMessage(sumOf(bytes))
  const frame = smalloc.adopt(memory)
  const sum = sumOf(smalloc.view(frame))
  smalloc.dispose(frame)
  parentPort.postMessage(sum)
}

async function timeFrames (worker, way, size, count) {
  const start = process.hrtime.bigint()
  for (let sent = 0, received = 0; received < count; received++) {
    for (; sent < count && sent - received < IN_FLIGHT; sent++) ways[way](worker, size)
    const [sum] = await once(worker, 'message')
    if (sum !== Math.ceil(size / PAGE_BYTES)) throw new Error(`the sum is ${sum}`)
  }
  return Number(process.hrtime.bigint() - start) / count
}

async function main (way, size, milliseconds) {
  const worker = new Worker(__filename)
  const warmUp = await timeFrames(worker, way, size, 10)
  const count = Math.max(10, Math.ceil(milliseconds * 1e6 / warmUp))
  console.log(JSON.stringify(await timeFrames(worker, way, size, count)))
  await worker.terminate()
}

if (isMainThread) main(process.argv[2], Number(process.argv[3]), Number(process.argv[4]))
else parentPort.on('message', answer)
