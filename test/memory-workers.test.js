'use strict'

const assert = require('node:assert/strict')
const { answerOf, run } = require('./support/child')
const { ends } = require('./support/programs/workers')

const exitCodes = {
  exits: 0,
  'calls process.exit': 3
}
const errors = {
  throws: ['on purpose'],
  'rejects a promise': ['on purpose'],
  'runs out of heap': ['ERR_WORKER_OUT_OF_MEMORY']
}

describe('a worker that holds memory', () => {
  for (const end of ends) {
    it(`and ${end} leaves memoryUsage() as it was`, async () => {
      const { results, before, after, mine } = await answerOf('workers.js', [end, 3])
      for (const result of results) {
        assert.deepEqual(result, { exitCode: exitCodes[end] ?? 1, errors: errors[end] ?? [], sum: 10 })
      }
      assert.equal(results.length, 3)
      assert.deepEqual(after, before)
      assert.equal(mine, 2 ** 20)
    })
  }

  it('and exits leaves memoryUsage() as it was, with four at the same time', async () => {
    const { results, before, after } = await answerOf('workers.js', ['exits', 4, 'together'])
    assert.deepEqual(results, Array(4).fill({ exitCode: 0, errors: [], sum: 10 }))
    assert.deepEqual(after, before)
  })
})

describe('threads that allocate at the same time', () => {
  it('never see each other\'s elements, nor anything but zeros at first', async () => {
    const { wrong, exitCodes, before, after } = await answerOf('threads-at-once.js')
    assert.deepEqual(wrong, [0, 0, 0, 0, 0])
    assert.deepEqual(exitCodes, [0, 0, 0, 0])
    assert.deepEqual(after, before)
  })
})

describe('the addon loaded in workers only', () => {
  it('works in 20 workers, one after the other, and the process ends cleanly', async () => {
    assert.deepEqual(await answerOf('only-workers.js'), Array(20).fill(0))
  })
})

describe('a process that ends while everything is held, in two threads', () => {
  for (const end of ['process.exit(7)', 'process.exit(7) within a handler of exit', 'process.exitCode = 7']) {
    it(`by ${end}: its code is 7`, async () => {
      const { code, signal, stderr } = await run('ends.js', [end])
      assert.deepEqual({ code, signal, stderr }, { code: 7, signal: null, stderr: '' })
    })
  }

  it('by an exception that nobody catches: its code is 1', async () => {
    const { code, signal, stderr } = await run('ends.js', ['an exception that nobody catches'])
    assert.deepEqual({ code, signal }, { code: 1, signal: null })
    assert.match(stderr, /Error: on purpose/)
  })

  it('by a signal: that is what it ends by', async () => {
    assert.equal((await run('ends.js', ['SIGTERM to itself'])).signal, 'SIGTERM')
  })
})

describe('a worker', () => {
  it('has its memory from the engine', async () => {
    const { before, most } = await answerOf('workers.js', ['exits', 4, 'together'])
    assert.deepEqual(most, before)
  })
})
