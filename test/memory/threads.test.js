'use strict'

// Memory that travels between threads by release and adopt.

const assert = require('node:assert/strict')
const { isDeepStrictEqual } = require('node:util')
const { BroadcastChannel, Worker } = require('node:worker_threads')
const { adopt, alloc, dispose, release, Types, view } = require('../..')
const { answerOf } = require('../support/child')
const { assertNothingIsLost } = require('../support/invariants')
const { kinds } = require('../support/kinds')
const { isLong, quick } = require('../support/long')
const { ends } = require('../support/programs/frames')
const { inUse } = require('../support/usage')
const { isEngineMemory } = require('../support/runtime')

const timeout = isLong ? 600_000 : 50_000
const MiB = 2 ** 20
const SIZES = [0, 1, 64, 65, 1000, 64 * 2 ** 10, 128 * 2 ** 10, MiB, 5 * MiB]
const elementOf = (type, number) => type === Types.BigInt64 || type === Types.BigUint64 ? BigInt(number) : number

/** Adopts the memory of each message, adds 1 to each element, releases the memory, and posts it back. */
const ECHO = `
  const { parentPort, workerData } = require('node:worker_threads')
  const { adopt, release, view } = require(workerData)
  parentPort.on('message', ({ memory, type, isReceiver }) => {
    const frame = isReceiver ? adopt(memory, {}, type) : adopt(memory, type)
    const elements = view(frame)
    elements.set(elements.map((element) => ++element))
    const back = release(frame)
    parentPort.postMessage({ memory: back, left: memory.byteLength }, [back])
  })`

describe('memory that is released on one thread and adopted on another', () => {
  let worker
  before(() => { worker = new Worker(ECHO, { eval: true, workerData: require.resolve('../..') }) })
  after(() => worker.terminate())

  async function goAndComeBack (name, size, typeName) {
    const type = Types[typeName]
    const frame = kinds[name](size, typeName)
    view(frame).fill(elementOf(type, 41))
    const memory = release(frame)
    const answer = new Promise((resolve) => worker.once('message', resolve))
    worker.postMessage({ memory, type, isReceiver: name === 'receiver' }, [memory])
    const { memory: back, left } = await answer
    assert.deepEqual([memory.byteLength, left], [0, 0])
    const home = adopt(back, type)
    const elements = view(home)
    const expected = new elements.constructor(size).fill(elementOf(type, 42))
    assert(isDeepStrictEqual(elements, expected), `${size} elements of ${typeName}`)
    dispose(home)
  }

  for (const name of Object.keys(kinds)) {
    it(`goes to a worker and comes back, without a copy: ${name} of every length`, async () => {
      const before = inUse()
      for (const size of SIZES) {
        for (const typeName of size > 1000 ? ['Uint8'] : Object.keys(Types)) await goAndComeBack(name, size, typeName)
      }
      await assertNothingIsLost(before)
    })
  }

  it('is copied by a BroadcastChannel, which moves nothing: the sender keeps it', async () => {
    const [from, to] = [new BroadcastChannel('smalloc'), new BroadcastChannel('smalloc')]
    const memory = release(alloc(MiB))
    const arrived = new Promise((resolve) => { to.onmessage = ({ data }) => resolve(data) })
    from.postMessage(memory)
    const frame = adopt(await arrived)
    assert.equal(view(frame).length, MiB)
    assert.equal(memory.byteLength, MiB)
    dispose(frame)
    dispose(adopt(memory))
    from.close()
    to.close()
  })

  it('is freed by the worker that disposes it, in that call', async () => {
    const before = inUse()
    const disposer = new Worker(`
      const { parentPort, workerData } = require('node:worker_threads')
      const { adopt, dispose, memoryUsage } = require(workerData)
      parentPort.once('message', (memory) => {
        const frame = adopt(memory)
        const held = memoryUsage()
        dispose(frame)
        parentPort.postMessage({ held, left: memoryUsage() })
      })`, { eval: true, workerData: require.resolve('../..') })
    const exit = new Promise((resolve) => disposer.once('exit', resolve)) // before the answer, which may come in the same step
    const memory = release(alloc(5 * MiB))
    disposer.postMessage(memory, [memory])
    const { held, left } = await new Promise((resolve) => disposer.once('message', resolve))
    await exit
    const isLent = !isEngineMemory && ArrayBuffer.prototype.transfer !== undefined
    assert.deepEqual([held.bytes - before.bytes, left.bytes - before.bytes], [isLent ? 5 * MiB : 0, 0])
    await assertNothingIsLost(before)
  })
})

describe('thousands of frames, through workers that end', () => {
  const cases = quick(ends.flatMap((end) => [[20_000, 1000, end], [20_000, 200_000, end]]), [[300, '1000,200000', ...ends]])

  for (const [count, sizes, ...names] of cases) {
    it(`as each ${names.join(', or ')}: ${count} of ${sizes} bytes keep theirs, and nothing is left`, async function () {
      this.timeout(timeout + 5000)
      const answer = await answerOf('frames.js', [count, sizes, ...names], { flags: ['--expose-gc'], timeout })
      const { wrong, home, answered, ended, before, after, arrayBuffers } = answer
      assert.deepEqual(wrong, { main: 0, workers: 0 })
      assert(answered > 100 && home > 10, JSON.stringify(answer))
      assert(ended >= Math.max(3, names.length), JSON.stringify(answer)) // who closes its port ends only when it is terminated
      assert.deepEqual(after, before)
      assert(arrayBuffers < 32 * MiB, JSON.stringify(answer))
    })
  }
})
