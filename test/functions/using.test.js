'use strict'

const assert = require('node:assert/strict')
const vm = require('node:vm')
const smalloc = require('../..')
const { namesIn } = require('../support/elements')
const { noData } = require('../support/errors')
const { exotic, kinds, SimpleData } = require('../support/kinds')
const { lends } = require('../support/usage')

const { alloc, External, hasExternalData } = smalloc
const MiB = 1 << 20

/** From Node 24 on. */
const parsesUsing = (() => {
  try {
    return Boolean(new vm.Script('{ using a = null }'))
  } catch (error) {
    return false
  }
})()

describe('Symbol.dispose', () => {
  for (const name of exotic) {
    it(`frees ${name}, does nothing the second time, and is a hidden property`, () => {
      const object = lends(1, MiB, () => kinds[name](MiB))
      assert(Symbol.dispose in object)
      assert(!Object.hasOwn(object, Symbol.dispose))
      lends(-1, -MiB, () => assert.equal(object[Symbol.dispose](), undefined))
      assert.equal(hasExternalData(object), false)
      lends(0, 0, () => object[Symbol.dispose]())
      assert.deepEqual(namesIn(kinds[name](1)), ['0'])
    })
  }

  it('is there on every type', () => {
    for (const type of Object.keys(smalloc.Types)) {
      for (const object of [new External[type](1), alloc(1, smalloc.Types[type])]) {
        object[Symbol.dispose]()
        assert.equal(hasExternalData(object), false)
      }
    }
  })

  it('is not put on receivers: they stay what they are', () => {
    for (const length of [3, 100]) assert.equal(Symbol.dispose in alloc(length, {}), false)
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
    assert.equal(data.freed, true)
    assert.equal(hasExternalData(data), false)
  })

  it('refuses what has no data', () => {
    assert.throws(() => External.prototype[Symbol.dispose].call({}), noData('obj'))
    assert.throws(() => External.prototype[Symbol.dispose](), noData('obj'))
  })
})

describe('using', () => {
  const sources = {
    'a bare object': 'smalloc.alloc(1 << 20)',
    'an External': 'new smalloc.External(1 << 20)',
    'a bare object of another type': 'smalloc.alloc(1 << 18, smalloc.Types.Float)'
  }
  for (const [name, source] of Object.entries(sources)) {
    if (parsesUsing) {
      it(`frees ${name} at the end of the block`, () => {
        const run = new Function('smalloc', 'seen', `{ using a = ${source}; seen.push(a, a[0]) }`)
        const seen = []
        lends(0, 0, () => run(smalloc, seen))
        assert.equal(seen[1], 0)
        assert.equal(hasExternalData(seen[0]), false)
      })

      it(`frees ${name} when the block throws`, () => {
        const run = new Function('smalloc', `{ using a = ${source}; throw new Error(String(a[0])) }`)
        lends(0, 0, () => assert.throws(() => run(smalloc), /^Error: 0$/))
      })
    } else {
      it(`is not known to this runtime; what it would call frees ${name}`, () => {
        const object = new Function('smalloc', `return ${source}`)(smalloc)
        lends(-1, -MiB, () => object[Symbol.dispose]())
      })
    }
  }
})
