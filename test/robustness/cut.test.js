'use strict'

// A timeout of node:vm, or SIGINT in the REPL, can end a call between any two steps, and then no `finally` runs. The next call
// has to put things right.

const assert = require('node:assert/strict')
const { answerOf } = require('../support/child')
const { quick } = require('../support/long')
const { isEngineMemory } = require('../support/runtime')

/** In 350 rounds cut.js has each call with each receiver and both lengths five times. */
const ROUNDS = quick(14_000, 350)
/** The calls in cut.js, which are cut in turn. */
const CALL_COUNT = 7

describe('a call that is cut short', () => {
  for (const [how, rounds] of [['timeout', ROUNDS], ['interrupt', ROUNDS / 10]]) {
    // On Windows, a process that sends SIGINT to itself ends, and no handler runs.
    if (how === 'interrupt' && process.platform === 'win32') continue
    it(`by ${how}, ${rounds} times: no later call fails because of it`, async function () {
      this.timeout(300_000)
      const { failures, cuts, usage } = await answerOf('cut.js', [rounds, how], { flags: ['--expose-gc'], timeout: 280_000 })
      assert.deepEqual(failures, {})
      for (const [call, times] of Object.entries(cuts)) assert.equal(times, rounds / CALL_COUNT, call)
      assert.deepEqual(usage, { blocks: 0, bytes: 0 })
    })
  }

  it('while it asks for the next turn: the budget starts afresh in each turn all the same', async () => {
    const [first, second] = await answerOf('cut-turn.js')
    assert.equal(first, isEngineMemory ? 0 : 256)
    assert.equal(second, first)
  })
})
