'use strict'

// The main thread sends memory to a worker, and disposes or drops the object it came from; the worker then has it alone.
// Prints what came of it. Needs --expose-gc.

const { isMainThread, parentPort, Worker } = require('node:worker_threads')
const { alloc, dispose, view } = require('../../..')
const { collect } = require('../collect')
const { leave } = require('../leave')
const { inUse } = require('../usage')

const MiB = 2 ** 20

async function sendTo (worker) {
  const object = alloc(MiB)
  view(object).fill(7)
  const buffer = await leave(object)
  worker.postMessage(buffer, [buffer])
  dispose(object)
}

async function main () {
  const usage = inUse()
  const worker = new Worker(__filename)
  const answer = new Promise((resolve) => worker.once('message', resolve))
  await sendTo(worker)
  await collect(5)
  const held = inUse()
  const others = Array.from({ length: 6 }, () => alloc(MiB))
  for (const other of others) view(other).fill(0xee)
  worker.postMessage('look')
  const intact = await answer
  const alone = others.every((other) => Buffer.from(view(other).buffer).equals(Buffer.alloc(MiB, 0xee)))
  for (const other of others) dispose(other)
  const exitCode = await worker.terminate()
  await collect(500, () => inUse().bytes <= usage.bytes)
  console.log(JSON.stringify({ intact, alone, exitCode, usage, held, after: inUse() }))
}

function work () {
  let bytes
  parentPort.on('message', (message) => {
    if (message !== 'look') {
      bytes = Buffer.from(message)
      return
    }
    const intact = bytes.equals(Buffer.alloc(MiB, 7))
    bytes.fill(0x55)
    parentPort.postMessage(intact)
  })
}

if (isMainThread) main()
else work()
