'use strict'

// Objects that all programs share: other code may put any property on them, and they may be receivers.

const assert = require('node:assert/strict')
const { alloc, dispose, hasExternalData } = require('../..')
const addon = require('../../lib/native/addon')
const { answerOfText, runText } = require('../support/child')
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
  // Elements on these would break the test itself, so a process of their own answers.
  const apart = ['Object.prototype', 'Function.prototype', 'globalThis']
  let answers
  before(async () => {
    answers = await answerOfText(`
      const smalloc = require('.')
      const { alloc, dispose, view } = smalloc
      const { getPrototypeOf, ownKeys } = Reflect
      const scenario = require('./test/support/scenario').scenarioOf(smalloc)

      function answerOf (object, length) {
        const keys = ownKeys(object).length
        const prototype = getPrototypeOf(object)
        let result
        try {
          alloc(length, object)
          object[1] = 7
          result = view(object)[1] === 7 ? 'taken' : 'wrong'
          dispose(object)
        } catch (error) {
          result = error.code ?? error.message
        }
        const isSame = ownKeys(object).length === keys && getPrototypeOf(object) === prototype
        return result + ', ' + (isSame ? 'the same' : 'changed') + scenario()
      }
      console.log(JSON.stringify([${apart}].map((object) => [3, 100].map((length) => answerOf(object, length)))))`)
  })

  for (const [index, name] of apart.entries()) {
    it(`such as ${name} takes elements and is what it was after dispose, or is refused and stays what it is`, () => {
      for (const answer of answers[index]) assert.match(answer, /^(taken|ERR_INVALID_ARG_VALUE), the same$/)
    })
  }

  it('of any other kind does so, too', () => {
    const isApart = (object) => [Object.prototype, Function.prototype, globalThis].includes(object)
    let taken = 0
    for (const [name, object] of builtinObjects()) {
      if (isApart(object)) continue
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
})
