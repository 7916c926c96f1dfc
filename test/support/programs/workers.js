'use strict'

// Starts argv[3] workers, one after the other or (argv[4]) all at once, that hold memory and end as argv[2] says. Prints
// inUse() before, at the end of their work and after, and how the workers ended.

const { isMainThread, parentPort, Worker } = require('node:worker_threads')
const { alloc, External, view } = require('../../..')
const { inUse } = require('../usage')

const MiB = 2 ** 20
const held = []

const ends = {
  exits: () => parentPort.close(),
  'calls process.exit': () => process.exit(3),
  'is terminated': () => setInterval(() => {}, 1000),
  'is terminated in a loop': () => {
    for (;;) held[held.length % 50] = alloc(MiB)
  },
  throws: () => { throw new Error('on purpose') },
  'rejects a promise': () => Promise.reject(new Error('on purpose')),
  'runs out of heap': () => {
    for (const list = []; ;) list.push([list, alloc(100)])
  }
}

function work (end) {
  held.push(alloc(MiB), alloc(MiB, {}), alloc(MiB, () => {}), new External(MiB), new External.Double(MiB / 8))
  for (const object of held) view(object).fill(1)
  parentPort.once('message', ends[end])
  parentPort.postMessage({ usage: inUse(), sum: held.reduce((sum, object) => sum + object[0] + object[1000], 0) })
}

async function start (end) {
  const worker = new Worker(__filename, { argv: [end], resourceLimits: { maxOldGenerationSizeMb: 64 } })
  const errors = []
  worker.on('error', ({ code, message }) => errors.push(code ?? message))
  const exited = new Promise((resolve) => worker.on('exit', resolve))
  const { sum } = await new Promise((resolve) => worker.once('message', resolve))
  return { worker, errors, exited, sum }
}

async function finish ({ worker, errors, exited, sum }, end) {
  worker.postMessage('end')
  if (end.startsWith('is terminated')) {
    await new Promise((resolve) => setTimeout(resolve, 50))
    await worker.terminate()
  }
  return { exitCode: await exited, errors, sum }
}

async function main (end, count, together) {
  const mine = alloc(MiB)
  const before = inUse()
  const results = []
  let most
  if (together) {
    const started = await Promise.all(Array.from({ length: count }, () => start(end)))
    most = inUse()
    results.push(...await Promise.all(started.map((worker) => finish(worker, end))))
  } else {
    for (let i = 0; i < count; i++) results.push(await finish(await start(end), end))
    most = inUse()
  }
  const deadline = Date.now() + 20_000
  while (inUse().bytes !== before.bytes && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  console.log(JSON.stringify({ results, before, most, after: inUse(), mine: view(mine).length }))
}

if (!isMainThread) work(process.argv[2])
else if (require.main === module) main(process.argv[2], Number(process.argv[3]), process.argv[4] === 'together')
module.exports = { ends: Object.keys(ends) }
