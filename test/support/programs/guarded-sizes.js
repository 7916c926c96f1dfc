'use strict'

// Allocates every size and kind, here and in a worker, then thousands more. Prints how many blocks were lent for the first, how
// many after dispose, and the sum of all fresh elements.

const { isMainThread, parentPort, Worker } = require('node:worker_threads')
const { alloc, allocUnsafe, dispose, External, memoryUsage } = require('../../..')

function answer () {
  const made = [
    alloc(1), alloc(64), alloc(65, {}), alloc(3, {}), allocUnsafe(1000), alloc(1 << 20), new External(10), new External.Double(3)
  ]
  const { blocks } = memoryUsage()
  made.forEach(dispose)
  let sum = 0
  for (let i = 0; i < 10_000; i++) {
    const object = alloc(i % 100 + 1)
    for (let j = 0; j <= i % 100; j++) sum += object[j]
    object[i % 100] = 1
    dispose(object)
  }
  return { blocks, after: memoryUsage().blocks, cached: memoryUsage().cached, sum }
}

if (isMainThread) {
  const here = answer()
  new Worker(__filename).on('message', (there) => console.log(JSON.stringify({ here, there })))
} else parentPort.postMessage(answer())
