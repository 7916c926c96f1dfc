'use strict'

// The main thread sends argv[2] blocks through three workers, and back; each thread allocates, copies, slices and disposes
// memory of its own meanwhile. Prints how many elements were not what they had to be. Needs --expose-gc.

const { isMainThread, parentPort, Worker, workerData } = require('node:worker_threads')
const { alloc, copyOnto, dispose, External, sliceOnto, view } = require('../../..')
const { collect } = require('../collect')
const { leave } = require('../leave')
const { inUse } = require('../usage')

const KiB = 2 ** 10
const SIZE = 200 * KiB
const STOPS = 3

/** In flight at a time. */
const MOST = 30

const isAll = (bytes, value) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  .equals(Buffer.alloc(bytes.byteLength, value))

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

/** One round of a thread's own work; returns how much was wrong. */
function churn (alive, round, mark) {
  const size = [64, 1000, 64 * KiB, 128 * KiB, SIZE, 1024 * KiB][round % 6]
  const object = round % 2 ? alloc(size, {}) : new External(size)
  let wrong = isAll(view(object), 0) ? 0 : 1
  view(object).fill(mark)
  alive.push(object)
  const other = alive[round * 5 % alive.length]
  const length = Math.min(size, view(other).length)
  copyOnto(object, 0, other, 0, length)
  const slice = {}
  sliceOnto(other, slice, 0, length)
  if (!isAll(view(slice), mark)) wrong++
  if (round % 3 === 0) dispose(slice)
  if (alive.length > 8) {
    const [old] = alive.splice(round * 3 % 8, 1)
    if (!isAll(view(old), mark)) wrong++
    dispose(old)
  }
  return wrong
}

function work (mark) {
  const alive = []
  let wrong = 0
  let round = 0
  parentPort.on('message', ({ buffer, value }) => {
    const bytes = new Uint8Array(buffer)
    if (!isAll(bytes, value)) wrong++
    for (let i = 0; i < 10; i++) wrong += churn(alive, round++, mark)
    if (!isAll(bytes, value)) wrong++
    bytes.fill(value + 1)
    const isLost = round % 7 === 0 // this thread's collector gets it
    if (isLost) parentPort.postMessage({ wrong })
    else parentPort.postMessage({ buffer, value: value + 1, wrong }, [buffer])
  })
}

async function main (count) {
  const before = inUse()
  const workers = [201, 202, 203].map((mark) => new Worker(__filename, { workerData: mark }))
  for (const worker of workers) worker.on('error', (error) => { throw error })
  const wrong = { main: 0, workers: [0, 0, 0] }
  let [home, lost] = [0, 0]
  workers.forEach((worker, stop) => worker.on('message', ({ buffer, value, wrong: found }) => {
    wrong.workers[stop] = found
    if (buffer === undefined) {
      lost++
    } else if (stop + 1 < STOPS) {
      workers[stop + 1].postMessage({ buffer, value }, [buffer])
    } else {
      if (!isAll(new Uint8Array(buffer), value)) wrong.main++
      home++
    }
  }))

  const alive = []
  let most = 0
  for (let i = 0; i < count; i++) {
    const object = alloc(SIZE)
    view(object).fill(i % 100)
    const buffer = await leave(object)
    workers[0].postMessage({ buffer, value: i % 100 }, [buffer])
    if (i % 2) dispose(object)
    most = Math.max(most, inUse().blocks)
    wrong.main += churn(alive, i, 200)
    if (i % 50 === 0) globalThis.gc()
    while (i - home - lost >= MOST) await sleep(1)
  }
  while (home + lost < count) await sleep(1)
  for (const object of alive) dispose(object)
  const exitCodes = await Promise.all(workers.map((worker) => worker.terminate()))
  await collect(500, () => inUse().bytes <= before.bytes)
  console.log(JSON.stringify({ wrong, home, lost, most, exitCodes, before, after: inUse() }))
}

if (isMainThread) main(Number(process.argv[2]))
else work(workerData)
