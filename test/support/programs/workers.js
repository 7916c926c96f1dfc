'use strict'

// Starts argv[2] workers, argv[3] at a time, for each of the ends that the other arguments name. A worker holds memory and ends
// in this way. Until it has ended, the main thread allocates, checks and disposes. Prints how the workers ended, and inUse()
// before, while workers held memory, and after. The standard error names each end as it begins: the process may end by it.

const assert = require('node:assert/strict')
const { once } = require('node:events')
const { setImmediate: nextTurn, setTimeout: passed } = require('node:timers/promises')
const { isMainThread, parentPort, threadId, Worker, workerData } = require('node:worker_threads')
const { alloc, copyOnto, dispose, External, view } = require('../../..')
const { quick } = require('../long')
const { inUse } = require('../usage')

const MiB = 2 ** 20
const COPY_SIZE = quick(2 ** 30, 160 * MiB)
const sizes = [64, 128, 200, 1024, 3000].map((kibibytes) => kibibytes << 10)
const held = []

/** Allocates, fills and disposes. Throws where memory is not zeros at first, or loses what this thread has written. */
function churn (mark, times) {
  const alive = []
  for (let i = 0; i < times; i++) {
    const size = sizes[(i * 7 + mark) % sizes.length]
    const object = i % 3 ? alloc(size, {}) : new External(size)
    assert(isAll(object, 0), 'not zeros')
    view(object).fill(mark)
    alive.push(object)
    if (alive.length > 8) end(...alive.splice(i * 5 % 8, 1))
  }
  alive.forEach(end)

  function end (object) {
    assert(isAll(object, mark), 'other bytes')
    dispose(object)
  }
}

function isAll (object, value) {
  const { buffer, byteLength } = view(object)
  return Buffer.from(buffer).equals(Buffer.alloc(byteLength, value))
}

/** Says that it begins, and goes on until the worker is terminated. */
function forever (step) {
  parentPort.postMessage('begins')
  for (let i = 0; ; i++) step(i)
}

const ends = {
  exits: () => parentPort.close(),
  'calls process.exit': () => process.exit(3),
  'exits after much work': () => {
    churn(threadId, quick(800, 20))
    parentPort.close()
  },
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
    const [source, dest] = [alloc(COPY_SIZE), alloc(COPY_SIZE)]
    copyOnto(source, 0, dest, 0, MiB)
    forever(() => copyOnto(source, 0, dest, 0, COPY_SIZE))
  }
}

function work () {
  held.push(alloc(MiB), alloc(MiB, {}), alloc(MiB, () => {}), new External(MiB), new External.Double(MiB / 8))
  for (const object of held) view(object).fill(1)
  parentPort.once('message', ends[workerData])
  parentPort.postMessage(held.reduce((sum, object) => sum + object[0] + object[1000], 0))
}

async function start (end) {
  const worker = new Worker(__filename, { workerData: end, resourceLimits: { maxOldGenerationSizeMb: 16 } })
  const errors = []
  worker.on('error', ({ code, message }) => errors.push(code ?? message))
  const exited = new Promise((resolve) => worker.on('exit', resolve))
  const [sum] = await once(worker, 'message')
  return { worker, end, errors, exited, sum }
}

/** Ends a worker, and checks other memory meanwhile. `number` varies the moment at which it is terminated. */
async function finish ({ worker, end, errors, exited, sum }, number) {
  worker.postMessage('end')
  if (end.startsWith('is terminated')) {
    await once(worker, 'message')
    await passed(5 + 17 * number % 40)
    worker.terminate()
  }
  let isOver = false
  exited.then(() => { isOver = true })
  do {
    churn(99, 10)
    await nextTurn() // timers of several workers would let nothing else run
  } while (!isOver)
  return { exitCode: await exited, errors, sum }
}

async function runAll (end, count, atATime) {
  console.error(end)
  const before = inUse()
  const results = []
  let most
  while (results.length < count) {
    const started = await Promise.all(Array.from({ length: atATime }, () => start(end)))
    most = inUse()
    results.push(...await Promise.all(started.map((one, index) => finish(one, results.length + index))))
  }
  for (let turn = 0; turn < 1000 && inUse().bytes > before.bytes; turn++) await passed(20)
  return { results, before, most, after: inUse() }
}

async function main (count, atATime, ...names) {
  const kept = [alloc(MiB), alloc(MiB, {}), alloc(MiB, () => {}), new External(MiB)]
  kept.forEach((object, index) => view(object).fill(index + 1))
  const answers = {}
  for (const name of names) {
    answers[name] = await runAll(name, Number(count), Number(atATime))
    assert(kept.every((object, index) => isAll(object, index + 1)), 'bytes of the main thread have changed')
  }
  console.log(JSON.stringify(answers))
}

if (!isMainThread) work()
else if (require.main === module) main(...process.argv.slice(2))
module.exports = { COPY_SIZE }
