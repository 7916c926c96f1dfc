'use strict'

// Every call, at every depth near the end of the stack: it is done whole, or throws a RangeError and has done nothing.

const assert = require('node:assert/strict')
const { answerOf } = require('../support/child')
const { long, quick } = require('../support/long')

/** Frames of the interpreter, of the first compiler and of the last differ in size. */
const ways = {
  'as the engine likes': [],
  ...quick({ interpreted: ['--no-opt', '--no-sparkplug'], 'compiled at once': ['--always-sparkplug'] }, {})
}

/** A short stack is quicker to fill. */
const triedWith = (args, flags) => answerOf('stack-limit.js', args, { flags: ['--expose-gc', '--stack-size=120', ...flags] })

describe('a call near the end of the stack', () => {
  for (const [name, flags] of Object.entries(ways)) {
    it(`is done whole or not at all, ${name}`, async () => {
      const { failures, succeeded, overflowed } = await triedWith([], flags)
      assert.deepEqual(failures, [])
      assert(succeeded > quick(1000, 100) && overflowed > 1000, `${succeeded} succeeded, ${overflowed} did not`)
    })
  }

  long.it('is done whole or not at all, where it is the first and takes more stack: functions are compiled', async () => {
    const { failures, succeeded, overflowed } = await triedWith(['first'], ['--no-compilation-cache'])
    assert.deepEqual(failures, [])
    assert(succeeded > 300 && overflowed > 300, `${succeeded} succeeded, ${overflowed} did not`)
  })
})
