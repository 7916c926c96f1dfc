'use strict'

// That it is true for each kind of allocation until its memory is disposed or transferred is in dispose.test.js.

const assert = require('node:assert/strict')
const vm = require('node:vm')
const { alloc, dispose, External, hasExternalData, view } = require('../..')
const { forEachKind } = require('../support/kinds')
const { detachElsewhere } = require('../support/states')

describe('hasExternalData', () => {
  it('is true for an allocation without elements, until dispose', () => {
    forEachKind((name, make) => {
      const object = make(0)
      assert.equal(hasExternalData(object), true)
      dispose(object)
      assert.equal(hasExternalData(object), false, name)
    })
  })

  it('is true for Buffers and typed arrays, false once their memory is transferred', () => {
    const values = [Buffer.from('pooled'), Buffer.alloc(0), Buffer.alloc(9), new Float64Array(0), new BigInt64Array(1),
      new Int32Array(new SharedArrayBuffer(8)), new Uint8Array(9).subarray(3), vm.runInNewContext('new Uint16Array(3)'), view(alloc(3))]
    for (const value of values) assert.equal(hasExternalData(value), true)
    const bytes = new Uint8Array(8)
    detachElsewhere(bytes)
    assert.equal(hasExternalData(bytes), false)
  })

  it('is false for what has none: objects that look like an allocation or inherit from one, primitives, no argument', () => {
    for (const length of [3, 100]) {
      const receiver = alloc(length, {})
      for (const value of [{}, [], () => {}, Object.create(null), new ArrayBuffer(8), new SharedArrayBuffer(8), new DataView(new ArrayBuffer(8)),
        External, External.prototype, Uint8Array.prototype, undefined, null, true, 0, NaN, '', 'text', 1n, Symbol('s'),
        Object.create(receiver), Object.create(alloc(length)), { ...receiver }, Object.create(Object.getPrototypeOf(receiver))]) {
        assert.equal(hasExternalData(value), false)
      }
    }
    assert.equal(hasExternalData(), false)
  })

  it('never throws, and runs no trap, getter or conversion', () => {
    const called = () => assert.fail('called')
    const value = { get length () { return called() }, get buffer () { return called() }, valueOf: called, [Symbol.toPrimitive]: called }
    assert.equal(hasExternalData(Object.defineProperty(value, Symbol.toStringTag, { get: called })), false)
    const traps = new Proxy({}, { get: called })
    for (const target of [{}, () => {}, new Uint8Array(2), alloc(2), alloc(2, {})]) {
      assert.equal(hasExternalData(new Proxy(target, traps)), false)
      const { proxy, revoke } = Proxy.revocable(target, {})
      revoke()
      assert.equal(hasExternalData(proxy), false)
    }
  })
})
