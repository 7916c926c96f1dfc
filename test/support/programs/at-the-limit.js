'use strict'

// Takes all memory, in the thread argv[2] ('main' or 'worker'), calls each function then, and prints what came of each;
// gives all back, and prints what goes then. The caller limits the address space. Needs --expose-gc.

const { inspect } = require('node:util')
const { isMainThread, parentPort, Worker } = require('node:worker_threads')
const smalloc = require('../../..')
const { inUse } = require('../usage')
const { alloc, allocUnsafe, copyOnto, dispose, External, hasExternalData, sliceOnto, Types, view } = smalloc

const MiB = 2 ** 20

/** Above the largest threshold for mmap that glibc sets itself, so that freed memory goes back to the system. */
const SIZE_BYTES = 40 * MiB

function attempt (action) {
  try {
    return action() ? 'right' : 'wrong'
  } catch (error) {
    return `${error.name} ${error.code}`
  }
}

function takeAll (size) {
  const held = []
  try {
    for (;;) {
      held.push(alloc(size))
      view(held.at(-1)).fill(held.length)
    }
  } catch (error) {
    if (error.code !== 'ERR_MEMORY_ALLOCATION_FAILED') throw error
    return held
  }
}

/** By name, what is right or throws. None may end the process. */
function calls (held) {
  const [first, second] = held
  const small = alloc(10, {})
  return {
    'alloc of 10': () => alloc(10)[9] === 0,
    'alloc of 10 onto a receiver': () => alloc(10, {})[9] === 0,
    'alloc of 1000 onto a receiver': () => alloc(1000, {})[999] === 0,
    'alloc of 1000 Doubles': () => alloc(1000, Types.Double)[999] === 0,
    'External of 1000': () => new External(1000)[999] === 0,
    'alloc of 40 MiB': () => alloc(SIZE_BYTES) === undefined,
    'alloc of 40 MiB onto a receiver': () => alloc(SIZE_BYTES, {}) === undefined,
    'allocUnsafe of 40 MiB': () => allocUnsafe(SIZE_BYTES) === undefined,
    'External of 40 MiB': () => view(new External(SIZE_BYTES)) === undefined,
    'alloc of 1000 x 60 KiB': () => Array.from({ length: 1000 }, () => alloc(60_000)).length === 0,
    'copyOnto of 1000': () => copyOnto(first, 1, second, 2, 1000) === undefined && second[2] === 1 && second[1002] === 2,
    'copyOnto of 40 MiB': () => copyOnto(first, 0, second, 0, SIZE_BYTES) === undefined && second[SIZE_BYTES - 1] === 1,
    sliceOnto: () => sliceOnto(first, slice, 5, 1000) === slice && slice[0] === 1,
    view: () => view(first).length === SIZE_BYTES,
    hasExternalData: () => hasExternalData(first) && !hasExternalData({}),
    memoryUsage: () => inUse().bytes >= 0,
    'util.inspect': () => inspect(small).length > 0,
    'dispose of a small receiver': () => dispose(small) === undefined && !('0' in small),
    'dispose of a slice': () => dispose(slice) === undefined && !('0' in slice)
  }
}

const slice = {}

function exhaust () {
  const held = takeAll(SIZE_BYTES)
  const outcomes = {}
  for (const [name, call] of Object.entries(calls(held))) outcomes[name] = attempt(call)
  const intact = held.slice(2).every((object, i) => object[0] === i + 3 && object[SIZE_BYTES - 1] === i + 3)
  const count = held.length
  for (const object of held) dispose(object)
  held.length = 0
  globalThis.gc?.() // on Bun only the main thread has it
  return { count, outcomes, intact, again: attempt(() => alloc(2 * SIZE_BYTES)[2 * SIZE_BYTES - 1] === 0) }
}

async function main () {
  const before = inUse()
  const result = process.argv[2] === 'main' ? exhaust() : await inWorker()
  globalThis.gc()
  await new Promise((resolve) => setTimeout(resolve, 50))
  const later = attempt(() => {
    const object = alloc(2 * SIZE_BYTES)
    view(object).fill(1)
    dispose(object)
    return true
  })
  console.log(JSON.stringify({ ...result, later, before, after: inUse() }))
}

function inWorker () {
  const worker = new Worker(__filename, { argv: ['worker'] })
  return new Promise((resolve, reject) => {
    let result
    worker.on('message', (message) => { result = message })
    worker.on('error', reject)
    worker.on('exit', () => resolve(result))
  })
}

if (isMainThread) main()
else parentPort.postMessage(exhaust())
