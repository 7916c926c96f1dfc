'use strict'

// Other code may replace any global, any method of a prototype, any property of a module of Node, and put any property on the
// prototypes that all objects share. If it does so after this package is loaded, all answers stay right. If before, answers may
// be wrong, but the process and other memory are safe.

const assert = require('node:assert/strict')
const { answerOf, runText } = require('../support/child')
const { long, quick } = require('../support/long')

const kinds = ['throws', 'does nothing', 'returns true', 'returns a large number', 'returns another allocation', 'returns its this']

/** Puts one property after the other on shared objects, and runs the scenario. The quick form puts each there in one way only. */
async function tamper (what, moment, least) {
  const { tried, failures, spoilt, stolen } = await answerOf('tampered.js', [what, moment], { flags: ['--expose-gc'] })
  assert.deepEqual(failures, [])
  assert.deepEqual([spoilt, stolen], [0, 0])
  assert(tried > least, `${tried} were tried`)
}

describe('a builtin that', () => {
  for (const kind of kinds) {
    it(`${kind}, since after the module was loaded: every answer is right`, () => tamper(kind, 'after', quick(500, 80)))
  }

  for (const kind of ['throws', 'does nothing', 'returns another allocation']) {
    long.it(`${kind}, since before the module was loaded: nothing else is touched`, () => tamper(kind, 'before', 500))
  }
})

describe('a property of any name on any shared prototype', () => {
  it('changes no answer, is called by nothing, and steals nothing', () => tamper('pollution', 'after', quick(3000, 600)))

  it('since before the module was loaded: nothing else is touched', () => tamper('pollution', 'before', 30))
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
