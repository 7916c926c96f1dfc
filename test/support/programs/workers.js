'use strict'

// Starts argv[3] workers, one after the other or (argv[4]) all at once. Each holds memory and ends as argv[2] says; a copy has
// argv[5] bytes. Until it has ended, the main thread allocates, checks and disposes. Prints how the workers ended, whether all
// bytes were right, and inUse() before, while the workers held memory, and after.

const { once } = require('node:events')
const { setTimeout: passed } = require('node:timers/promises')
const { isMainThread, parentPort, Worker } = require('node:worker_threads')
const { alloc, copyOnto, dispose, External, view } = require('../../..')
const { inUse } = require('../usage')

const MiB = 2 ** 20
const [end, count, together, copySize] = process.argv.slice(2)
const held = []

/** Says that it begins, and goes on until the worker is terminated. */
function forever (step) {
  parentPort.postMessage('begins')
  for (let i = 0; ; i++) step(i)
}

const ends = {
  exits: () => parentPort.close(),
  'calls process.exit': () => process.exit(3),
  throws: () => { throw new Error('on purpose') },
  'rejects a promise': () => Promise.reject(new Error('on purpose')),
  'runs out of heap': () => {
    for (const list = []; ;) list.push([list, alloc(100)])
  },
  'is terminated': () => {
    parentPort.postMessage('begins')
    setInterval(() => {}, 1000)
  },
  'is terminated while it allocates and drops': () => forever(() => { held[held.length % 50] = alloc(MiB) }),
  'is terminated while it allocates and disposes': () => {
    const objects = []
    forever((i) => {
      if (i >= 50) dispose(objects[i % 50])
      objects[i % 50] = alloc(i % 2 ? MiB : 1000)
    })
  },
  'is terminated while it attaches': () => {
    const receiver = {}
    forever((i) => dispose(alloc(i % 2 ? 50 : MiB, receiver)))
  },
  'is terminated while it fills': () => {
    const elements = view(alloc(64 * MiB))
    forever((i) => elements.fill(i))
  },
  'is terminated while it copies': () => {
    const [source, dest] = [alloc(Number(copySize)), alloc(Number(copySize))]
    copyOnto(source, 0, dest, 0, MiB)
    forever(() => copyOnto(source, 0, dest, 0, Number(copySize)))
  }
}

function work () {
  held.push(alloc(MiB), alloc(MiB, {}), alloc(MiB, () => {}), new External(MiB), new External.Double(MiB / 8))
  for (const object of held) view(object).fill(1)
  parentPort.once('message', ends[end])
  parentPort.postMessage(held.reduce((sum, object) => sum + object[0] + object[1000], 0))
}

async function start () {
  const worker = new Worker(__filename, { argv: process.argv.slice(2), resourceLimits: { maxOldGenerationSizeMb: 64 } })
  const errors = []
  worker.on('error', ({ code, message }) => errors.push(code ?? message))
  const exited = new Promise((resolve) => worker.on('exit', resolve))
  const [sum] = await once(worker, 'message')
  return { worker, errors, exited, sum }
}

/** Ends a worker, and checks other memory meanwhile. */
async function finish ({ worker, errors, exited, sum }, number) {
  worker.postMessage('end')
  if (end.startsWith('is terminated')) {
    await once(worker, 'message')
    await passed(5 + 17 * number % 40)
    worker.terminate()
  }
  let isOver = false
  exited.then(() => { isOver = true })
  let isRight = true
  do {
    const object = filled(9)
    await passed(1)
    isRight &&= isAll(object, 9)
    dispose(object)
  } while (!isOver)
  return { exitCode: await exited, errors, sum, isRight }
}

const filled = (value) => {
  const object = alloc(MiB, value % 2 ? undefined : {})
  view(object).fill(value)
  return object
}

const isAll = (object, value) => Buffer.from(view(object).buffer).equals(Buffer.alloc(MiB, value))

async function main () {
  const kept = [1, 2, 3, 4].map(filled)
  const before = inUse()
  const results = []
  let most
  if (together === 'together') {
    const started = await Promise.all(Array.from({ length: Number(count) }, start))
    most = inUse()
    results.push(...await Promise.all(started.map(finish)))
  } else {
    for (let i = 0; i < count; i++) results.push(await finish(await start(), i))
  }
  const isRight = kept.every((object, index) => isAll(object, index + 1))
  for (let turn = 0; turn < 1000 && inUse().bytes > before.bytes; turn++) await passed(20)
  console.log(JSON.stringify({ results, isRight, before, most, after: inUse() }))
}

if (!isMainThread) work()
else if (require.main === module) main()
module.exports = { ends: Object.keys(ends) }
