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
  held.push(...Array.from({ length: 200 }, () => alloc(MiB / 8)))
  const slice = {}
  sliceOnto(held[1], slice, 10)
  for (const object of held) view(object).fill(1)
  for (const object of held.splice(100, 50)) dispose(object) // These wait for a next use.
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

const ends = {
  'process.exit(7)': () => process.exit(7),
  'process.exit(7) within a handler of exit': () => {
    process.on('exit', () => {
      alloc(MiB)
      process.exit(7)
    })
    process.exit(1)
  },
  'process.exitCode = 7': (worker) => {
    process.exitCode = 7
    worker.unref()
  },
  'process.exit(7) within a finalizer': () => {
    const registry = new FinalizationRegistry(() => process.exit(7))
    for (let i = 0; i < 100; i++) registry.register(alloc(MiB))
    setInterval(() => globalThis.gc(), 5)
  },
  'process.exit(7) while finalizers wait': () => {
    for (let i = 0; i < 100; i++) alloc(MiB)
    globalThis.gc()
    process.exit(7)
  },
  'an exception that nobody catches': fail,
  'an exception that nobody catches, in a finalizer': () => {
    const registry = new FinalizationRegistry(fail)
    for (let i = 0; i < 100; i++) registry.register(alloc(MiB))
    setInterval(() => globalThis.gc(), 5)
  },
  'a rejection that nobody handles': () => Promise.reject(new Error('on purpose')),
  'an exception that nobody catches, in the worker': (worker) => worker.postMessage('fail'),
  'process.abort()': () => process.abort(),
  'SIGTERM to itself': () => process.kill(process.pid, 'SIGTERM'),
  'SIGKILL to itself': () => process.kill(process.pid, 'SIGKILL'),
  'SIGTERM of the worker, in the middle of a copy': (worker) => {
    worker.postMessage('kill')
    activities.copies()
  },
  'SIGTERM of the worker, in a loop of alloc and dispose': (worker) => {
    worker.postMessage('kill')
    activities.allocates()
  }
}

const tasks = {
  fail,
  kill: () => setTimeout(() => process.kill(process.pid, 'SIGTERM'), 200)
}

globalThis.held = hold()
if (isMainThread) {
  const [end, activity] = process.argv.slice(2)
  const worker = new Worker(__filename, { argv: [end], workerData: activity })
  // Later, so that it ends in the middle of the activity.
  worker.once('message', () => setTimeout(() => ends[end](worker), activity === undefined ? 0 : 150))
} else {
  parentPort.on('message', (task) => tasks[task]())
  parentPort.postMessage('holding')
  activities[workerData]?.()
}
