'use strict'

// Four workers and the main thread allocate, fill, check and dispose at the same time. Prints how many elements were not
// what their thread had written.

const { isMainThread, parentPort, Worker, workerData } = require('node:worker_threads')
const { alloc, dispose, External, view } = require('../../..')
const { inUse } = require('../usage')

const KiB = 2 ** 10
const sizes = [64 * KiB, 128 * KiB, 200 * KiB, 1024 * KiB, 3000 * KiB]

function churn (mark) {
  const alive = []
  let wrong = 0
  for (let i = 0; i < 800; i++) {
    const size = sizes[(i * 7 + mark) % sizes.length]
    const object = i % 3 ? alloc(size, {}) : new External(size)
    if (!isAll(object, 0)) wrong++
    view(object).fill(mark)
    alive.push(object)
    if (alive.length > 8) {
      const [old] = alive.splice(i * 5 % 8, 1)
      if (!isAll(old, mark)) wrong++
      dispose(old)
    }
  }
  for (const object of alive) dispose(object)
  return wrong
}

function isAll (object, value) {
  const { buffer, byteLength } = view(object)
  return Buffer.from(buffer).equals(Buffer.alloc(byteLength, value))
}

async function main () {
  const before = inUse()
  const workers = [1, 2, 3, 4].map((mark) => new Worker(__filename, { workerData: mark }))
  const answers = workers.map((worker) => new Promise((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
  }))
  const exits = workers.map((worker) => new Promise((resolve) => worker.once('exit', resolve)))
  const wrong = [churn(5), ...await Promise.all(answers)]
  const exitCodes = await Promise.all(exits)
  console.log(JSON.stringify({ wrong, exitCodes, before, after: inUse() }))
}

if (isMainThread) main()
else parentPort.postMessage(churn(workerData))
