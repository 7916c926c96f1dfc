'use strict'

// Runs a scenario in which the n-th thing that Rust asks of the system is refused, once for each n of argv: an
// allocation, a mapping or a thread, whatever comes n-th. Prints what came of each round.
//
//   node --expose-gc faults.js <folder of the package> <scenario> <lasts: true or false> <n>...

const assert = require('node:assert/strict')
const path = require('node:path')
const { setTimeout: sleep } = require('node:timers/promises')
const { isMainThread, parentPort, Worker, workerData } = require('node:worker_threads')
const { collect } = require('../collect')
const { snapshotOf, assertUnchanged } = require('../snapshot')
const { isEngineMemory } = require('../runtime')

const MiB = 2 ** 20
const MORE = process.env.SMALLOC_LONG === '1' ? 30 : 2

const [folder, scenario, lasts, ...rounds] = process.argv.slice(2)
const load = () => require(path.join(folder, 'index.js'))
const loadFaults = () => require(path.join(folder, 'lib', 'native', 'addon.js'))

/** 'right', or the error that an action may throw; anything else that it throws is thrown on. */
function attempt (action) {
  try {
    action()
    return 'right'
  } catch (error) {
    if (error.name === 'RangeError' && error.code === 'ERR_MEMORY_ALLOCATION_FAILED') return error.code
    throw error
  }
}

/** By name. Each makes an allocation of `size` bytes; some take a receiver for it. */
const makers = ({ alloc, allocUnsafe, External, Types }) => ({
  bare: (size) => alloc(size),
  unzeroed: (size) => allocUnsafe(size),
  doubles: (size) => alloc(size / 8, Types.Double),
  receiver: (size, object) => alloc(size, object),
  'unzeroed receiver': (size, object) => allocUnsafe(size, object),
  function: (size, _, func) => alloc(size, func),
  External: (size) => new External(size),
  'External of Doubles': (size) => new External.Double(size / 8)
})

/** Allocates `size` bytes of a kind; where that is refused, its receiver must be what it was. */
function make (smalloc, kind, size, made) {
  const receivers = [{ __proto__: { inherited: true }, 3: 'mine', own: true }, () => {}]
  const before = receivers.map(snapshotOf)
  try {
    const object = makers(smalloc)[kind](size, ...receivers)
    made.push(object)
    const elements = smalloc.view(object)
    assert.equal(elements.byteLength, size, kind)
    if (!kind.startsWith('unzeroed')) assert(elements[0] === 0 && elements.at(-1) === 0, `${kind}: no zeros`)
    elements.fill(5)
    assert(object[0] === 5 && object[elements.length - 1] === 5, `${kind}: element`)
  } catch (error) {
    if (error.code !== 'ERR_ASSERTION') receivers.forEach((receiver, index) => assertUnchanged(receiver, before[index]))
    throw error
  }
}

/** By name: functions that prepare a scenario, run it with the fault, and end it. Each passes its result to the next. */
const scenarios = {
  'each function': {
    run (smalloc, outcomes) {
      const { copyOnto, dispose, hasExternalData, memoryUsage, sliceOnto, view } = smalloc
      const made = []
      for (const size of [16, 64, 200, 100_000, MiB]) {
        for (const kind of Object.keys(makers(smalloc))) {
          outcomes.push(attempt(() => make(smalloc, kind, size, made)))
        }
      }
      // Enough for the table of loans to grow again and again, and for the engine's memory to be looked at.
      for (let i = 0; i < MORE; i++) outcomes.push(attempt(() => make(smalloc, 'External', 200_000 + i * 80_000, made)))
      for (let i = 0; i < 200; i++) outcomes.push(attempt(() => make(smalloc, 'bare', 100_000, made)))
      const [first, second] = made.filter((object) => view(object).byteLength === 200)
      if (second !== undefined) {
        copyOnto(first, 0, second, 0, 10)
        assert(second[9] === 5, 'copy')
        const slice = {}
        sliceOnto(first, slice, 1, 100)
        assert(slice[0] === 5 && hasExternalData(slice), 'slice')
        dispose(slice)
      }
      const large = made.filter((object) => view(object).byteLength === MiB)
      for (const object of large.slice(1)) copyOnto(large[0], 0, object, 0, 1000)
      assert(typeof memoryUsage().bytes === 'number', 'usage')
      for (const object of made) dispose(object)
      for (const object of made) assert(!hasExternalData(object) && Object.keys(object)[0] !== '0', 'dispose')
    }
  },
  'a copy on two threads': {
    prepare ({ allocUnsafe, view }) {
      const size = 128 * MiB
      const pair = { size, source: allocUnsafe(size), dest: allocUnsafe(size) }
      for (let i = 0; i < size; i += MiB) view(pair.source)[i] = view(pair.source)[i + MiB - 1] = i / MiB + 1
      return pair
    },
    run ({ copyOnto }, outcomes, { size, source, dest }) {
      copyOnto(source, 0, dest, 0, size)
    },
    end ({ dispose }, { size, source, dest }) {
      for (let i = 0; i < size; i += MiB) assert(dest[i] === i / MiB + 1 && dest[i + MiB - 1] === i / MiB + 1, 'copy')
      dispose(source)
      dispose(dest)
    }
  },
  finalizers: {
    prepare ({ alloc, sliceOnto }) {
      for (let i = 0; i < 60; i++) sliceOnto(alloc(MiB), {}, 1)
    },
    run: () => collect(5),
    end: ({ memoryUsage }, _, before) => collect(200, () => memoryUsage().blocks <= before.blocks)
  },
  'the purge': {
    prepare ({ alloc, dispose, view }) {
      const held = Array.from({ length: 200 }, () => alloc(MiB))
      for (const object of held) view(object).fill(1)
      for (const object of held) dispose(object)
      return { resident: process.memoryUsage.rss() } // with SMALLOC_ENGINE_MEMORY=1 malloc may keep it
    },
    async run (_, __, { resident }) {
      const isBack = () => resident - process.memoryUsage.rss() > 150 * MiB
      const most = isEngineMemory ? 25 : 300
      for (let waited = 0; waited < most && !isBack(); waited++) await sleep(100)
      if (!isEngineMemory) assert(isBack(), `${resident} bytes were resident, ${process.memoryUsage.rss()} are`)
    }
  },
  'loading in a worker': {
    run: () => endOf(new Worker(__filename, { argv: process.argv.slice(2), workerData: 'load' }))
  },
  'each function in a worker': {
    isOfWorker: true,
    async run (_, outcomes, __, nth) {
      const worker = new Worker(__filename, { argv: process.argv.slice(2), workerData: nth })
      worker.on('message', (all) => outcomes.push(...all))
      await endOf(worker)
    }
  }
}

function endOf (worker) {
  return new Promise((resolve, reject) => worker.on('error', reject).on('exit', resolve))
}

/** Checks that everything works after a fault. */
function works ({ alloc, copyOnto, dispose, memoryUsage, trim, view }) {
  trim() // the cache may have engine memory from the time of the fault
  const before = memoryUsage()
  const [source, dest] = [alloc(MiB), alloc(MiB, {})]
  const lent = memoryUsage().blocks - before.blocks
  view(source).fill(7)
  copyOnto(source, 0, dest, 1, MiB - 1)
  assert(view(dest)[0] === 0 && view(dest).subarray(1).every((element) => element === 7), 'copy')
  for (const object of [source, dest]) dispose(object)
  assert(lent === (isEngineMemory ? 0 : 2), `${lent} blocks are lent`)
  assert(memoryUsage().bytes === before.bytes, 'dispose')
}

async function round (smalloc, faults, nth) {
  const { prepare, run, end, isOfWorker } = scenarios[scenario]
  const before = smalloc.memoryUsage()
  const outcomes = []
  const prepared = prepare?.(smalloc)
  if (!isOfWorker) faults.faultsBegin(nth, lasts === 'true')
  try {
    await run(smalloc, outcomes, prepared, nth)
  } finally {
    faults.faultsEnd()
  }
  const refused = { allocations: faults.faultsRefused(0), mappings: faults.faultsRefused(1), threads: faults.faultsRefused(2) }
  await end?.(smalloc, prepared, before)
  const after = smalloc.memoryUsage()
  assert(after.blocks === before.blocks && after.bytes === before.bytes, `${JSON.stringify({ before, after })}`)
  await sleep(0) // A turn of the event loop, for the budget.
  works(smalloc)
  return { nth, refused, outcomes: [...new Set(outcomes)] }
}

async function main () {
  const [smalloc, faults] = [load(), loadFaults()]
  const results = []
  for (const nth of rounds) results.push(await round(smalloc, faults, Number(nth)))
  console.log(JSON.stringify(results))
}

function work () {
  const outcomes = []
  const smalloc = load()
  if (workerData === 'load') return
  const faults = loadFaults()
  faults.faultsBegin(workerData, lasts === 'true')
  try {
    scenarios['each function'].run(smalloc, outcomes)
  } finally {
    faults.faultsEnd()
  }
  parentPort.postMessage(outcomes)
}

if (isMainThread) main()
else work()
