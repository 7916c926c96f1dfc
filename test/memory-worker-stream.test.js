'use strict'

const assert = require('node:assert/strict')
const { answerOf } = require('./support/child')

const flags = ['--expose-gc']

describe('memory that leaves a worker for the main thread', () => {
  for (const way of ['a stream of bytes']) {
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

describe('a worker', () => {
  it('has its memory from the engine', async () => {
    const { before, most } = await answerOf('workers.js', ['exits', 4, 'together'])
    assert.deepEqual(most, before)
  })
})
