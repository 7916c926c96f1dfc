'use strict'

// Loads the addon in a worker alone, starts every thread that Rust has, and ends the worker: Node then closes the addon. The
// main thread goes on for longer than idle memory waits, and causes a fault that V8 handles. Prints what the worker answered,
// the error that V8 made of the fault, and how often a timer of the main thread's has run.

const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { isMainThread, parentPort, Worker, workerData } = require('node:worker_threads')

const BYTES = 64 << 20

function useEveryThread () {
  const { alloc, copyOnto, dispose } = require('../../..')
  const [from, to] = [alloc(BYTES), alloc(BYTES)]
  from[BYTES - 1] = 7
  copyOnto(from, 0, to, 0, BYTES)
  const copied = to[BYTES - 1]
  dispose(from)
  dispose(to)
  const addon = Object.keys(require.cache).find((file) => file.endsWith('.node'))
  parentPort.postMessage({ copied, idleBytes: startPurgeThread(), addon })
}

/** Returns the bytes that wait for the purge thread. No function of the package lends blocks to a worker: the addon can. */
function startPurgeThread () {
  const { cachedBytes, lend, takeBack } = require('../../../lib/native/binding')
  const before = cachedBytes()
  takeBack(lend(BYTES, false))
  return cachedBytes() - before
}

/** Runs a worker that loads this `addon` alone, or uses the package. Resolves to its answer once it has ended. */
function runWorker (addon) {
  const worker = new Worker(__filename, { workerData: addon })
  let answer
  worker.on('message', (message) => { answer = message })
  return new Promise((resolve, reject) => worker.on('error', reject).on('exit', () => resolve(answer)))
}

/**
 * glibc unmaps no library that is closed on a thread with destructors of that library's. It does so when the next library is
 * closed: here a copy. Elsewhere that is not needed, and Windows deletes no file that is loaded.
 */
async function closeAnother (addon) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'smalloc-'))
  const copy = path.join(folder, 'copy.node')
  try {
    fs.copyFileSync(addon, copy)
    await runWorker(copy)
  } finally {
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  }
}

/** `(memory 1) (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))`, in binary. */
const LOADS = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 6, 1, 96, 1, 127, 1, 127, 3, 2, 1, 0, 5, 3, 1, 0, 1,
  7, 8, 1, 4, 108, 111, 97, 100, 0, 0, 10, 9, 1, 7, 0, 32, 0, 40, 2, 0, 11
])

/** WebAssembly reads far outside of its memory. V8 knows by the fault, as smalloc knows a misuse with SMALLOC_GUARD=1. */
function faultOfWebAssembly () {
  const { exports: { load } } = new WebAssembly.Instance(new WebAssembly.Module(LOADS))
  try {
    return load(1 << 30)
  } catch ({ name }) {
    return name
  }
}

async function main () {
  const { addon, ...answer } = await runWorker()
  if (process.platform === 'linux') await closeAnother(addon)
  const fault = faultOfWebAssembly()
  let alive = 0
  const timer = setInterval(() => alive++, 100)
  setTimeout(() => {
    clearInterval(timer)
    console.log(JSON.stringify({ ...answer, fault, alive }))
  }, 1600)
}

if (isMainThread) main()
else if (workerData === undefined) useEveryThread()
else require(workerData)
