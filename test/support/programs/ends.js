'use strict'

// Holds memory of every kind, in the main thread and in a worker, and then ends as argv[2] says. The worker never ends by
// itself: it waits, copies, or allocates and disposes. Needs --expose-gc.

const { isMainThread, parentPort, Worker, workerData } = require('node:worker_threads')
const { alloc, copyOnto, dispose, External, sliceOnto, view } = require('../../..')

const MiB = 2 ** 20

/** From this size on, a copy uses a second thread. */
const SPLIT_BYTES = 128 * MiB

function hold () {
  const held = [alloc(64), alloc(MiB), alloc(10, {}), alloc(MiB, {}), alloc(MiB, () => {}), new External(16 * MiB)]
  held.push(...Array.from({ length: 60 }, () => alloc(MiB / 8)))
  const slice = {}
  sliceOnto(held[1], slice, 10)
  for (const object of held) view(object).fill(1)
  for (const object of held.splice(30, 15)) dispose(object) // These wait for a next use.
  return [...held, slice]
}

/** What is done without end, by either thread. */
const activities = {
  copies () {
    const [source, dest] = [alloc(SPLIT_BYTES), alloc(SPLIT_BYTES)]
    for (;;) copyOnto(source, 0, dest, 0, SPLIT_BYTES)
  },
  allocates () {
    for (;;) dispose(alloc(MiB))
  }
}

const fail = () => { throw new Error('on purpose') }

/** Runs an action in a finalizer. */
function finalize (action) {
  const registry = new FinalizationRegistry(action)
  for (let i = 0; i < 100; i++) registry.register(alloc(MiB))
  setInterval(() => globalThis.gc(), 5)
}

/** Each has the code or the signal by which the process ends, and what the main thread does. */
const ends = {
  'process.exit(7)': [7, () => process.exit(7)],
  'process.exit(7) within a handler of exit': [7, () => {
    process.on('exit', () => {
      alloc(MiB)
      process.exit(7)
    })
    process.exit(1)
  }],
  'process.exitCode = 7': [7, (worker) => {
    process.exitCode = 7
    worker.unref()
  }],
  'process.exit(7) within a finalizer': [7, () => finalize(() => process.exit(7))],
  'process.exit(7) while finalizers wait': [7, () => {
    for (let i = 0; i < 100; i++) alloc(MiB)
    globalThis.gc()
    process.exit(7)
  }],
  'an exception that nobody catches': [1, fail],
  'an exception that nobody catches, in a finalizer': [1, () => finalize(fail)],
  'an exception that nobody catches, in the worker': [1, (worker) => worker.postMessage('fail')],
  'a rejection that nobody handles': [1, () => Promise.reject(new Error('on purpose'))],
  'process.abort()': ['SIGABRT', () => process.abort()],
  'SIGTERM to itself': ['SIGTERM', () => process.kill(process.pid, 'SIGTERM')],
  'SIGTERM of the worker, in the middle of a copy': ['SIGTERM', (worker) => {
    worker.postMessage('kill')
    activities.copies()
  }]
}

const tasks = {
  fail,
  kill: () => setTimeout(() => process.kill(process.pid, 'SIGTERM'), 200)
}

function main (end, activity) {
  globalThis.held = hold()
  const worker = new Worker(__filename, { argv: [end], workerData: activity })
  // Later, so that it ends in the middle of the activity.
  worker.once('message', () => setTimeout(() => ends[end][1](worker), activity === undefined ? 0 : 150))
}

function work () {
  globalThis.held = hold()
  parentPort.on('message', (task) => tasks[task]())
  parentPort.postMessage('holding')
  activities[workerData]?.()
}

if (!isMainThread) work()
else if (require.main === module) main(...process.argv.slice(2))
module.exports = { ends }
