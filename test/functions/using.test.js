'use strict'

const assert = require('node:assert/strict')
const smalloc = require('../..')
const { namesIn } = require('../support/elements')
const { noData } = require('../support/errors')
const { exotic, kinds, SimpleData } = require('../support/kinds')
const { lends } = require('../support/usage')

const { alloc, External, hasExternalData, Types } = smalloc
const MiB = 1 << 20

/** What `using object = …` stands for, followed by `block`. It is compiled late, because Node knows the words from 24 on. */
function runUsing (object, block) {
  try {
    return new Function('object', 'block', '{ using a = object; block(a) }')(object, block)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  try {
    block(object)
  } finally {
    object[Symbol.dispose]()
  }
}

describe('Symbol.dispose', () => {
  for (const name of exotic) {
    it(`frees ${name} at the end of the block, or where that throws, and does nothing the second time`, () => {
      for (const type of Object.keys(Types)) {
        const object = kinds[name](1000, type)
        runUsing(object, (a) => assert.equal(Number(a[0]), 0))
        assert.equal(hasExternalData(object), false)
      }
      const object = kinds[name](MiB)
      lends(-1, -MiB, () => assert.throws(() => runUsing(object, () => { throw new Error('on purpose') }), /^Error: on purpose$/))
      lends(0, 0, () => assert.equal(object[Symbol.dispose](), undefined))
    })

    it(`is a hidden property of ${name}`, () => {
      assert(!Object.hasOwn(kinds[name](1), Symbol.dispose))
      assert.deepEqual(namesIn(kinds[name](1)), ['0'])
    })
  }

  it('is not put on receivers: they stay what they are', () => {
    for (const length of [3, 100]) assert.equal(Symbol.dispose in alloc(length, {}), false)
  })

  it('is not needed by a DisposableStack, which disposes receivers as well', function () {
    if (typeof DisposableStack === 'undefined') this.skip()
    const stack = new DisposableStack()
    const receivers = [3, 100].map((length) => stack.adopt(alloc(length, {}), smalloc.dispose))
    stack.dispose()
    assert.deepEqual(receivers.map(hasExternalData), [false, false])
  })

  it('can be overridden by a subclass', () => {
    class Logged extends SimpleData {
      [Symbol.dispose] () {
        this.freed = true
        super[Symbol.dispose]()
      }
    }
    const data = new Logged(3)
    data[Symbol.dispose]()
    assert.deepEqual([data.freed, hasExternalData(data)], [true, false])
  })

  it('refuses what has no data', () => {
    assert.throws(() => External.prototype[Symbol.dispose].call({}), noData('obj'))
    assert.throws(() => External.prototype[Symbol.dispose](), noData('obj'))
  })
})
