'use strict'

// Objects that all programs share: other code may put any property on them, and they may be receivers.

const assert = require('node:assert/strict')
const { alloc, dispose, hasExternalData } = require('../..')
const addon = require('../../lib/native/addon')
const { runText } = require('../support/child')
const { builtinObjects } = require('../support/builtins')

describe('a setter on Object.prototype', () => {
  it('does not catch what the addon exports', async () => {
    const { code, stdout, stderr } = await runText(`
      let calls = 0
      for (const name of ${JSON.stringify(Object.keys(addon))}) {
        Object.defineProperty(Object.prototype, name, { get () {}, set () { calls++ }, configurable: true })
      }
      process.stdout.write(require('./test/support/scenario').scenarioOf(require('.'))() + calls)`)
    assert.deepEqual([code, stdout], [0, '0'], stderr)
  })
})

describe('an object that all programs share', () => {
  // Elements on these would break the test itself.
  const isLeftOut = (object) => [globalThis, Object.prototype, Function.prototype].includes(object)

  it('takes elements and is what it was after dispose, or is refused and stays what it is', () => {
    let taken = 0
    for (const [name, object] of builtinObjects()) {
      if (isLeftOut(object)) continue
      for (const length of [3, 100]) {
        const keys = Reflect.ownKeys(object)
        const prototype = Object.getPrototypeOf(object)
        let error
        try {
          alloc(length, object)
          taken++
          assert(hasExternalData(object), name)
          assert.equal(object[length - 1], 0, name)
          dispose(object)
        } catch (thrown) {
          error = thrown
        }
        if (error !== undefined) assert.equal(error.code, 'ERR_INVALID_ARG_VALUE', `${name}: ${error.stack}`)
        assert.deepEqual(Reflect.ownKeys(object), keys, name)
        assert.equal(Object.getPrototypeOf(object), prototype, name)
      }
    }
    assert(taken > 500, `${taken} were taken`)
  })

  for (const holder of ['Object.prototype', 'Function.prototype', 'globalThis']) {
    for (const length of [3, 100]) {
      it(`such as ${holder} does so too, with ${length} elements`, async () => {
        const { code, stdout, stderr } = await runText(`
          const { alloc, dispose, view } = require('.')
          const { scenarioOf } = require('./test/support/scenario')
          const keys = Reflect.ownKeys(${holder}).length, prototype = Object.getPrototypeOf(${holder})
          let code = 'taken'
          try { alloc(${length}, ${holder}) } catch (error) { code = error.code }
          if (code === 'taken') { ${holder}[1] = 7; if (view(${holder})[1] !== 7) code = 'wrong'; dispose(${holder}) }
          const isSame = Reflect.ownKeys(${holder}).length === keys && Object.getPrototypeOf(${holder}) === prototype
          process.stdout.write(code + ' ' + isSame + ' ' + scenarioOf(require('.'))())`)
        assert.equal(code, 0, stderr)
        assert.match(stdout, /^(taken|ERR_INVALID_ARG_VALUE) true $/)
      })
    }
  }
})
