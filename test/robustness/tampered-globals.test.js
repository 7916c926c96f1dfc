'use strict'

// Other code may replace any global, any method of a prototype, any property of a module of Node, and put any property on the
// prototypes that all objects share. If it does so after this package is loaded, all answers stay right. If before, answers may
// be wrong, but the process and other memory are safe.

const assert = require('node:assert/strict')
const { answerOf, answerOfText } = require('../support/child')
const { long, quick } = require('../support/long')

const replacements = ['throws', 'does nothing', 'returns true', 'returns a large number', 'returns another allocation', 'returns its this']

/** Puts one property after the other on shared objects, and runs the scenario. The quick form puts each there in one way only. */
async function tamper (whats, moment, least) {
  const { tried, failures, spoilt, stolen } = await answerOf('tampered.js', [moment, ...whats], { flags: ['--expose-gc'] })
  assert.deepEqual(failures, [])
  assert.deepEqual([spoilt, stolen], [0, 0])
  assert(tried > least, `${tried} were tried`)
}

describe('a builtin that', () => {
  for (const whats of quick(replacements.map((what) => [what]), [replacements])) {
    it(`${whats.join(', or ')}, since after the module was loaded: every answer is right`, () => tamper(whats, 'after', 500))
  }

  for (const what of ['throws', 'does nothing', 'returns another allocation']) {
    long.it(`${what}, since before the module was loaded: nothing else is touched`, () => tamper([what], 'before', 500))
  }
})

describe('a property of any name on any shared prototype', () => {
  it('changes no answer, is called by nothing, and steals nothing', () => tamper(['pollution'], 'after', quick(3000, 150)))

  it('since before the module was loaded: nothing else is touched', () => tamper(['pollution'], 'before', 30))
})

describe('a global setImmediate that was replaced before the module was loaded, as by fake timers', () => {
  it('by nothing, a function that does nothing, returns no immediate, or throws: every answer is right, and the process ends', async () => {
    const answers = await answerOfText(`
      const { scenarioOf } = require('./test/support/scenario')
      const fakes = [undefined, () => {}, () => ({}), () => { throw new Error() }]
      const answers = fakes.map((fake) => {
        globalThis.setImmediate = fake
        for (const file of Object.keys(require.cache)) if (!file.endsWith('.node')) delete require.cache[file]
        return scenarioOf(require('.'))()
      })
      console.log(JSON.stringify(answers))`)
    assert.deepEqual(answers, ['', '', '', ''])
  })
})
