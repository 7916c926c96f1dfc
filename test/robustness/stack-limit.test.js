'use strict'

// Every call, at every depth near the end of the stack: it is done as a whole, or it throws a RangeError and has done nothing.

const assert = require('node:assert/strict')
const { answerOf } = require('../support/child')
const { long, quick } = require('../support/long')

/** Frames of the interpreter, of the first compiler and of the last differ in size. */
const ways = {
  'as the engine likes': [],
  ...quick({ interpreted: ['--no-opt', '--no-sparkplug'], 'compiled at once': ['--always-sparkplug'] }, {})
}

/** A short stack is quicker to fill. */
const STACK_KIB = 120

/** What alloc asks for before it changes a receiver: NEEDED in src/stack.rs. */
const RESERVE_KIB = 48

const triedWith = (args, flags) => answerOf('stack-limit.js', args, { flags: ['--expose-gc', `--stack-size=${STACK_KIB}`, ...flags] })

describe('a call near the end of the stack', () => {
  for (const [name, flags] of Object.entries(ways)) {
    it(`is done as a whole or not at all, ${name}`, async () => {
      const { failures, succeeded, overflowed, reserve } = await triedWith([], flags)
      assert.deepEqual(failures, [])
      assert(succeeded > quick(1000, 100) && overflowed > 1000, `${succeeded} succeeded, ${overflowed} did not`)
      // Without its check, alloc begins with a third of this stack left, and stops in the middle of its work.
      assert(reserve * STACK_KIB > 0.95 * RESERVE_KIB, `alloc begins with ${reserve * STACK_KIB} KiB left`)
    })
  }

  long.it('is done as a whole or not at all, where it is the first and takes more stack: functions are compiled', async () => {
    const { failures, succeeded, overflowed } = await triedWith(['first'], ['--no-compilation-cache'])
    assert.deepEqual(failures, [])
    assert(succeeded > 300 && overflowed > 300, `${succeeded} succeeded, ${overflowed} did not`)
  })
})
