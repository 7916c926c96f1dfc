'use strict'

// Other code may replace any global, any method of a prototype, any property of a module of Node. If it does so after this
// package is loaded, all answers stay right. If before, answers may be wrong, but the process and other memory are safe.

const assert = require('node:assert/strict')
const { answerOf, runText } = require('../support/child')
const { isLong, long } = require('../support/long')

const kinds = ['throws', 'does nothing', 'returns true', 'returns a large number', 'returns another allocation', 'returns its this']

/** Replaces one builtin after the other as `kind` says, and runs the scenario. The quick form replaces each in one way only. */
async function tamper (kind, moment) {
  const { replaced, failures, spoilt } = await answerOf('tampered.js', [kind, moment], { flags: ['--expose-gc'] })
  assert(replaced > (isLong ? 500 : 80), `${replaced} were replaced`)
  assert.deepEqual(failures, [])
  assert.equal(spoilt, 0)
}

describe('a builtin that', () => {
  for (const kind of kinds) {
    it(`${kind}, since after the module was loaded: every answer is right`, () => tamper(kind, 'after'))
  }

  for (const kind of ['throws', 'does nothing', 'returns another allocation']) {
    long.it(`${kind}, since before the module was loaded: nothing else is touched`, () => tamper(kind, 'before'))
  }
})

describe('a global setImmediate that was replaced before the module was loaded, as by fake timers', () => {
  for (const fake of ['undefined', '() => {}', '() => ({})', '() => { throw new Error() }']) {
    it(`${fake}: every answer is right, and the process ends`, async () => {
      const { code, stdout, stderr } = await runText(`
        globalThis.setImmediate = ${fake}
        process.stdout.write(require('./test/support/scenario').scenarioOf(require('.'))() + 'done')`)
      assert.deepEqual([code, stdout], [0, 'done'], stderr)
    })
  }
})
