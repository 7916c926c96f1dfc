'use strict'

// A worker sends memory to the main thread by the way argv[2] and ends by the way argv[3]; the main thread then has it
// alone. Prints what came of it. Needs --expose-gc.

const { isMainThread, parentPort, Worker } = require('node:worker_threads')
const { alloc, dispose, view } = require('../../..')
const { collect } = require('../collect')
const left = require('../leave')
const { inUse } = require('../usage')

const MiB = 2 ** 20

const ways = { ...left.ways, postMessage: (object) => view(object).buffer }

async function send (way, end) {
  const object = alloc(MiB)
  view(object).fill(7)
  const buffer = await ways[way](object)
  try {
    parentPort.postMessage(buffer, [buffer])
  } catch (error) {
    parentPort.postMessage(error.name)
  }
  if (end === 'is terminated') setInterval(() => {}, 1000)
  if (end === 'throws') setTimeout(() => { throw new Error('on purpose') }, 20)
}

async function receive (way, end) {
  const usage = inUse()
  const worker = new Worker(__filename, { argv: [way, end] })
  const exited = new Promise((resolve) => worker.on('exit', resolve))
  const errors = []
  worker.on('error', (error) => errors.push(error.message))
  const message = await new Promise((resolve) => worker.once('message', resolve))
  if (end === 'is terminated') await worker.terminate()
  await exited
  const result = typeof message === 'string' ? { outcome: `refused: ${message}` } : await look(message)
  await collect(100, () => inUse().bytes <= usage.bytes)
  console.log(JSON.stringify({ ...result, errors, usage, after: inUse() }))
}

async function look (buffer) {
  const bytes = Buffer.from(buffer)
  const others = []
  for (let i = 0; i < 6; i++) {
    others.push(alloc(MiB))
    view(others[i]).fill(0xee)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  const intact = bytes.equals(Buffer.alloc(MiB, 7))
  bytes.fill(0x55)
  const alone = others.every((other) => Buffer.from(view(other).buffer).equals(Buffer.alloc(MiB, 0xee)))
  for (const other of others) dispose(other)
  return { outcome: 'received', intact, alone }
}

if (!isMainThread) send(...process.argv.slice(2))
else if (require.main === module) receive(...process.argv.slice(2))
module.exports = { ways: Object.keys(ways) }
