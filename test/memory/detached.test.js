'use strict'

const assert = require('node:assert/strict')
const { answerOf } = require('../support/child')
const { ways, times } = require('../support/programs/detached')
const byWorker = require('../support/programs/detached-by-worker')

const MiB = 2 ** 20
const engineMemory = process.env.SMALLOC_ENGINE_MEMORY === '1'
const flags = ['--expose-gc']

describe('memory that leaves its object', () => {
  it('can leave in every way the runtime has', () => {
    assert.equal(ways.includes('transfer'), 'transfer' in ArrayBuffer.prototype)
    assert.equal(byWorker.ways.includes('transfer'), 'transfer' in ArrayBuffer.prototype)
  })

  for (const way of ways) {
    it(`by ${way}: is moved, copied or refused, has one owner, and comes back in the end`, async () => {
      const results = await answerOf('detached.js', [way], { flags })
      assert.deepEqual(results.map(({ time }) => time), times)
      for (const { time, outcome, ...found } of results) {
        assert(outcomesOf(way).includes(outcome), `${time}: ${outcome}`)
        assert.deepEqual(found, { intact: true, alone: true, isBack: true }, time)
      }
    })
  }

  /** Node 20, which has no `transfer`, copies an external ArrayBuffer. */
  function outcomesOf (way) {
    const isMoved = engineMemory || ways.includes('transfer') || way === 'a stream of bytes'
    return isMoved ? ['moved'] : ['copied']
  }
})

describe('memory that leaves the main thread for a worker', () => {
  it('has no other owner, whatever becomes of its object, and comes back when the worker ends', async () => {
    const { intact, alone, exitCode, usage, held, after } = await answerOf('detached-to-worker.js', [], { flags })
    assert(intact && alone)
    assert.equal(exitCode, 1)
    const lent = engineMemory ? 0 : 1
    assert.deepEqual(held, { blocks: usage.blocks + lent, bytes: usage.bytes + lent * MiB })
    assert.deepEqual(after, usage)
  })
})

describe('memory that leaves a worker for the main thread', () => {
  for (const way of byWorker.ways) {
    for (const end of ['is terminated', 'exits', 'throws']) {
      it(`by ${way} before the worker ${end} has no other owner`, async () => {
        const { outcome, errors, usage, after, ...found } = await answerOf('detached-by-worker.js', [way, end], { flags })
        if (outcome === 'received') assert.deepEqual(found, { intact: true, alone: true })
        else assert.equal(outcome, 'refused: DataCloneError')
        assert.deepEqual(errors, end === 'throws' ? ['on purpose'] : [])
        assert.deepEqual(after, usage)
      })
    }
  }
})
