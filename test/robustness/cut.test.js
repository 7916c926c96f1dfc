'use strict'

// The timeout of node:vm, like SIGINT in the REPL, ends a call between any two of its steps, and no `finally` runs: the next
// call puts right what it finds.

const assert = require('node:assert/strict')
const { answerOf } = require('../support/child')
const { quick } = require('../support/long')

const ROUNDS = quick(12_000, 600)
/** So many are cut, in turn: see cut.js. */
const CALLS = 6

describe('a call that is cut short', () => {
  for (const [how, rounds] of [['timeout', ROUNDS], ['interrupt', ROUNDS / 10]]) {
    // A SIGINT from a process to itself ends it on Windows, and runs no handler.
    if (how === 'interrupt' && process.platform === 'win32') continue
    it(`by ${how}, ${rounds} times: leaves nothing that a later call would stumble over`, async function () {
      this.timeout(300_000)
      const { failures, cuts, usage } = await answerOf('cut.js', [rounds, how], { flags: ['--expose-gc'], timeout: 280_000 })
      assert.deepEqual(failures, {})
      for (const [call, times] of Object.entries(cuts)) assert.equal(times, rounds / CALLS, call)
      assert.deepEqual(usage, { blocks: 0, bytes: 0 })
    })
  }

  it('while it asks for the next turn: the budget starts afresh in each turn all the same', async () => {
    const [first, second] = await answerOf('cut-turn.js')
    assert.equal(first, process.env.SMALLOC_ENGINE_MEMORY === '1' ? 0 : 256)
    assert.equal(second, first)
  })
})
