'use strict'

const assert = require('node:assert/strict')
const { inspect } = require('node:util')
const { alloc, dispose } = require('../..')

describe('util.inspect, in corners', () => {
  it('takes a negative maxArrayLength for 0, as Node does', () => {
    assert.equal(inspect(alloc(5), { maxArrayLength: -1 }), '{ ... 5 more items }')
  })

  it('keeps how many more there are after the elements when sorted', () => {
    assert.match(inspect(alloc(1000), { sorted: true }), /\n {2}'99': 0,\n {2}\.\.\. 900 more items\n}$/)
  })

  it('says how many more there are once, whatever else is printed', () => {
    const map = new Map([["'1': ... 3 more items", 1]])
    assert.equal(inspect(alloc(3, map), { maxArrayLength: 1 }), "Map(1) { \"'1': ... 3 more items\" => 1, '0': 0, ... 2 more items }")
    const f = Object.defineProperty(() => {}, 'name', { value: "'5': ... 9 more items" })
    assert.equal(inspect(alloc(3, f), { maxArrayLength: 1 }), "[Function: '5': ... 9 more items] { '0': 0, ... 2 more items }")
  })

  it('runs no method of a Date or a RegExp that others have replaced', () => {
    const never = () => { throw new Error('called') }
    const odd = [Object.assign(new Date(0), { valueOf: never }),
      Object.defineProperty(/x/, Symbol.match, { get: never })]
    for (const receiver of odd) assert.match(inspect(alloc(1, receiver)), /'0': 0/)
  })

  it('prints a child that is allocated after its parent is disposed', () => {
    for (const length of [2, 100]) {
      const parent = alloc(length, {})
      const child = alloc(2, Object.create(parent))
      dispose(parent)
      assert.equal(inspect(child), "{ '0': 0, '1': 0 }")
    }
  })

  it('prints the value in a box', () => {
    assert.equal(inspect(alloc(1, Object(5))), "[Number: 5] { '0': 0 }")
    assert.equal(inspect(alloc(1, Object(''))), "[String: ''] { '0': 0 }")
  })

  it('keeps nothing alive that the object has lost since', async () => {
    const allocated = [alloc(3, {}), alloc(3, () => {}), alloc(200, new Map())]
    const lost = allocated.map((object) => {
      object.value = { big: Array(1000) }
      inspect(object)
      const reference = new WeakRef(object.value)
      delete object.value
      return reference
    })
    for (let turn = 0; turn < 3; turn++) {
      await new Promise(setImmediate) // a weak reference keeps its object until the job ends
      globalThis.gc()
    }
    assert.deepEqual(lost.map((reference) => reference.deref()), [undefined, undefined, undefined])
    assert.equal(inspect(allocated[0]), "{ '0': 0, '1': 0, '2': 0 }")
  })
})
